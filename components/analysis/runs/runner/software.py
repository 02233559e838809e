"""What a run was made with, for its manifest."""

import importlib.metadata
import platform


def versions(spark):
    packages = {
        distribution.metadata["Name"]: distribution.version
        for distribution in importlib.metadata.distributions()
        if distribution.metadata["Name"]
    }
    found = {"python": platform.python_version(), "packages": dict(sorted(packages.items()))}
    if spark:
        import pyspark

        found["spark"] = pyspark.__version__
    return found
