package main

import (
	"context"
	"os"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"
)

// A kind that the API does not know is asked for again: its definition may have been made a moment ago.
const (
	kindTries = 6
	kindPause = 500 * time.Millisecond
)

// cluster is a connection to one API. It is what Helm wants to get its clients from, too.
type cluster struct {
	config    clientcmd.ClientConfig
	rest      *rest.Config
	discovery discovery.CachedDiscoveryInterface
	mapper    *restmapper.DeferredDiscoveryRESTMapper
	dynamic   dynamic.Interface
	kube      kubernetes.Interface
	namespace string // of objects that name none
}

// connect takes a kubeconfig's content or its path; without one, what kubectl would. It sends nothing yet.
func connect(kubeconfig, context, namespace string) (*cluster, error) {
	overrides := &clientcmd.ConfigOverrides{CurrentContext: context}
	overrides.Context.Namespace = namespace
	config, err := load(kubeconfig, overrides)
	if err != nil {
		return nil, err
	}
	return connectBy(config)
}

func load(kubeconfig string, overrides *clientcmd.ConfigOverrides) (clientcmd.ClientConfig, error) {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	if kubeconfig != "" && !strings.Contains(kubeconfig, "\n") {
		if _, err := os.Stat(kubeconfig); err == nil {
			rules.ExplicitPath, kubeconfig = kubeconfig, ""
		}
	}
	if kubeconfig == "" {
		return clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, overrides), nil
	}
	parsed, err := clientcmd.Load([]byte(kubeconfig))
	if err != nil {
		return nil, err
	}
	return clientcmd.NewDefaultClientConfig(*parsed, overrides), nil
}

func connectBy(config clientcmd.ClientConfig) (*cluster, error) {
	made := &cluster{config: config}
	var err error
	if made.rest, err = config.ClientConfig(); err != nil {
		return nil, err
	}
	made.rest.QPS = -1 // the server's own fairness is limit enough
	if made.namespace, _, err = config.Namespace(); err != nil {
		return nil, err
	}
	if made.kube, err = kubernetes.NewForConfig(made.rest); err != nil {
		return nil, err
	}
	made.discovery = memory.NewMemCacheClient(made.kube.Discovery())
	made.mapper = restmapper.NewDeferredDiscoveryRESTMapper(made.discovery)
	made.dynamic, err = dynamic.NewForConfig(made.rest)
	return made, err
}

func (c *cluster) ToRESTConfig() (*rest.Config, error) { return rest.CopyConfig(c.rest), nil }

func (c *cluster) ToDiscoveryClient() (discovery.CachedDiscoveryInterface, error) {
	return c.discovery, nil
}

func (c *cluster) ToRESTMapper() (meta.RESTMapper, error) { return c.mapper, nil }

func (c *cluster) ToRawKubeConfigLoader() clientcmd.ClientConfig { return c.config }

// in is the same connection for a Helm release's namespace.
func (c *cluster) in(namespace string) (*cluster, error) {
	raw, err := c.config.RawConfig()
	if err != nil {
		return nil, err
	}
	overrides := &clientcmd.ConfigOverrides{}
	overrides.Context.Namespace = namespace
	other := *c
	other.config = clientcmd.NewDefaultClientConfig(raw, overrides)
	return &other, nil
}

// mapping finds the resource of a kind, at the server if need be.
func (c *cluster) mapping(ctx context.Context, kind schema.GroupVersionKind, tries int) (*meta.RESTMapping, error) {
	for {
		mapping, err := c.mapper.RESTMapping(kind.GroupKind(), kind.Version)
		tries--
		if !meta.IsNoMatchError(err) || tries <= 0 {
			return mapping, err
		}
		c.mapper.Reset()
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(kindPause):
		}
	}
}

// resource gives the way to a kind's objects, and the namespace that they really are in.
func (c *cluster) resource(
	ctx context.Context, kind schema.GroupVersionKind, namespace string, tries int,
) (dynamic.ResourceInterface, string, error) {
	mapping, err := c.mapping(ctx, kind, tries)
	if err != nil {
		return nil, "", err
	}
	all := c.dynamic.Resource(mapping.Resource)
	if mapping.Scope.Name() != meta.RESTScopeNameNamespace {
		return all, "", nil
	}
	if namespace == "" {
		namespace = c.namespace
	}
	return all.Namespace(namespace), namespace, nil
}
