// Command pulumi-language-nodejs is a small language host for Node.js
// programs. The public modules carry upstream's host only as of v3.50.0, which
// predates ProgramInfo: it always loads ts-node and hosts no components.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

const healthInterval = 5 * time.Minute

func main() {
	tracing := flag.String("tracing", "", "endpoint that programs send their traces to")
	flag.Parse()
	if flag.NArg() == 0 {
		fail(fmt.Errorf("usage: pulumi-language-nodejs [-tracing ENDPOINT] ENGINE_ADDRESS"))
	}
	if err := serve(flag.Arg(0), *tracing); err != nil {
		fail(err)
	}
}

func serve(engine, tracing string) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stop := make(chan bool)
	go func() {
		<-ctx.Done()
		close(stop)
	}()
	if err := rpcutil.Healthcheck(ctx, engine, healthInterval, cancel); err != nil {
		return fmt.Errorf("watching the engine: %w", err)
	}
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: stop,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, newHost(ctx, engine, tracing))
			return nil
		},
		Options: rpcutil.TracingServerInterceptorOptions(nil),
	})
	if err != nil {
		return fmt.Errorf("serving: %w", err)
	}
	fmt.Println(handle.Port) // the engine reads the port from the first line
	return <-handle.Done
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "pulumi-language-nodejs:", err)
	os.Exit(1)
}
