package host

import (
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// Plugin is what a package says of the plugin that it needs: package.json's
// "pulumi", or a pulumi-plugin.json.
type Plugin struct {
	Resource         bool   `json:"resource"`
	Name             string `json:"name"`
	Version          string `json:"version"`
	Server           string `json:"server"`
	Parameterization *struct {
		Name    string `json:"name"`
		Version string `json:"version"`
		Value   []byte `json:"value"`
	} `json:"parameterization"`
}

// Dependency is a plugin as the engine asks for it. What it does not say itself
// is told by the package that has it.
func (p Plugin) Dependency(name, version string) *pulumirpc.PackageDependency {
	dependency := &pulumirpc.PackageDependency{Name: p.Name, Kind: "resource", Version: p.Version, Server: p.Server}
	if dependency.Name == "" {
		dependency.Name = name
	}
	if dependency.Version == "" {
		dependency.Version = version
	}
	dependency.Version = "v" + strings.TrimPrefix(dependency.Version, "v")
	if by := p.Parameterization; by != nil {
		dependency.Parameterization = &pulumirpc.PackageParameterization{Name: by.Name, Version: by.Version, Value: by.Value}
	}
	return dependency
}
