"""What an analysis' entry point is given."""

import sys
import time

STARTED = time.monotonic()


def progress(text):
    """Says on standard error what is being done, with the seconds since the start."""
    print(f"[{time.monotonic() - STARTED:6.1f} s] {text}", file=sys.stderr, flush=True)


class Context:
    """Parameters, inputs and outputs of a run.

    parameters  value of each parameter, by name
    inputs      path or URI of each input, by name; what https:// names is there as a local file
    spark       the Spark session; None when the analysis runs as a Job
    """

    def __init__(self, parameters, inputs, attempt, spark):
        self.parameters = parameters
        self.inputs = inputs
        self.spark = spark
        self._attempt = attempt

    def output(self, name):
        """Path of a local file to write; it is published under this name when the run has finished."""
        return self._attempt.local(name)

    def dataset(self, name):
        """URI for Spark to write to, as in `frame.write.parquet(context.dataset("events"))`."""
        return self._attempt.uri(name)

    def progress(self, text):
        """Says what is being done."""
        progress(text)
