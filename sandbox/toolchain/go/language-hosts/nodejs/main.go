// Command pulumi-language-nodejs is a small language host for Node.js
// programs. The public modules carry upstream's host only as of v3.50.0, which
// predates ProgramInfo: it always loads ts-node and hosts no components.
package main

import (
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"openstack-fabric/toolchain/language-hosts/host"
)

func main() {
	host.Main("pulumi-language-nodejs", func(base *host.Base) pulumirpc.LanguageRuntimeServer {
		return &runtime{base}
	})
}
