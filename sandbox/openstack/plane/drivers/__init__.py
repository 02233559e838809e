"""Drivers at the edge of the control plane: what stands where a hypervisor, a switch or a disk
would."""
