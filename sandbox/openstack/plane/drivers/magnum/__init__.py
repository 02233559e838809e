"""Magnum's driver for the sandbox: upstream's for Kubernetes on Fedora CoreOS through Heat, with
the same parameters, certificates and trusts, but a small Heat template whose servers boot nothing,
and the cluster's Kubernetes beside them (control_planes/). A second one, for other images, upgrades
clusters where they are."""

from drivers.magnum.driver import Driver
from drivers.magnum.in_place import InPlaceDriver

__all__ = ["Driver", "InPlaceDriver"]
