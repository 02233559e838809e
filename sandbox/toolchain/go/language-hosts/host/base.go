package host

import (
	"context"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
)

// version is set by the linker.
var version = "0.0.0"

// Base is embedded by every host.
type Base struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	// ctx ends with Cancel, and with it every program started here.
	ctx             context.Context
	cancel          context.CancelFunc
	engine, tracing string
}

func newBase(ctx context.Context, engine, tracing string) *Base {
	ctx, cancel := context.WithCancel(ctx)
	return &Base{ctx: ctx, cancel: cancel, engine: engine, tracing: tracing}
}

// Context ends with the request, and with the host; it must be released.
func (b *Base) Context(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(b.ctx, cancel)
	return ctx, func() { stop(); cancel() }
}

func (b *Base) Handshake(
	context.Context, *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

func (b *Base) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	b.cancel()
	return &emptypb.Empty{}, nil
}

func (b *Base) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version}, nil
}
