package main

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// replacing are the fields whose change makes another object, by kind: what Pulumi's own plugin replaces, since the
// API would refuse it or, of ConfigMaps and Secrets, since pods would not notice.
var replacing = map[string][]string{
	"ConfigMap":                             {"data", "binaryData"},
	"Secret":                                {"type", "data", "stringData"},
	"PersistentVolumeClaim":                 {"spec"},
	"PersistentVolume":                      {"spec.csi", "spec.nfs", "spec.hostPath", "spec.cinder", "spec.local"},
	"Pod":                                   {"spec"},
	"ResourceQuota":                         {"spec.scopes"},
	"Service":                               {"spec.clusterIP"},
	"Deployment.apps":                       {"spec.selector"},
	"DaemonSet.apps":                        {"spec.selector"},
	"StatefulSet.apps":                      {"spec.podManagementPolicy", "spec.revisionHistoryLimit", "spec.selector", "spec.serviceName", "spec.volumeClaimTemplates"},
	"Job.batch":                             {"spec.completions", "spec.parallelism", "spec.selector", "spec.template"},
	"StorageClass.storage.k8s.io":           {"parameters", "provisioner"},
	"RoleBinding.rbac.authorization.k8s.io": {"roleRef"},
	"ClusterRoleBinding.rbac.authorization.k8s.io": {"roleRef"},
}

// mutableFlags are the provider's inputs that let a kind's data change in place.
var mutableFlags = map[string]resource.PropertyKey{
	"ConfigMap": "enableConfigMapMutable",
	"Secret":    "enableSecretMutable",
}

func (p *provider) replacesBy(inputs resource.PropertyMap, path string) bool {
	kind := schema.FromAPIVersionAndKind(textAt(inputs, "apiVersion"), textAt(inputs, "kind")).GroupKind().String()
	immutable := at(inputs["immutable"])
	if p.mutable[kind] && !(immutable.IsBool() && immutable.BoolValue()) {
		return false
	}
	for _, field := range replacing[kind] {
		rest, found := strings.CutPrefix(path, field)
		if found && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return true
		}
	}
	return false
}
