// Command pulumi-resource-random serves terraform-provider-random to the Pulumi engine.
package main

import (
	"context"

	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"

	"openstack-fabric/toolchain/random/provider"
)

func main() {
	metadata := pf.ProviderMetadata{PackageSchema: provider.Schema}
	pf.Main(context.Background(), provider.Name, provider.New(), metadata)
}
