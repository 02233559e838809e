"""Spark, started only when it is needed: a run whose result is there asks for no executor."""

import os
import tempfile
import zipfile

from context import progress
from files import HadoopFiles, LocalFiles


class Spark:
    def __init__(self, run):
        self._run = run
        self._session = None

    def files(self, location):
        """The files that a location is one of."""
        if "://" not in location:
            return LocalFiles()
        from pyspark import SparkContext

        # Starts the JVM (a driver's is there already), and no application.
        SparkContext._ensure_initialized()
        jvm = SparkContext._jvm
        settings = jvm.org.apache.spark.SparkConf()
        configuration = jvm.org.apache.spark.deploy.SparkHadoopUtil.get().newConfiguration(settings)
        return HadoopFiles(jvm, configuration, location)

    def session(self, code):
        """The session, whose executors have the analysis' code."""
        from pyspark.sql import SparkSession

        progress("starting Spark")
        name = f"{self._run['name']}-{self._run['address'][:12]}"
        self._session = SparkSession.builder.appName(name).getOrCreate()
        self._session.sparkContext.addPyFile(zipped(code, os.path.dirname(self._run["entry"]["file"])))
        return self._session

    def stop(self):
        if self._session is not None:
            self._session.stop()


def zipped(code, root):
    """The code's modules as an archive that Python imports from; the entry point's folder is its top."""
    path = os.path.join(tempfile.mkdtemp(prefix="analysis-code-"), "code.zip")
    top = os.path.join(code, root)
    with zipfile.ZipFile(path, "w") as archive:
        for folder, folders, names in os.walk(top, followlinks=True):
            # What a config map's volume keeps its versions in, and what Python compiled.
            folders[:] = sorted(name for name in folders if not name.startswith("..") and name != "__pycache__")
            for name in sorted(names):
                file = os.path.join(folder, name)
                archive.write(file, os.path.relpath(file, top))
    return path
