// Command pulumi-resource-docker serves terraform-provider-docker to the Pulumi engine.
package main

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"

	"openstack-fabric/toolchain/docker/provider"
)

func main() {
	tfbridge.Main(provider.Name, provider.Version, provider.New(), provider.Schema)
}
