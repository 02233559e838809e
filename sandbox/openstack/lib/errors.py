"""What goes wrong for reasons the user can mend."""


class UserError(Exception):
    """Shown as its message alone, with exit code 1."""
