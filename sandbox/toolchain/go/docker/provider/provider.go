// Package provider bridges terraform-provider-docker to the Pulumi engine under
// the tokens of @pulumi/docker.
package provider

import (
	_ "embed"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"

	"github.com/terraform-providers/terraform-provider-docker/shim"
)

// Name is the package name.
const Name = "docker"

// Version is set by the linker to that of the npm SDK.
var Version = "0.0.0"

// Schema is what ../schema printed, less its prose; a test compares its arguments
// with the npm package's.
//
//go:embed schema.json
var Schema []byte

// containerFields are names that the npm package does not make plural.
var containerFields = map[string]*tfbridge.SchemaInfo{
	"command":           {Name: "command"},
	"networks_advanced": {Name: "networksAdvanced"},
}

// New describes the bridged provider.
func New() tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:         shimv2.NewProvider(shim.New()),
		Name:      Name,
		Version:   Version,
		GitHubOrg: "kreuzwerker",
		Config: map[string]*tfbridge.SchemaInfo{
			"host":          {Default: &tfbridge.DefaultInfo{EnvVars: []string{"DOCKER_HOST"}}},
			"registry_auth": {Name: "registryAuth"},
		},
		Resources: map[string]*tfbridge.ResourceInfo{
			"docker_buildx_builder": {Tok: "docker:index/buildxBuilder:BuildxBuilder"},
			"docker_config":         {Tok: "docker:index/serviceConfig:ServiceConfig"},
			"docker_container":      {Tok: "docker:index/container:Container", Fields: containerFields},
			"docker_image":          {Tok: "docker:index/remoteImage:RemoteImage"},
			"docker_network":        {Tok: "docker:index/network:Network"},
			"docker_plugin":         {Tok: "docker:index/plugin:Plugin"},
			"docker_registry_image": {Tok: "docker:index/registryImage:RegistryImage"},
			"docker_secret":         {Tok: "docker:index/secret:Secret"},
			"docker_service":        {Tok: "docker:index/service:Service"},
			"docker_tag":            {Tok: "docker:index/tag:Tag"},
			"docker_volume":         {Tok: "docker:index/volume:Volume"},
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{
			"docker_image":                    {Tok: "docker:index/getRemoteImage:getRemoteImage"},
			"docker_logs":                     {Tok: "docker:index/getLogs:getLogs"},
			"docker_network":                  {Tok: "docker:index/getNetwork:getNetwork"},
			"docker_plugin":                   {Tok: "docker:index/getPlugin:getPlugin"},
			"docker_registry_image":           {Tok: "docker:index/getRegistryImage:getRegistryImage"},
			"docker_registry_image_manifests": {Tok: "docker:index/getRegistryImageManifests:getRegistryImageManifests"},
		},
	}
	info.SetAutonaming(255, "-")
	return info
}
