"""Kubernetes control planes on loopback: for each cluster etcd, kube-apiserver,
kube-controller-manager, kube-scheduler, and kwok, which plays the nodes. Nothing here knows
Magnum."""
