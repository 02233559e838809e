// Command pulumi-resource-kubernetes serves Kubernetes' API to the Pulumi engine under the name and the tokens of
// @pulumi/kubernetes. It is of this project and for its tests only: Pulumi's own plugin cannot be had from a Go
// module proxy. What it leaves out, and where it differs, is in ../../README.md.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// version is what the engine takes the plugin for; the build sets it.
var version = "0.0.0"

// engineCheck is how often it looks whether the engine still lives: one that was killed does not say good-bye.
const engineCheck = 10 * time.Second

func main() {
	if err := serve(os.Args[len(os.Args)-1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(engine string) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if len(os.Args) > 1 {
		if err := rpcutil.Healthcheck(ctx, engine, engineCheck, cancel); err != nil {
			return fmt.Errorf("no engine at %s: %w", engine, err)
		}
	}
	provider := &provider{stopping: ctx, stop: cancel}
	stopped := make(chan bool)
	context.AfterFunc(ctx, func() { close(stopped) })
	served, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: stopped,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterResourceProviderServer(server, plugin.NewProviderServer(provider))
			return nil
		},
	})
	if err != nil {
		return err
	}
	fmt.Println(served.Port) // the engine reads it
	return <-served.Done
}
