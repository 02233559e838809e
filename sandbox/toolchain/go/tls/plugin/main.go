// Command pulumi-resource-tls serves terraform-provider-tls to the Pulumi engine.
package main

import (
	"context"

	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"

	"openstack-fabric/toolchain/tls/provider"
)

func main() {
	metadata := pf.ProviderMetadata{PackageSchema: provider.Schema}
	pf.Main(context.Background(), provider.Name, provider.New(), metadata)
}
