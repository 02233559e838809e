// Package provider bridges terraform-provider-tls to the Pulumi engine under
// the tokens of @pulumi/tls.
package provider

import (
	_ "embed"

	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"

	"github.com/hashicorp/terraform-provider-tls/shim"
)

// Name is the package name.
const Name = "tls"

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
			"tls_cert_request":        {Tok: "tls:index/certRequest:CertRequest"},
			"tls_locally_signed_cert": {Tok: "tls:index/locallySignedCert:LocallySignedCert"},
			"tls_private_key":         {Tok: "tls:index/privateKey:PrivateKey"},
			"tls_self_signed_cert":    {Tok: "tls:index/selfSignedCert:SelfSignedCert"},
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{
			"tls_certificate": {Tok: "tls:index/getCertificate:getCertificate"},
			"tls_public_key":  {Tok: "tls:index/getPublicKey:getPublicKey"},
		},
	}
}
