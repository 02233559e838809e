"""Inputs of a run: fetched, checked against what the definition says of them, and identified."""

import hashlib
import os
import tempfile
import urllib.request

from context import progress
from files import HadoopFiles, digest_of

TIMEOUT = 60


class InputError(Exception):
    """An input that is not what it should be."""


def prepare_inputs(inputs, spark):
    """Each input's path and identity, and the identities that could only be found now, by name."""
    prepared, observed = {}, {}
    for name, given in inputs.items():
        location = given["from"]
        files = None if location.startswith("https://") else spark.files(location)
        path = location if files is not None else fetched(name, location)
        if files is not None and not files.exists(location):
            raise InputError(f"input `{name}`: there is nothing at {location}")
        if "checksum" in given:
            check(name, path, files, given["checksum"])
        identity = {key: given[key] for key in ("checksum", "revision") if key in given}
        if given.get("observe"):
            identity = {"observed": f"sha256:{digest_of(path, 'sha256')}" if files is None else files.stamp(location)}
            observed[name] = identity["observed"]
        prepared[name] = {"path": path, "identity": {"from": location, **identity}}
    return prepared, observed


def fetched(name, url):
    folder = tempfile.mkdtemp(prefix="analysis-input-")
    path = os.path.join(folder, os.path.basename(url.split("?")[0]) or name)
    progress(f"fetching {url}")
    with urllib.request.urlopen(url, timeout=TIMEOUT) as answer, open(path, "wb") as file:
        while block := answer.read(1 << 20):
            file.write(block)
    return path


def check(name, path, files, checksum):
    algorithm, expected = checksum.split(":", 1)
    if algorithm not in hashlib.algorithms_guaranteed:
        raise InputError(f"input `{name}`: no way to check {algorithm}")
    found = getattr(files, algorithm)(path) if isinstance(files, HadoopFiles) else digest_of(path, algorithm)
    if found != expected.lower():
        raise InputError(
            f"input `{name}`: {algorithm} of {path} is {found}, and the definition says {expected}. Either the data have "
            "changed, or the checksum is of something else."
        )
