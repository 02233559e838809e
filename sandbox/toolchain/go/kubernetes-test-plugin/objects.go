package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
)

// fieldManager is whose fields in the API those of our inputs are.
const fieldManager = "openstack-fabric-test"

// target is one object and the way to it.
type target struct {
	dynamic.ResourceInterface
	namespace, name string
	kind            schema.GroupVersionKind
}

// target of inputs that say what it is, or of a token and an id where there are none.
func (p *provider) target(
	ctx context.Context, token tokens.Type, inputs resource.PropertyMap, id resource.ID, tries int,
) (target, error) {
	apiVersion, kind := kindOf(token)
	if said := textAt(inputs, "apiVersion"); said != "" {
		apiVersion, kind = said, textAt(inputs, "kind")
	}
	namespace, name := textAt(inputs, "metadata", "namespace"), textAt(inputs, "metadata", "name")
	if id != "" {
		namespace, name = splitID(id)
	}
	found := target{name: name, kind: schema.FromAPIVersionAndKind(apiVersion, kind)}
	var err error
	found.ResourceInterface, found.namespace, err = p.cluster.resource(ctx, found.kind, namespace, tries)
	return found, err
}

// apply says to the API what the inputs say; a field that the API does not know is refused by its name.
func (t target) apply(ctx context.Context, inputs resource.PropertyMap, dryRun []string) (*unstructured.Unstructured, error) {
	body, err := json.Marshal(plain(resource.NewObjectProperty(inputs), false))
	if err != nil {
		return nil, err
	}
	force := true
	return t.Patch(ctx, t.name, types.ApplyPatchType, body, metav1.PatchOptions{
		FieldManager: fieldManager, Force: &force, FieldValidation: metav1.FieldValidationStrict, DryRun: dryRun,
	})
}

func (p *provider) createObject(ctx context.Context, r plugin.CreateRequest) (plugin.CreateResponse, error) {
	if r.Preview {
		return plugin.CreateResponse{Properties: r.Properties}, p.tryCreate(ctx, r)
	}
	object, err := p.target(ctx, r.Type, r.Properties, "", kindTries)
	if err != nil {
		return plugin.CreateResponse{}, err
	}
	id := joinID(object.namespace, object.name)
	if _, err := object.Get(ctx, object.name, metav1.GetOptions{}); !errors.IsNotFound(err) {
		if err == nil {
			err = fmt.Errorf("%s %s exists already: import it, or give this one another name", object.kind.Kind, id)
		}
		return plugin.CreateResponse{}, err
	}
	live, err := object.apply(ctx, r.Properties, nil)
	if err != nil {
		return plugin.CreateResponse{}, err
	}
	outputs, err := p.settled(ctx, object, live, r.Properties)
	if err != nil {
		return plugin.CreateResponse{}, notReady(string(id), r.Properties, outputs, err)
	}
	return plugin.CreateResponse{ID: id, Properties: outputs}, nil
}

// tryCreate asks the API what it would say. That the object exists does not count, since a preview may replace it;
// that its namespace or its kind is missing neither, since they may come with the same update.
func (p *provider) tryCreate(ctx context.Context, r plugin.CreateRequest) error {
	object, err := p.target(ctx, r.Type, r.Properties, "", 1)
	if err != nil {
		return unlessUnreachable(err)
	}
	content, _ := plain(resource.NewObjectProperty(r.Properties), false).(map[string]any)
	_, err = object.Create(ctx, &unstructured.Unstructured{Object: content}, metav1.CreateOptions{
		FieldManager: fieldManager, FieldValidation: metav1.FieldValidationStrict, DryRun: []string{metav1.DryRunAll},
	})
	if errors.IsAlreadyExists(err) || errors.IsNotFound(err) {
		return nil
	}
	return unlessUnreachable(err)
}

// unlessUnreachable keeps only what the API itself has against it: a preview needs no cluster.
func unlessUnreachable(err error) error {
	if meta.IsNoMatchError(err) || errors.IsUnauthorized(err) || errors.ReasonForError(err) == metav1.StatusReasonUnknown {
		return nil
	}
	return err
}

func (p *provider) updateObject(ctx context.Context, r plugin.UpdateRequest) (plugin.UpdateResponse, error) {
	object, err := p.target(ctx, r.Type, r.NewInputs, r.ID, kindTries)
	if r.Preview {
		if err == nil {
			_, err = object.apply(ctx, r.NewInputs, []string{metav1.DryRunAll})
		}
		return plugin.UpdateResponse{Properties: r.NewInputs}, unlessUnreachable(err)
	}
	if err != nil {
		return plugin.UpdateResponse{}, err
	}
	live, err := object.apply(ctx, r.NewInputs, nil)
	if err != nil {
		return plugin.UpdateResponse{}, err
	}
	outputs, err := p.settled(ctx, object, live, r.NewInputs)
	if err != nil {
		return plugin.UpdateResponse{}, notReady(string(r.ID), r.NewInputs, outputs, err)
	}
	return plugin.UpdateResponse{Properties: outputs}, nil
}

// settled waits until an object is ready, and gives what it then is; or what it is, and why it is not ready.
func (p *provider) settled(
	ctx context.Context, object target, live *unstructured.Unstructured, inputs resource.PropertyMap,
) (resource.PropertyMap, error) {
	if live.GetAnnotations()[skipAwait] == "true" {
		return outputsOf(live, inputs), nil
	}
	waited := p.awaitReady(ctx, object, live)
	// The operation's own time may be over.
	asked, err := object.Get(context.WithoutCancel(ctx), object.name, metav1.GetOptions{})
	if err == nil {
		live = asked
	}
	return outputsOf(live, inputs), waited
}

func (p *provider) readObject(ctx context.Context, r plugin.ReadRequest) (plugin.ReadResponse, error) {
	object, err := p.target(ctx, r.Type, r.Inputs, r.ID, 1)
	if err != nil {
		if meta.IsNoMatchError(err) { // nothing of a kind that is gone is left
			err = nil
		}
		return plugin.ReadResponse{}, err
	}
	live, err := object.Get(ctx, object.name, metav1.GetOptions{})
	if errors.IsNotFound(err) {
		return plugin.ReadResponse{}, nil
	}
	if err != nil {
		return plugin.ReadResponse{}, err
	}
	outputs := outputsOf(live, r.Inputs)
	inputs := outputs.Copy()
	delete(inputs, "status")
	if len(r.Inputs) > 0 {
		before, now := resource.NewObjectProperty(r.State), resource.NewObjectProperty(outputs)
		inputs = follow(resource.NewObjectProperty(r.Inputs), before, now).ObjectValue()
	}
	id := joinID(object.namespace, object.name)
	return plugin.ReadResponse{ReadResult: plugin.ReadResult{ID: id, Inputs: inputs, Outputs: outputs}}, nil
}

func (p *provider) deleteObject(ctx context.Context, r plugin.DeleteRequest) error {
	object, err := p.target(ctx, r.Type, r.Inputs, r.ID, 1)
	if meta.IsNoMatchError(err) { // with its kind it went itself
		return nil
	}
	if err != nil {
		return err
	}
	policy := metav1.DeletePropagationForeground
	if said := textAt(r.Inputs, "metadata", "annotations", propagation); said != "" {
		policy = map[string]metav1.DeletionPropagation{
			"background": metav1.DeletePropagationBackground, "orphan": metav1.DeletePropagationOrphan,
		}[said]
	}
	err = object.Delete(ctx, object.name, metav1.DeleteOptions{PropagationPolicy: &policy})
	if errors.IsNotFound(err) {
		return nil
	}
	if err != nil || textAt(r.Inputs, "metadata", "annotations", skipAwait) == "true" {
		return err
	}
	return object.awaitGone(ctx, textAt(r.Outputs, "metadata", "uid"))
}

// outputsOf is the live object, less who wrote which field; what was secret stays so, and a Secret's data always is.
func outputsOf(live *unstructured.Unstructured, inputs resource.PropertyMap) resource.PropertyMap {
	content := live.DeepCopy()
	content.SetManagedFields(nil)
	outputs := resource.NewPropertyMapFromMap(content.Object)
	if live.GetKind() == "Secret" && live.GetAPIVersion() == "v1" {
		if data, ok := outputs["data"]; ok {
			outputs["data"] = resource.MakeSecret(data)
		}
	}
	return hide(resource.NewObjectProperty(outputs), resource.NewObjectProperty(inputs)).ObjectValue()
}
