package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/cli"
	"helm.sh/helm/v3/pkg/registry"
	"helm.sh/helm/v3/pkg/release"
	"helm.sh/helm/v3/pkg/storage/driver"
)

// helmSeconds is how long Helm waits where a release does not say.
const helmSeconds = 300

// releaseArgs are the inputs that this plugin knows; others are refused by their names.
type releaseArgs struct {
	Chart           string         `json:"chart"`
	Version         string         `json:"version"`
	Name            string         `json:"name"`
	Namespace       string         `json:"namespace"`
	CreateNamespace bool           `json:"createNamespace"`
	Description     string         `json:"description"`
	Values          map[string]any `json:"values"`
	RepositoryOpts  struct {
		Repo     string `json:"repo"`
		Username string `json:"username"`
		Password string `json:"password"`
	} `json:"repositoryOpts"`
	Timeout       float64 `json:"timeout"` // seconds
	Atomic        bool    `json:"atomic"`
	CleanupOnFail bool    `json:"cleanupOnFail"`
	SkipCrds      bool    `json:"skipCrds"`
	SkipAwait     bool    `json:"skipAwait"`
	WaitForJobs   bool    `json:"waitForJobs"`
	MaxHistory    int     `json:"maxHistory"`
	Compat        string  `json:"compat"` // of the SDK's own
}

func releaseArgsOf(inputs resource.PropertyMap) (releaseArgs, error) {
	args := releaseArgs{Timeout: helmSeconds, MaxHistory: 10}
	whole, _ := plain(resource.NewObjectProperty(inputs), false).(map[string]any)
	if values, ok := plain(inputs["values"], true).(map[string]any); ok {
		whole["values"] = values // a null takes away a chart's default
	}
	text, err := json.Marshal(whole)
	if err != nil {
		return args, err
	}
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	return args, decoder.Decode(&args)
}

func (p *provider) checkRelease(r plugin.CheckRequest) (plugin.CheckResponse, error) {
	inputs := r.News.Copy()
	if _, ok := inputs["name"]; !ok {
		name := textAt(r.Olds, "name")
		if name == "" {
			var err error
			if name, err = resource.NewUniqueName(r.RandomSeed, r.URN.Name()+"-", suffixLength, 0, nil); err != nil {
				return plugin.CheckResponse{}, err
			}
		}
		inputs["name"] = resource.NewStringProperty(name)
	}
	if _, ok := inputs["namespace"]; !ok && p.cluster != nil {
		inputs["namespace"] = resource.NewStringProperty(p.cluster.namespace)
	}
	response := plugin.CheckResponse{Properties: inputs}
	if !inputs.ContainsUnknowns() {
		if _, err := releaseArgsOf(inputs); err != nil {
			reason := "the plugin for tests does not take this release: " + strings.TrimPrefix(err.Error(), "json: ")
			response.Failures = []plugin.CheckFailure{{Reason: reason}}
		}
	}
	return response, nil
}

// helm is one release's way to Helm.
type helm struct {
	releaseArgs
	*action.Configuration
}

func (p *provider) helm(inputs resource.PropertyMap) (*helm, error) {
	args, err := releaseArgsOf(inputs)
	if err != nil {
		return nil, err
	}
	getter, err := p.cluster.in(args.Namespace)
	if err != nil {
		return nil, err
	}
	configuration := &action.Configuration{}
	if err := configuration.Init(getter, args.Namespace, "secret", func(string, ...any) {}); err != nil {
		return nil, err
	}
	if configuration.RegistryClient, err = registry.NewClient(); err != nil {
		return nil, err
	}
	return &helm{args, configuration}, nil
}

func (h *helm) timeout() time.Duration { return time.Duration(h.Timeout * float64(time.Second)) }

// load brings the chart here from a folder, a file, a repository or a registry.
func (h *helm) load(options *action.ChartPathOptions) (*chart.Chart, error) {
	options.Version, options.RepoURL = h.Version, h.RepositoryOpts.Repo
	options.Username, options.Password = h.RepositoryOpts.Username, h.RepositoryOpts.Password
	path, err := options.LocateChart(h.Chart, cli.New())
	if err != nil {
		return nil, fmt.Errorf("the chart %s: %w", h.Chart, err)
	}
	return loader.Load(path)
}

func (h *helm) install() *action.Install {
	install := action.NewInstall(h.Configuration)
	install.ReleaseName, install.Namespace, install.CreateNamespace = h.Name, h.Namespace, h.CreateNamespace
	install.Description, install.SkipCRDs, install.Atomic = h.Description, h.SkipCrds, h.Atomic
	install.Wait, install.WaitForJobs, install.Timeout = !h.SkipAwait, h.WaitForJobs, h.timeout()
	return install
}

// render makes the manifests without the API: the chart's own schema and templates check the values.
func (h *helm) render() error {
	install := h.install()
	install.DryRun, install.ClientOnly, install.Replace = true, true, true
	if version, err := h.serverVersion(); err == nil {
		install.KubeVersion = version
	}
	loaded, err := h.load(&install.ChartPathOptions)
	if err != nil {
		return err
	}
	_, err = install.Run(loaded, h.Values)
	return err
}

func (h *helm) serverVersion() (*chartutil.KubeVersion, error) {
	client, err := h.RESTClientGetter.ToDiscoveryClient()
	if err != nil {
		return nil, err
	}
	said, err := client.ServerVersion()
	if err != nil {
		return nil, err
	}
	return &chartutil.KubeVersion{Version: said.GitVersion, Major: said.Major, Minor: said.Minor}, nil
}

func (p *provider) createRelease(ctx context.Context, r plugin.CreateRequest) (plugin.CreateResponse, error) {
	h, err := p.helm(r.Properties)
	if err != nil {
		return plugin.CreateResponse{}, err
	}
	if r.Preview {
		return plugin.CreateResponse{Properties: r.Properties}, h.render()
	}
	install := h.install()
	loaded, err := h.load(&install.ChartPathOptions)
	if err != nil {
		return plugin.CreateResponse{}, err
	}
	id := joinID(h.Namespace, h.Name)
	made, err := install.RunWithContext(ctx, loaded, h.Values)
	if err != nil {
		// What failed and was not taken back stays in the state, so that the next update mends it.
		if left, _ := h.Releases.Last(h.Name); left != nil && made != nil && left.Version == made.Version {
			return plugin.CreateResponse{}, notReady(string(id), r.Properties, h.outputs(left, r.Properties), err)
		}
		return plugin.CreateResponse{}, err
	}
	return plugin.CreateResponse{ID: id, Properties: h.outputs(made, r.Properties)}, nil
}

func (p *provider) updateRelease(ctx context.Context, r plugin.UpdateRequest) (plugin.UpdateResponse, error) {
	h, err := p.helm(r.NewInputs)
	if err != nil {
		return plugin.UpdateResponse{}, err
	}
	if r.Preview {
		return plugin.UpdateResponse{Properties: r.NewInputs}, h.render()
	}
	upgrade := action.NewUpgrade(h.Configuration)
	upgrade.Namespace, upgrade.Description, upgrade.SkipCRDs = h.Namespace, h.Description, h.SkipCrds
	upgrade.Wait, upgrade.WaitForJobs, upgrade.Timeout = !h.SkipAwait, h.WaitForJobs, h.timeout()
	upgrade.Atomic, upgrade.CleanupOnFail, upgrade.MaxHistory = h.Atomic, h.CleanupOnFail, h.MaxHistory
	upgrade.ResetValues = true // else Helm keeps the values of before where none are given
	loaded, err := h.load(&upgrade.ChartPathOptions)
	if err != nil {
		return plugin.UpdateResponse{}, err
	}
	made, err := upgrade.RunWithContext(ctx, h.Name, loaded, h.Values)
	if err != nil {
		return plugin.UpdateResponse{}, err
	}
	return plugin.UpdateResponse{Properties: h.outputs(made, r.NewInputs)}, nil
}

func (p *provider) readRelease(r plugin.ReadRequest) (plugin.ReadResponse, error) {
	if len(r.Inputs) == 0 {
		return plugin.ReadResponse{}, errors.New("the plugin for tests does not import releases")
	}
	h, err := p.helm(r.Inputs)
	if err != nil {
		return plugin.ReadResponse{}, err
	}
	live, err := h.Releases.Last(h.Name)
	if errors.Is(err, driver.ErrReleaseNotFound) {
		return plugin.ReadResponse{}, nil
	}
	if err != nil {
		return plugin.ReadResponse{}, err
	}
	result := plugin.ReadResult{ID: r.ID, Inputs: r.Inputs, Outputs: h.outputs(live, r.Inputs)}
	return plugin.ReadResponse{ReadResult: result}, nil
}

func (p *provider) deleteRelease(_ context.Context, r plugin.DeleteRequest) error {
	h, err := p.helm(r.Inputs)
	if err != nil {
		return err
	}
	uninstall := action.NewUninstall(h.Configuration)
	uninstall.IgnoreNotFound, uninstall.Timeout = true, h.timeout()
	uninstall.Wait, uninstall.DeletionPropagation = !h.SkipAwait, "foreground"
	_, err = uninstall.Run(h.Name)
	return err
}

// outputs are the inputs, and what Helm knows of the release.
func (h *helm) outputs(made *release.Release, inputs resource.PropertyMap) resource.PropertyMap {
	outputs := inputs.Copy()
	outputs["status"] = resource.NewPropertyValue(map[string]any{
		"name": made.Name, "namespace": made.Namespace, "revision": made.Version,
		"status": made.Info.Status.String(), "chart": made.Chart.Metadata.Name,
		"version": made.Chart.Metadata.Version, "appVersion": made.Chart.Metadata.AppVersion,
	})
	// A kind of its own that somebody removed is the next upgrade's to complain of.
	if names, err := h.resourceNames(made); err == nil {
		outputs["resourceNames"] = resource.NewPropertyValue(names)
	}
	return outputs
}
