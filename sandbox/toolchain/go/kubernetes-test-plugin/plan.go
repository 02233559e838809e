package main

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// Annotations of Pulumi's own plugin.
const (
	autonamed   = "pulumi.com/autonamed"
	skipAwait   = "pulumi.com/skipAwait"
	propagation = "pulumi.com/deletionPropagationPolicy"
)

// unsupported are those that a test would rely on in vain.
var unsupported = []resource.PropertyKey{"pulumi.com/waitFor", "pulumi.com/replaceUnready"}

const suffixLength = 8

// checkObject names what has no name, and refuses what this plugin does not do.
func checkObject(r plugin.CheckRequest) (plugin.CheckResponse, error) {
	refuse := func(property resource.PropertyKey, reason string) (plugin.CheckResponse, error) {
		failures := []plugin.CheckFailure{{Property: property, Reason: reason}}
		return plugin.CheckResponse{Properties: r.News, Failures: failures}, nil
	}
	if _, kind := kindOf(r.Type); strings.HasSuffix(kind, "Patch") && kind != textAt(r.News, "kind") {
		return refuse("kind", "the plugin for tests has no "+kind)
	}
	for _, annotation := range unsupported {
		if textAt(r.News, "metadata", "annotations", annotation) != "" {
			return refuse("metadata", "the plugin for tests does not know the annotation "+string(annotation))
		}
	}
	named, err := named(r)
	return plugin.CheckResponse{Properties: named}, err
}

// named keeps a name that was made before.
func named(r plugin.CheckRequest) (resource.PropertyMap, error) {
	given := r.News["metadata"]
	metadata := at(given)
	if metadata.ContainsUnknowns() && !metadata.IsObject() {
		return r.News, nil
	}
	fresh := resource.PropertyMap{}
	if metadata.IsObject() {
		fresh = metadata.ObjectValue().Copy()
	}
	if name, ok := fresh["name"]; ok && !name.IsNull() {
		return r.News, nil
	}
	name, err := makeName(r, at(fresh["generateName"]))
	if err != nil {
		return nil, err
	}
	fresh["name"] = resource.NewStringProperty(name)
	delete(fresh, "generateName")
	if annotations := at(fresh["annotations"]); annotations.IsObject() || annotations.IsNull() {
		marked := resource.PropertyMap{}
		if annotations.IsObject() {
			marked = annotations.ObjectValue().Copy()
		}
		marked[autonamed] = resource.NewStringProperty("true")
		fresh["annotations"] = resource.NewObjectProperty(marked)
	}
	inputs := r.News.Copy()
	inputs["metadata"] = resource.NewObjectProperty(fresh)
	if given.IsSecret() {
		inputs["metadata"] = resource.MakeSecret(inputs["metadata"])
	}
	return inputs, nil
}

func makeName(r plugin.CheckRequest, prefix resource.PropertyValue) (string, error) {
	if isAutonamed(r.Olds) {
		return textAt(r.Olds, "metadata", "name"), nil
	}
	if prefix.IsString() {
		return resource.NewUniqueName(r.RandomSeed, prefix.StringValue(), suffixLength, 0, nil)
	}
	return resource.NewUniqueName(r.RandomSeed, r.URN.Name()+"-", suffixLength, 0, nil)
}

func isAutonamed(inputs resource.PropertyMap) bool {
	return textAt(inputs, "metadata", "annotations", autonamed) == "true"
}

// diffObject replaces what gets another identity. Other fields that cannot be changed are the API's to refuse.
func (p *provider) diffObject(r plugin.DiffRequest) plugin.DiffResult {
	before, _ := splitID(r.ID)
	after := textAt(r.NewInputs, "metadata", "namespace")
	if after == "" && p.cluster != nil {
		after = p.cluster.namespace
	}
	diff := difference(r.OldInputs, r.NewInputs, func(path string) bool {
		switch path {
		case "apiVersion", "kind", "metadata.name":
			return true
		case "metadata.namespace":
			return before != "" && before != after
		}
		return false
	})
	// Two of one name cannot be there at once.
	diff.DeleteBeforeReplace = before == after || before == ""
	if isAutonamed(r.NewInputs) || textAt(r.OldInputs, "metadata", "name") != textAt(r.NewInputs, "metadata", "name") {
		diff.DeleteBeforeReplace = false
	}
	return diff
}
