package main

import (
	"sort"

	"helm.sh/helm/v3/pkg/release"
	"helm.sh/helm/v3/pkg/releaseutil"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

// resourceNames lists what a release has made: `Deployment.apps/v1` to `namespace/name`s.
func resourceNames(made *release.Release) map[string]any {
	names := map[string][]string{}
	for _, text := range releaseutil.SplitManifests(made.Manifest) {
		var object struct {
			metav1.TypeMeta `json:",inline"`
			Metadata        metav1.ObjectMeta `json:"metadata"`
		}
		if err := yaml.Unmarshal([]byte(text), &object); err != nil || object.Kind == "" {
			continue // a template that came to nothing but comments
		}
		kind := schema.FromAPIVersionAndKind(object.APIVersion, object.Kind)
		key := kind.GroupKind().String() + "/" + object.APIVersion
		id := joinID(object.Metadata.Namespace, object.Metadata.Name)
		names[key] = append(names[key], string(id))
	}
	sorted := map[string]any{}
	for key, ids := range names {
		sort.Strings(ids)
		sorted[key] = ids
	}
	return sorted
}
