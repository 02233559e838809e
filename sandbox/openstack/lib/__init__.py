"""The supervisor of the embedded OpenStack. Standard library only: it runs before anything is
installed."""
