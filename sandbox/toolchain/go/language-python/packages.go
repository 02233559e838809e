package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"
)

// plugins prints every installed package's pulumi-plugin.json, which says what
// plugin the package needs, one a line. Asking Python finds them wherever they lie.
const plugins = `
import importlib.metadata, json
for package in importlib.metadata.distributions():
    for file in package.files or []:
        if file.name == "pulumi-plugin.json":
            about = {"package": package.metadata["Name"], "packageVersion": package.version}
            print(json.dumps({**about, **json.loads(file.read_text())}))
`

// pluginFile is what we read of a pulumi-plugin.json.
type pluginFile struct {
	Package          string `json:"package"`
	PackageVersion   string `json:"packageVersion"`
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

func (h *host) GetRequiredPackages(
	ctx context.Context, req *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	tools, err := python(req.Info)
	if err != nil {
		return nil, err
	}
	files, err := pluginFiles(ctx, tools)
	if err != nil {
		return nil, err
	}
	response := &pulumirpc.GetRequiredPackagesResponse{}
	for _, file := range files {
		if file.Resource {
			response.Packages = append(response.Packages, packageDependency(file))
		}
	}
	return response, nil
}

func pluginFiles(ctx context.Context, tools toolchain.Toolchain) ([]pluginFile, error) {
	cmd, err := tools.Command(ctx, "-c", plugins)
	if err != nil {
		return nil, err
	}
	output, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("looking for the packages of the program: %w", err)
	}
	var files []pluginFile
	for line := range strings.Lines(string(output)) {
		var file pluginFile
		if err := json.Unmarshal([]byte(line), &file); err != nil {
			return nil, fmt.Errorf("pulumi-plugin.json: %w", err)
		}
		files = append(files, file)
	}
	return files, nil
}

func packageDependency(file pluginFile) *pulumirpc.PackageDependency {
	dependency := &pulumirpc.PackageDependency{
		Name:    file.Name,
		Kind:    "resource",
		Version: file.Version,
		Server:  file.Server,
	}
	if dependency.Name == "" {
		dependency.Name = strings.TrimPrefix(strings.ReplaceAll(file.Package, "_", "-"), "pulumi-")
	}
	if dependency.Version == "" {
		dependency.Version = file.PackageVersion
	}
	dependency.Version = "v" + strings.TrimPrefix(dependency.Version, "v")
	if p := file.Parameterization; p != nil {
		dependency.Parameterization = &pulumirpc.PackageParameterization{Name: p.Name, Version: p.Version, Value: p.Value}
	}
	return dependency
}

func (h *host) GetProgramDependencies(
	ctx context.Context, req *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	tools, err := python(req.Info)
	if err != nil {
		return nil, err
	}
	packages, err := tools.ListPackages(ctx, req.TransitiveDependencies)
	if err != nil {
		return nil, err
	}
	return &pulumirpc.GetProgramDependenciesResponse{Dependencies: dependencyInfos(packages)}, nil
}

func dependencyInfos(packages []plugin.DependencyInfo) []*pulumirpc.DependencyInfo {
	infos := make([]*pulumirpc.DependencyInfo, 0, len(packages))
	for _, one := range packages {
		infos = append(infos, &pulumirpc.DependencyInfo{Name: one.Name, Version: one.Version})
	}
	return infos
}
