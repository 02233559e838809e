// Package provider bridges terraform-provider-random to the Pulumi engine under
// the tokens of @pulumi/random.
package provider

import (
	"context"
	_ "embed"

	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/terraform-providers/terraform-provider-random/shim"
)

// Name is the package name.
const Name = "random"

// Version is set by the linker to that of the npm SDK.
var Version = "0.0.0"

// Schema is what ../schema printed; the bridge reads property types from it.
//
//go:embed schema.json
var Schema []byte

// New describes the bridged provider.
func New() tfbridge.ProviderInfo {
	return tfbridge.ProviderInfo{
		P:       pf.ShimProvider(shim.New()),
		Name:    Name,
		Version: Version,
		// The bridge insists on metadata; it keeps renames over versions, of which there are none.
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
		Resources: map[string]*tfbridge.ResourceInfo{
			"random_bytes":    {Tok: "random:index/randomBytes:RandomBytes", ComputeID: noID},
			"random_id":       {Tok: "random:index/randomId:RandomId"},
			"random_integer":  {Tok: "random:index/randomInteger:RandomInteger"},
			"random_password": {Tok: "random:index/randomPassword:RandomPassword"},
			"random_pet":      {Tok: "random:index/randomPet:RandomPet"},
			"random_shuffle":  {Tok: "random:index/randomShuffle:RandomShuffle"},
			"random_string":   {Tok: "random:index/randomString:RandomString"},
			"random_uuid":     {Tok: "random:index/randomUuid:RandomUuid"},
		},
	}
}

// noID serves a resource whose only attributes are secrets: an ID is printed.
func noID(context.Context, resource.PropertyMap) (resource.ID, error) { return "none", nil }
