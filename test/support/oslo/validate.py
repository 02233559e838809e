"""Runs oslo-config-validator on many files in one process: prints, as JSON, the findings by file.

The input is a JSON object: `namespaces` (for oslo-config-generator), `contexts` (sections that take oslo.privsep's
options), `files` (path → groups that are left out, because they are of a service and not of a library).
"""

import json
import logging
import sys
import tempfile
import types

import yaml
from oslo_config import cfg, generator, validator


def main():
    remember_data()
    asked = json.load(sys.stdin)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as data:
        json.dump(opt_data(asked), data, default=str)
        data.flush()
        json.dump({path: findings(path, left_out, data.name) for path, left_out in asked["files"].items()}, sys.stdout)


def remember_data():
    """The validator reads the same data for each file, which takes it longer than all the rest."""
    read = {}

    def safe_load(stream):
        if stream.name not in read:
            read[stream.name] = yaml.load(stream, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return read[stream.name]

    validator.yaml = types.SimpleNamespace(safe_load=safe_load)


def opt_data(asked):
    """What `oslo-config-generator --format json` writes, and the sections of privsep's contexts beside it."""
    with tempfile.NamedTemporaryFile("r") as out:
        generator.main(
            ["--format", "json", "--output-file", out.name]
            + [word for name in asked["namespaces"] for word in ("--namespace", name)]
        )
        data = json.load(open(out.name))
    for context in asked["contexts"]:
        data["options"][context] = data["options"]["privsep"]
    return data


def findings(path, left_out, data):
    log = Lines()
    logging.getLogger().addHandler(log)
    before = sys.argv
    sys.argv = ["oslo-config-validator", "--opt-data", data, "--input-file", path]
    sys.argv += [word for group in left_out for word in ("--exclude-group", group)]
    try:
        status = validator.main()
    finally:
        sys.argv = before
        logging.getLogger().removeHandler(log)
    return {"status": status, "lines": log.lines}


class Lines(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


# The generator's options are those of a command line; it must not see this script's own.
cfg.CONF.clear()
main()
