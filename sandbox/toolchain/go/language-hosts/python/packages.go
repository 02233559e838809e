package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"

	"openstack-fabric/toolchain/language-hosts/host"
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
	Package        string `json:"package"`
	PackageVersion string `json:"packageVersion"`
	host.Plugin
}

func (r *runtime) GetRequiredPackages(
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
	name := strings.TrimPrefix(strings.ReplaceAll(file.Package, "_", "-"), "pulumi-")
	return file.Dependency(name, file.PackageVersion)
}

func (r *runtime) GetProgramDependencies(
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
