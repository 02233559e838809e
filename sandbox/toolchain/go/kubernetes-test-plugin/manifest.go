package main

import (
	"sort"
	"strings"

	"helm.sh/helm/v3/pkg/release"
)

// resourceNames lists what a release has made by kind, such as `Deployment.apps/apps/v1`: `namespace/name`s, or the
// names of what is of the whole cluster.
func (h *helm) resourceNames(made *release.Release) (map[string]any, error) {
	infos, err := h.KubeClient.Build(strings.NewReader(made.Manifest), false)
	if err != nil {
		return nil, err
	}
	names := map[string][]string{}
	for _, info := range infos {
		kind := info.Mapping.GroupVersionKind
		key := kind.GroupKind().String() + "/" + kind.GroupVersion().String()
		namespace := info.Namespace
		if !info.Namespaced() {
			namespace = ""
		}
		names[key] = append(names[key], string(joinID(namespace, info.Name)))
	}
	sorted := map[string]any{}
	for key, ids := range names {
		sort.Strings(ids)
		sorted[key] = ids
	}
	return sorted, nil
}
