package host

import (
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// ErrNoProgramInfo is what a host says to an engine that is too old for it.
var ErrNoProgramInfo = errors.New("the engine sent no program info: it is older than v3.100, which this host needs")

// shownExitCode is what a program exits with after it has shown its own error.
const shownExitCode = 32

// Flags are the arguments that an executor takes in front of the entry point.
// Executors spell the flags of two words each in their own way.
func (b *Base) Flags(req *pulumirpc.RunRequest, rootDirectory string, dryRun ...string) []string {
	var args []string
	add := func(name, value string) {
		if value != "" {
			args = append(args, "--"+name, value)
		}
	}
	add("monitor", req.MonitorAddress)
	add("engine", b.engine)
	add("organization", req.Organization)
	add("project", req.Project)
	add(rootDirectory, req.Info.RootDirectory)
	add("stack", req.Stack)
	add("pwd", req.Pwd)
	add("parallel", fmt.Sprint(req.Parallel))
	add("tracing", b.tracing)
	if req.DryRun {
		args = append(args, dryRun...)
	}
	return args
}

// EntryPoint is a program's entry point and its arguments.
func EntryPoint(req *pulumirpc.RunRequest) []string {
	entry := req.Info.EntryPoint
	if entry == "" {
		entry = "."
	}
	return append([]string{entry}, req.Args...)
}

// ConfigEnv hands a program its configuration.
func ConfigEnv(req *pulumirpc.RunRequest) ([]string, error) {
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
	return []string{"PULUMI_CONFIG=" + string(values), "PULUMI_CONFIG_SECRET_KEYS=" + string(secretKeys)}, nil
}

// RunResult says how a program of an interpreter ended.
func RunResult(interpreter string, err error) *pulumirpc.RunResponse {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}
	case !errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("could not start %s: %v", interpreter, err)}
	case exit.ExitCode() == shownExitCode:
		return &pulumirpc.RunResponse{Bail: true}
	case exit.ExitCode() > 0:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("Program exited with non-zero exit code: %d", exit.ExitCode())}
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("Program ended by %v", exit.ProcessState)}
	}
}
