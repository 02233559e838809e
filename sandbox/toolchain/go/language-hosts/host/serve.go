// Package host is what small language hosts of Pulumi have in common.
package host

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

// Main serves a language host until the engine goes. Name is the command's.
func Main(name string, newRuntime func(*Base) pulumirpc.LanguageRuntimeServer) {
	tracing := flag.String("tracing", "", "endpoint that programs send their traces to")
	flag.Parse()
	err := fmt.Errorf("usage: %s [-tracing ENDPOINT] ENGINE_ADDRESS", name)
	if flag.NArg() > 0 {
		err = serve(flag.Arg(0), *tracing, newRuntime)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, name+":", err)
		os.Exit(1)
	}
}

func serve(engine, tracing string, newRuntime func(*Base) pulumirpc.LanguageRuntimeServer) error {
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
			pulumirpc.RegisterLanguageRuntimeServer(server, newRuntime(newBase(ctx, engine, tracing)))
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
