"""Magnum's driver for the sandbox: upstream's for Kubernetes on Fedora CoreOS through Heat, with
the same parameters, certificates and trusts, but a small Heat template whose servers boot nothing,
and the cluster's Kubernetes beside them (control_planes/)."""

from drivers.magnum.driver import Driver

__all__ = ["Driver"]
