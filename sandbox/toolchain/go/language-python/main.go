// Command pulumi-language-python is a small language host for Python programs.
// No module proxy serves upstream's host, whose virtual environments and code
// generation are public, and used here.
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
		fail(fmt.Errorf("usage: pulumi-language-python [-tracing ENDPOINT] ENGINE_ADDRESS"))
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
	fmt.Fprintln(os.Stderr, "pulumi-language-python:", err)
	os.Exit(1)
}
