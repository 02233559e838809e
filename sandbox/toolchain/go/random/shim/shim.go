// Package shim gives access to the provider, which upstream keeps internal.
package shim

import (
	framework "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/terraform-providers/terraform-provider-random/internal/provider"
)

// New is upstream's provider.
func New() framework.Provider { return provider.New() }
