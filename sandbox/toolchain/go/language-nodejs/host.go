package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/nodejs/npm"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
)

// shownExitCode is what a program exits with after it has shown its own error.
const shownExitCode = 32

type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	// ctx ends with Cancel, and with it every program started here.
	ctx             context.Context
	cancel          context.CancelFunc
	engine, tracing string
}

func newHost(ctx context.Context, engine, tracing string) *host {
	ctx, cancel := context.WithCancel(ctx)
	return &host{ctx: ctx, cancel: cancel, engine: engine, tracing: tracing}
}

func (h *host) Handshake(
	context.Context, *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

func (h *host) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	h.cancel()
	return &emptypb.Empty{}, nil
}

func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version}, nil
}

// Run executes a program and waits for it.
func (h *host) Run(ctx context.Context, req *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	opts, err := readOptions(req.Info)
	if err != nil {
		return nil, err
	}
	script, err := runScript(req.Info.ProgramDirectory, "run")
	if err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	env, err := programEnv(req, opts)
	if err != nil {
		return nil, err
	}
	args := append(append(opts.nodeArgs, script), h.programArgs(req)...)
	cmd, release := h.node(ctx, req.Info.ProgramDirectory, args, env)
	defer release()
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr // the engine shows both
	return runResult(cmd.Run()), nil
}

// node prepares a process that ends with the request, and with the host.
func (h *host) node(ctx context.Context, dir string, args, env []string) (*exec.Cmd, func()) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(h.ctx, cancel)
	cmd := exec.CommandContext(ctx, "node", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	return cmd, func() { stop(); cancel() }
}

func (h *host) programArgs(req *pulumirpc.RunRequest) []string {
	var args []string
	add := func(name, value string) {
		if value != "" {
			args = append(args, "--"+name, value)
		}
	}
	add("monitor", req.MonitorAddress)
	add("engine", h.engine)
	add("organization", req.Organization)
	add("project", req.Project)
	add("root-directory", req.Info.RootDirectory)
	add("stack", req.Stack)
	add("pwd", req.Pwd)
	add("parallel", fmt.Sprint(req.Parallel))
	add("tracing", h.tracing)
	if req.DryRun {
		args = append(args, "--dry-run")
	}
	entry := req.Info.EntryPoint
	if entry == "" {
		entry = "." // package.json's "main"
	}
	return append(append(args, entry), req.Args...)
}

func programEnv(req *pulumirpc.RunRequest, opts options) ([]string, error) {
	config := req.Config
	if config == nil {
		config = map[string]string{}
	}
	values, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	secretKeys, err := json.Marshal(append([]string{}, req.ConfigSecretKeys...))
	if err != nil {
		return nil, err
	}
	return append(opts.env(),
		"PULUMI_CONFIG="+string(values),
		"PULUMI_CONFIG_SECRET_KEYS="+string(secretKeys)), nil
}

func runResult(err error) *pulumirpc.RunResponse {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}
	case !errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("could not start node: %v", err)}
	case exit.ExitCode() == shownExitCode:
		return &pulumirpc.RunResponse{Bail: true}
	case exit.ExitCode() > 0:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("Program exited with non-zero exit code: %d", exit.ExitCode())}
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("Program ended by %v", exit.ProcessState)}
	}
}

// RunPlugin hosts a component package or a policy pack until the engine ends it.
func (h *host) RunPlugin(req *pulumirpc.RunPluginRequest, server pulumirpc.LanguageRuntime_RunPluginServer) error {
	opts, err := readOptions(req.Info)
	if err != nil {
		return err
	}
	dir := req.Info.ProgramDirectory
	name, args := "run-plugin", append([]string{dir}, req.Args...)
	if req.Kind == "analyzer" {
		name, args = "run-policy-pack", append(append([]string{}, req.Args...), dir)
	}
	script, err := runScript(dir, name)
	if err != nil {
		return err
	}
	closer, stdout, stderr, err := rpcutil.MakeRunPluginStreams(server, false)
	if err != nil {
		return err
	}
	defer closer.Close()
	env := append(opts.env(), req.Env...)
	cmd, release := h.node(server.Context(), req.Pwd, append(append(opts.nodeArgs, script), args...), env)
	defer release()
	cmd.Stdout, cmd.Stderr = stdout, stderr
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return err
	}
	code := &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(cmd.ProcessState.ExitCode())}
	return errors.Join(closer.Close(), server.Send(&pulumirpc.RunPluginResponse{Output: code}))
}

func (h *host) InstallDependencies(
	req *pulumirpc.InstallDependenciesRequest, server pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	opts, err := readOptions(req.Info)
	if err != nil {
		return err
	}
	closer, stdout, stderr, err := rpcutil.MakeInstallDependenciesStreams(server, req.IsTerminal)
	if err != nil {
		return err
	}
	defer closer.Close()
	manager := npm.PackageManagerType(opts.packageManager)
	if _, err := npm.Install(server.Context(), manager, req.Info.ProgramDirectory, false, stdout, stderr); err != nil {
		return fmt.Errorf("installing dependencies: %w", err)
	}
	return closer.Close()
}

func (h *host) About(ctx context.Context, _ *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	path, err := exec.LookPath("node")
	if err != nil {
		return nil, fmt.Errorf("no node on PATH: %w", err)
	}
	out, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return nil, fmt.Errorf("%s --version: %w", path, err)
	}
	return &pulumirpc.AboutResponse{Executable: path, Version: strings.TrimSpace(string(out))}, nil
}
