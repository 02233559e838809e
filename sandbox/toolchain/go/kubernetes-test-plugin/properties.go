package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// plain is what a property says, as JSON has it; what was secret is not any more. Without `nulls`, keys of objects
// that are null are as if they were not there.
func plain(v resource.PropertyValue, nulls bool) any {
	switch {
	case v.IsSecret():
		return plain(v.SecretValue().Element, nulls)
	case v.IsObject():
		object := map[string]any{}
		for key, one := range v.ObjectValue() {
			if nulls || !one.IsNull() {
				object[string(key)] = plain(one, nulls)
			}
		}
		return object
	case v.IsArray():
		array := []any{}
		for _, one := range v.ArrayValue() {
			array = append(array, plain(one, nulls))
		}
		return array
	default:
		return v.Mappable()
	}
}

// at is a property below others, secret or not; null where there is none.
func at(v resource.PropertyValue, path ...resource.PropertyKey) resource.PropertyValue {
	for v.IsSecret() {
		v = v.SecretValue().Element
	}
	if len(path) == 0 {
		return v
	}
	if !v.IsObject() {
		return resource.NewNullProperty()
	}
	return at(v.ObjectValue()[path[0]], path[1:]...)
}

func textAt(v resource.PropertyMap, path ...resource.PropertyKey) string {
	text := at(resource.NewObjectProperty(v), path...)
	if text.IsString() {
		return text.StringValue()
	}
	return ""
}

// hide makes secret in the outputs what is secret in the inputs.
func hide(out, in resource.PropertyValue) resource.PropertyValue {
	switch {
	case in.IsSecret():
		return resource.MakeSecret(out)
	case in.IsObject() && out.IsObject():
		hidden := out.ObjectValue().Copy()
		for key, one := range in.ObjectValue() {
			if live, ok := hidden[key]; ok {
				hidden[key] = hide(live, one)
			}
		}
		return resource.NewObjectProperty(hidden)
	case in.IsArray() && in.ContainsSecrets():
		if !out.IsArray() || len(out.ArrayValue()) != len(in.ArrayValue()) {
			return resource.MakeSecret(out)
		}
		hidden := make([]resource.PropertyValue, len(in.ArrayValue()))
		for i, one := range in.ArrayValue() {
			hidden[i] = hide(out.ArrayValue()[i], one)
		}
		return resource.NewArrayProperty(hidden)
	}
	return out
}

// follow gives the inputs that would say what is there now: where the live object differs from what it was
// when it was last written, the live value, so that the next update corrects it.
func follow(in, before, live resource.PropertyValue) resource.PropertyValue {
	if in.IsSecret() {
		return resource.MakeSecret(follow(in.SecretValue().Element, before, live))
	}
	before, live = at(before), at(live)
	if before.DeepEquals(live) {
		return in
	}
	if in.IsObject() && live.IsObject() && before.IsObject() {
		followed := resource.PropertyMap{}
		for key, one := range in.ObjectValue() {
			now := follow(one, before.ObjectValue()[key], live.ObjectValue()[key])
			if !now.IsNull() {
				followed[key] = now
			}
		}
		return resource.NewObjectProperty(followed)
	}
	return live
}
