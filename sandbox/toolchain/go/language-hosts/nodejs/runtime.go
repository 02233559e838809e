package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/nodejs/npm"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"openstack-fabric/toolchain/language-hosts/host"
)

type runtime struct{ *host.Base }

// Run executes a program and waits for it.
func (r *runtime) Run(ctx context.Context, req *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
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
	args := append(append(opts.nodeArgs, script), r.programArgs(req)...)
	cmd, release := r.node(ctx, req.Info.ProgramDirectory, args, env)
	defer release()
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr // the engine shows both
	return host.RunResult("node", cmd.Run()), nil
}

// node prepares a process that ends with the request, and with the host.
func (r *runtime) node(ctx context.Context, dir string, args, env []string) (*exec.Cmd, func()) {
	ctx, release := r.Context(ctx)
	cmd := exec.CommandContext(ctx, "node", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	return cmd, release
}

func (r *runtime) programArgs(req *pulumirpc.RunRequest) []string {
	return append(r.Flags(req, "root-directory", "--dry-run"), host.EntryPoint(req)...)
}

func programEnv(req *pulumirpc.RunRequest, opts options) ([]string, error) {
	config, err := host.ConfigEnv(req)
	return append(opts.env(), config...), err
}

// RunPlugin hosts a component package or a policy pack until the engine ends it.
func (r *runtime) RunPlugin(req *pulumirpc.RunPluginRequest, server pulumirpc.LanguageRuntime_RunPluginServer) error {
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
	cmd, release := r.node(server.Context(), req.Pwd, append(append(opts.nodeArgs, script), args...), env)
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

func (r *runtime) InstallDependencies(
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

func (r *runtime) About(ctx context.Context, _ *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
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
