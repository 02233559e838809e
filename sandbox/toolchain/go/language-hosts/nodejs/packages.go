package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"openstack-fabric/toolchain/language-hosts/host"
)

// manifest is what we read of a package.json.
type manifest struct {
	Name            string            `json:"name"`
	Version         string            `json:"version"`
	Dependencies    map[string]string `json:"dependencies"`
	DevDependencies map[string]string `json:"devDependencies"`
	Pulumi          host.Plugin       `json:"pulumi"`
}

func readManifest(dir string) (manifest, bool) {
	var m manifest
	text, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return m, false
	}
	return m, json.Unmarshal(text, &m) == nil
}

// installed follows the dependencies of the package that dir belongs to, as
// Node resolves them; upstream's old host reads all of node_modules instead.
func installed(dir string, transitive bool) []manifest {
	root, ok := readManifest(dir)
	for !ok && filepath.Dir(dir) != dir {
		dir = filepath.Dir(dir)
		root, ok = readManifest(dir)
	}
	seen := map[string]bool{}
	var found []manifest
	var visit func(dir string, names map[string]string)
	visit = func(dir string, names map[string]string) {
		for _, name := range sortedKeys(names) {
			path, ok := findPackage(dir, name)
			if !ok || seen[path] {
				continue
			}
			seen[path] = true
			if m, ok := readManifest(path); ok {
				found = append(found, m)
				if transitive {
					visit(path, m.Dependencies)
				}
			}
		}
	}
	visit(dir, root.Dependencies)
	visit(dir, root.DevDependencies)
	return found
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func (r *runtime) GetRequiredPackages(
	_ context.Context, req *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	response := &pulumirpc.GetRequiredPackagesResponse{}
	for _, m := range installed(req.GetInfo().GetProgramDirectory(), true) {
		if m.Pulumi.Resource {
			response.Packages = append(response.Packages, m.Pulumi.Dependency(strings.TrimPrefix(m.Name, "@pulumi/"), m.Version))
		}
	}
	return response, nil
}

func (r *runtime) GetProgramDependencies(
	_ context.Context, req *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	response := &pulumirpc.GetProgramDependenciesResponse{}
	for _, m := range installed(req.GetInfo().GetProgramDirectory(), req.TransitiveDependencies) {
		response.Dependencies = append(response.Dependencies,
			&pulumirpc.DependencyInfo{Name: m.Name, Version: m.Version})
	}
	return response, nil
}
