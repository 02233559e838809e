package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil/rpcerror"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
)

// releaseToken is the type of a Helm release; every other is an object of the API.
const releaseToken = "kubernetes:helm.sh/v3:Release"

// patience is how long an operation may take that has no timeout of its own.
const patience = 10 * time.Minute

type provider struct {
	plugin.UnimplementedProvider
	cluster  *cluster // nil while its kubeconfig is not known
	stopping context.Context
	stop     context.CancelFunc
}

func (p *provider) Close() error { return nil }

func (p *provider) SignalCancellation(context.Context) error {
	p.stop()
	return nil
}

func (p *provider) Handshake(
	context.Context, plugin.ProviderHandshakeRequest,
) (*plugin.ProviderHandshakeResponse, error) {
	return &plugin.ProviderHandshakeResponse{AcceptSecrets: true}, nil
}

func (p *provider) GetPluginInfo(context.Context) (plugin.PluginInfo, error) {
	parsed, err := semver.Parse(version)
	return plugin.PluginInfo{Version: &parsed}, err
}

func (p *provider) CheckConfig(
	_ context.Context, r plugin.CheckConfigRequest,
) (plugin.CheckConfigResponse, error) {
	return plugin.CheckConfigResponse{Properties: r.News}, nil
}

// DiffConfig takes other credentials for the same cluster; another is what has another clusterIdentifier.
func (p *provider) DiffConfig(_ context.Context, r plugin.DiffConfigRequest) (plugin.DiffConfigResponse, error) {
	return difference(r.OldInputs, r.NewInputs, func(path string) bool { return path == "clusterIdentifier" }), nil
}

func (p *provider) Configure(_ context.Context, r plugin.ConfigureRequest) (plugin.ConfigureResponse, error) {
	if r.Inputs.ContainsUnknowns() {
		return plugin.ConfigureResponse{}, nil
	}
	text := func(key resource.PropertyKey) string { given, _ := plain(r.Inputs[key], false).(string); return given }
	connected, err := connect(text("kubeconfig"), text("context"), text("namespace"))
	if err != nil {
		return plugin.ConfigureResponse{}, fmt.Errorf("the provider's `kubeconfig`: %w", err)
	}
	p.cluster = connected
	return plugin.ConfigureResponse{}, nil
}

func (p *provider) Check(_ context.Context, r plugin.CheckRequest) (plugin.CheckResponse, error) {
	if r.Type == releaseToken {
		return p.checkRelease(r)
	}
	return checkObject(r)
}

func (p *provider) Diff(_ context.Context, r plugin.DiffRequest) (plugin.DiffResponse, error) {
	if r.Type == releaseToken {
		return difference(r.OldInputs, r.NewInputs, func(path string) bool {
			return path == "name" || path == "namespace"
		}), nil
	}
	return p.diffObject(r), nil
}

func (p *provider) Create(ctx context.Context, r plugin.CreateRequest) (plugin.CreateResponse, error) {
	ctx, cancel := p.within(ctx, r.Timeout)
	defer cancel()
	if r.Preview && (p.cluster == nil || r.Properties.ContainsUnknowns()) {
		return plugin.CreateResponse{Properties: r.Properties}, nil
	}
	if err := p.reachable(); err != nil {
		return plugin.CreateResponse{}, err
	}
	if r.Type == releaseToken {
		return p.createRelease(ctx, r)
	}
	return p.createObject(ctx, r)
}

func (p *provider) Update(ctx context.Context, r plugin.UpdateRequest) (plugin.UpdateResponse, error) {
	ctx, cancel := p.within(ctx, r.Timeout)
	defer cancel()
	if r.Preview && (p.cluster == nil || r.NewInputs.ContainsUnknowns()) {
		return plugin.UpdateResponse{Properties: r.NewInputs}, nil
	}
	if err := p.reachable(); err != nil {
		return plugin.UpdateResponse{}, err
	}
	if r.Type == releaseToken {
		return p.updateRelease(ctx, r)
	}
	return p.updateObject(ctx, r)
}

func (p *provider) Read(ctx context.Context, r plugin.ReadRequest) (plugin.ReadResponse, error) {
	ctx, cancel := p.within(ctx, r.Timeout)
	defer cancel()
	if err := p.reachable(); err != nil {
		return plugin.ReadResponse{}, err
	}
	if r.Type == releaseToken {
		return p.readRelease(r)
	}
	return p.readObject(ctx, r)
}

func (p *provider) Delete(ctx context.Context, r plugin.DeleteRequest) (plugin.DeleteResponse, error) {
	ctx, cancel := p.within(ctx, r.Timeout)
	defer cancel()
	if err := p.reachable(); err != nil {
		return plugin.DeleteResponse{}, err
	}
	if r.Type == releaseToken {
		return plugin.DeleteResponse{}, p.deleteRelease(ctx, r)
	}
	return plugin.DeleteResponse{}, p.deleteObject(ctx, r)
}

// within ends an operation after so many seconds, or when the engine says so.
func (p *provider) within(ctx context.Context, seconds float64) (context.Context, context.CancelFunc) {
	limit := patience
	if seconds > 0 {
		limit = time.Duration(seconds * float64(time.Second))
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	unbind := context.AfterFunc(p.stopping, cancel)
	return ctx, func() { unbind(); cancel() }
}

func (p *provider) reachable() error {
	if p.cluster == nil {
		return errors.New("the provider's `kubeconfig` is not known")
	}
	return nil
}

// difference compares inputs; a path that `replaces` makes it another thing.
func difference(before, after resource.PropertyMap, replaces func(path string) bool) plugin.DiffResult {
	changed := before.Diff(after)
	if changed == nil {
		return plugin.DiffResult{Changes: plugin.DiffNone}
	}
	detailed := plugin.NewDetailedDiffFromObjectDiff(changed, true)
	for path, one := range detailed {
		if replaces(path) {
			detailed[path] = one.ToReplace()
		}
	}
	return plugin.DiffResult{Changes: plugin.DiffSome, DetailedDiff: detailed}
}

// notReady tells the engine that there is something, and that it is not well: it stays in the state.
func notReady(id string, inputs, outputs resource.PropertyMap, reason error) error {
	options := plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true}
	said, err := plugin.MarshalProperties(inputs, options)
	if err != nil {
		return err
	}
	live, err := plugin.MarshalProperties(outputs, options)
	if err != nil {
		return err
	}
	return rpcerror.WithDetails(
		rpcerror.New(codes.Unknown, reason.Error()),
		&pulumirpc.ErrorResourceInitFailed{
			Id: id, Inputs: said, Properties: live, Reasons: []string{reason.Error()},
		},
	)
}

// splitID gives the namespace, which is empty for what is of the whole cluster, and the name.
func splitID(id resource.ID) (namespace, name string) {
	namespace, name, found := strings.Cut(string(id), "/")
	if !found {
		return "", namespace
	}
	return namespace, name
}

func joinID(namespace, name string) resource.ID {
	if namespace == "" {
		return resource.ID(name)
	}
	return resource.ID(namespace + "/" + name)
}

// kindOf gives apiVersion and kind of a token such as `kubernetes:apps/v1:Deployment`.
func kindOf(token tokens.Type) (apiVersion, kind string) {
	parts := strings.Split(string(token), ":")
	return strings.TrimPrefix(parts[1], "core/"), parts[2]
}
