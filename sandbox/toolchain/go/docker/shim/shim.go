// Package shim gives access to the provider, which upstream keeps internal.
package shim

import (
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// New is upstream's provider, less the few resources that it has moved to the plugin framework.
func New() *schema.Provider { return provider.New("pulumi")() }
