"""Prints the CRDs of the Spark operator as JSON, made of the models that it publishes for Python.

They are stricter than the operator's own: a pod template is there an object of anything, and here a
Kubernetes pod template, so that a server refuses a field of it that does not exist.
"""

import inspect
import json
import re
import sys

from kubeflow_spark_api import models

GROUP, VERSION = "sparkoperator.k8s.io", "v1beta2"

#: Kinds and what the API calls them.
KINDS = {
    "SparkApplication": "sparkapplication",
    "ScheduledSparkApplication": "scheduledsparkapplication",
}

#: A number or a text in Kubernetes' JSON; the models wrap both as alternatives.
INT_OR_STRING = re.compile(r"(api_?resource_?quantity|intstr_?int_?or_?string)$", re.IGNORECASE)

ANYTHING = {"x-kubernetes-preserve-unknown-fields": True}


def structural(schema: dict, definitions: dict, path: tuple[str, ...] = ()) -> dict:
    """A pydantic schema as a structural one: no references, no alternatives, no unions with null."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        if INT_OR_STRING.search(name):
            return {"x-kubernetes-int-or-string": True}
        if name in path:
            return {"type": "object", **ANYTHING}
        return with_enums(name, structural(definitions[name], definitions, (*path, name)))
    if "anyOf" in schema:
        given = [option for option in schema["anyOf"] if option.get("type") != "null"]
        kinds = {option.get("type") for option in given}
        if kinds <= {"integer", "number", "string"} and len(kinds) > 1:
            return {"x-kubernetes-int-or-string": True} if "string" in kinds else {"type": "number"}
        if len(given) != 1:
            raise ValueError(f"{'.'.join(path)}: {len(given)} alternatives: {given}")
        return structural(given[0], definitions, path)
    kind = schema.get("type")
    if kind == "array":
        return {"type": "array", "items": structural(schema["items"], definitions, path)}
    if kind == "object" and "properties" in schema:
        properties = {
            name: structural(value, definitions, path)
            for name, value in sorted(schema["properties"].items())
        }
        required = schema.get("required")
        return {"type": "object", "properties": properties} | (
            {"required": sorted(required)} if required else {}
        )
    if kind == "object":
        values = schema.get("additionalProperties")
        if isinstance(values, dict):
            more = structural(values, definitions, path)
            return {"type": "object", "additionalProperties": more}
        return {"type": "object", **ANYTHING}
    if kind is None:
        return ANYTHING
    keep = ("format", "maximum", "minimum", "pattern")
    return {"type": kind} | {key: schema[key] for key in keep if key in schema}


def with_enums(name: str, schema: dict) -> dict:
    """Adds the values that a model's validators allow, which its schema does not say."""
    model = getattr(models, name, None)
    if model is None:
        return schema
    for field, values in enums(model).items():
        target = schema["properties"][field]
        target = target["items"] if target["type"] == "array" else target
        target["enum"] = values
    return schema


def enums(model: type) -> dict[str, list[str]]:
    found = {}
    for name, decorator in model.__pydantic_decorators__.field_validators.items():
        literal = re.search(r"set\(\[(.*?)\]\)", inspect.getsource(decorator.func))
        if not name.endswith("_validate_enum") or literal is None:
            continue
        values = sorted(re.findall(r"'([^']*)'", literal.group(1)))
        for field in decorator.info.fields:
            found[model.model_fields[field].alias or field] = values
    return found


def definition(kind: str, singular: str) -> dict:
    model = getattr(models, f"Spark{VERSION.capitalize()}{kind}", None)
    if model is None:
        raise SystemExit(f"kubeflow-spark-api has no model of {kind}")
    schema = model.model_json_schema(by_alias=True)
    properties = {
        name: structural(schema["properties"][name], schema["$defs"]) for name in ("spec", "status")
    }
    names = {
        "kind": kind,
        "listKind": f"{kind}List",
        "plural": f"{singular}s",
        "singular": singular,
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": f"{names['plural']}.{GROUP}",
            # Kubernetes asks for it of every kind in a group of its own domain.
            "annotations": {
                "api-approved.kubernetes.io": "https://github.com/kubeflow/spark-operator/pull/1298"
            },
        },
        "spec": {
            "group": GROUP,
            "names": names,
            "scope": "Namespaced",
            "versions": [
                {
                    "name": VERSION,
                    "served": True,
                    "storage": True,
                    "subresources": {"status": {}},
                    "schema": {
                        "openAPIV3Schema": {
                            "type": "object",
                            "properties": properties,
                            "required": ["spec"],
                        }
                    },
                }
            ],
        },
    }


def main() -> None:
    json.dump([definition(*names) for names in KINDS.items()], sys.stdout)


if __name__ == "__main__":
    main()
