// Package provider bridges terraform-provider-openstack to the Pulumi engine
// under the tokens of @pulumi/openstack.
package provider

import (
	_ "embed"
	"encoding/json"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/terraform-provider-openstack/terraform-provider-openstack/openstack"
)

// Name is the package name.
const Name = "openstack"

// Version is set by the linker to that of the npm SDK.
var Version = "0.0.0"

// tokens.json maps each Terraform name to its token in @pulumi/openstack.
//
//go:embed tokens.json
var tokenTable []byte

// Schema is the official provider's, less its prose; a test compares what
// ../schema derives from New with it.
//
//go:embed schema.json
var Schema []byte

// New describes the bridged provider.
func New() tfbridge.ProviderInfo {
	var table struct {
		Resources map[string]tokens.Type         `json:"resources"`
		Functions map[string]tokens.ModuleMember `json:"functions"`
	}
	if err := json.Unmarshal(tokenTable, &table); err != nil {
		panic(err) // the table is embedded: only a broken build gets here
	}
	upstream := openstack.Provider()
	// It has a default, so the bridge would warn of it on every run of everyone.
	upstream.Schema["use_octavia"].Deprecated = ""
	info := tfbridge.ProviderInfo{
		P:           shimv2.NewProvider(upstream),
		Name:        Name,
		Version:     Version,
		GitHubOrg:   "terraform-provider-openstack",
		Config:      config(),
		Resources:   map[string]*tfbridge.ResourceInfo{},
		DataSources: map[string]*tfbridge.DataSourceInfo{},
	}
	for name, token := range table.Resources {
		info.Resources[name] = &tfbridge.ResourceInfo{Tok: token, Fields: fields[name]}
	}
	for name, token := range table.Functions {
		info.DataSources[name] = &tfbridge.DataSourceInfo{Tok: token}
	}
	info.SetAutonaming(255, "-")
	return info
}

// fields renames what the naming rule alone would name differently.
var fields = map[string]map[string]*tfbridge.SchemaInfo{
	"openstack_compute_servergroup_v2": {"policies": {MaxItemsOne: tfbridge.False()}},
	"openstack_networking_subnet_v2": {
		"allocation_pool":  {Name: "allocationPools"},
		"allocation_pools": {Name: "allocationPoolsCollection"},
	},
	"openstack_orchestration_stack_v1": {"outputs": {Name: "StackOutputs"}},
}

// config reads what OpenStack's command line reads; the rest (OS_AUTH_URL,
// OS_PASSWORD, …) the Terraform provider takes from the environment itself.
func config() map[string]*tfbridge.SchemaInfo {
	variables := map[string]*tfbridge.SchemaInfo{}
	for name, variable := range map[string]string{
		"allow_reauth":  "OS_ALLOW_REAUTH",
		"cloud":         "OS_CLOUD",
		"delayed_auth":  "OS_DELAYED_AUTH",
		"endpoint_type": "OS_ENDPOINT_TYPE",
		"insecure":      "OS_INSECURE",
		"region":        "OS_REGION_NAME",
		"swauth":        "OS_SWAUTH",
		"use_octavia":   "OS_USE_OCTAVIA",
	} {
		variables[name] = &tfbridge.SchemaInfo{Default: &tfbridge.DefaultInfo{EnvVars: []string{variable}}}
	}
	return variables
}
