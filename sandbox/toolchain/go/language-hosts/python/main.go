// Command pulumi-language-python is a small language host for Python programs.
// No module proxy serves upstream's host, whose virtual environments and code
// generation are public, and used here.
package main

import (
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"openstack-fabric/toolchain/language-hosts/host"
)

func main() {
	host.Main("pulumi-language-python", func(base *host.Base) pulumirpc.LanguageRuntimeServer {
		return &runtime{base}
	})
}
