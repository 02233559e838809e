package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/google/shlex"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"

	"openstack-fabric/toolchain/language-hosts/host"
)

// options are Pulumi.yaml's runtime.options, as upstream's host reads them.
type options struct {
	typescript     bool
	tsconfig       string
	nodeArgs       []string
	packageManager string
}

func readOptions(info *pulumirpc.ProgramInfo) (options, error) {
	opts := options{typescript: true}
	if info == nil {
		return opts, host.ErrNoProgramInfo
	}
	fields := info.GetOptions().GetFields()
	if value, ok := fields["typescript"]; ok {
		on, err := boolean(value)
		if err != nil {
			return opts, fmt.Errorf("`runtime.options.typescript` must be true or false, got %v", value)
		}
		opts.typescript = on
	}
	args, err := shlex.Split(fields["nodeargs"].GetStringValue())
	if err != nil {
		return opts, fmt.Errorf("`runtime.options.nodeargs`: %w", err)
	}
	opts.nodeArgs = args
	opts.tsconfig = fields["tsconfig"].GetStringValue()
	opts.packageManager = fields["packagemanager"].GetStringValue()
	return opts, nil
}

func boolean(value *structpb.Value) (bool, error) {
	if _, ok := value.GetKind().(*structpb.Value_BoolValue); ok {
		return value.GetBoolValue(), nil
	}
	return strconv.ParseBool(value.GetStringValue())
}

func (o options) env() []string {
	env := []string{"PULUMI_NODEJS_TYPESCRIPT=" + strconv.FormatBool(o.typescript)}
	if o.tsconfig != "" {
		env = append(env, "PULUMI_NODEJS_TSCONFIG_PATH="+o.tsconfig)
	}
	return env
}

// runScript finds the SDK's entry point as require.resolve does, without the
// 40 ms of a Node process.
func runScript(dir, name string) (string, error) {
	if path := os.Getenv("PULUMI_LANGUAGE_NODEJS_RUN_PATH"); path != "" && name == "run" {
		return path, nil
	}
	sdk, ok := findPackage(dir, "@pulumi/pulumi")
	if !ok {
		return "", fmt.Errorf("the program in %s has no @pulumi/pulumi installed; run `npm install` there", dir)
	}
	return filepath.Join(sdk, "cmd", name), nil
}

// findPackage looks for a package in node_modules of dir and all above.
func findPackage(dir, name string) (string, bool) {
	for {
		path := filepath.Join(dir, "node_modules", filepath.FromSlash(name))
		if _, err := os.Stat(filepath.Join(path, "package.json")); err == nil {
			return path, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}
