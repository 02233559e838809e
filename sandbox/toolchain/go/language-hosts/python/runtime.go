package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"

	"openstack-fabric/toolchain/language-hosts/host"
)

// executor runs a program; it lies beside the host.
const executor = "pulumi-language-python-exec"

type runtime struct{ *host.Base }

// python is the interpreter of a program, with what is installed for it.
// Pip alone: poetry and uv need commands of their own.
func python(info *pulumirpc.ProgramInfo) (toolchain.Toolchain, error) {
	if info == nil {
		return nil, host.ErrNoProgramInfo
	}
	fields := info.GetOptions().GetFields()
	if name := fields["toolchain"].GetStringValue(); name != "" && name != "pip" {
		return nil, fmt.Errorf("`runtime.options.toolchain` must be pip, got %q; others need Pulumi's own language host", name)
	}
	return toolchain.ResolveToolchain(toolchain.PythonOptions{
		Root:       info.RootDirectory,
		ProgramDir: info.ProgramDirectory,
		Virtualenv: fields["virtualenv"].GetStringValue(),
		Toolchain:  toolchain.Pip,
	})
}

// Run executes a program and waits for it.
func (r *runtime) Run(ctx context.Context, req *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	tools, err := python(req.Info)
	if err != nil {
		return nil, err
	}
	if err := tools.ValidateVenv(ctx); err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	ctx, release := r.Context(ctx)
	defer release()
	args := append([]string{"-u", filepath.Join(filepath.Dir(self), executor)}, r.programArgs(req)...)
	cmd, err := tools.Command(ctx, args...)
	if err != nil {
		return nil, err
	}
	env, err := host.ConfigEnv(req)
	if err != nil {
		return nil, err
	}
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmd.Dir, cmd.Env = req.Info.ProgramDirectory, append(cmd.Env, env...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr // the engine shows both
	return host.RunResult("python", cmd.Run()), nil
}

func (r *runtime) programArgs(req *pulumirpc.RunRequest) []string {
	return append(r.Flags(req, "root_directory", "--dry_run", "true"), host.EntryPoint(req)...)
}

func (r *runtime) InstallDependencies(
	req *pulumirpc.InstallDependenciesRequest, server pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	tools, err := python(req.Info)
	if err != nil {
		return err
	}
	closer, stdout, stderr, err := rpcutil.MakeInstallDependenciesStreams(server, req.IsTerminal)
	if err != nil {
		return err
	}
	defer closer.Close()
	dir := req.Info.ProgramDirectory
	if err := tools.InstallDependencies(server.Context(), dir, false, true, stdout, stderr); err != nil {
		return fmt.Errorf("installing dependencies: %w", err)
	}
	return closer.Close()
}

func (r *runtime) About(ctx context.Context, req *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	tools, err := python(req.Info)
	if err != nil {
		return nil, err
	}
	info, err := tools.About(ctx)
	if err != nil {
		return nil, err
	}
	return &pulumirpc.AboutResponse{Executable: info.PythonExecutable, Version: info.PythonVersion.String()}, nil
}
