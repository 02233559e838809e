"""Runs an analysis, in a Spark driver, in a Job's container and on a developer's machine alike.

It reads the resolved run (`run.json`), ends at once when its result is there, calls the entry point with a context,
and publishes what that wrote, the manifest last. Standard library only; pyspark where the run wants Spark.
"""

import argparse
import datetime
import importlib
import json
import os
import sys
import threading
import traceback

from context import Context, progress
from inputs import InputError, prepare_inputs
from results import Attempt, Result, salted, sweep_expired
from session import Spark
from software import versions

EXIT_TIMEOUT = 124


def main():
    options = parsed()
    with open(options.run) as file:
        run = json.load(file)
    if options.to:
        run["outputs"]["to"] = options.to
    if options.with_parent:
        end_with_parent()
    limit(run["timeout"])
    spark = Spark(run)
    try:
        report = once(run, spark, options.code)
    except (RunError, InputError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)
    finally:
        spark.stop()
    tell(report, options.report)


class RunError(Exception):
    """What a user can mend; shown without a trace."""


def once(run, spark, code):
    """Runs it unless its result is there; what is to be told of it."""
    files = spark.files(run["outputs"]["to"])
    inputs, observed = prepare_inputs(run["inputs"], spark)
    address = salted(run, observed)
    result = Result(files, run["outputs"]["to"], run["name"], address)
    manifest = result.manifest()
    if manifest is not None:
        progress(f"not run again: the result is in {result.prefix}")
        return {"state": "skipped", "prefix": result.prefix, "manifest": manifest}
    attempt = Attempt(files, result, run["timeout"])
    try:
        manifest = carried_out(run, spark, code, inputs, attempt)
    finally:
        attempt.discard()
    sweep_expired(files, run)
    progress(f"finished: the result is in {result.prefix}")
    return {"state": "finished", "prefix": result.prefix, "manifest": manifest}


def carried_out(run, spark, code, inputs, attempt):
    started = now()
    paths = {name: value["path"] for name, value in inputs.items()}
    context = Context(run["parameters"], paths, attempt, spark.session(code) if run["spark"] else None)
    function = entry_point(code, run["entry"])
    try:
        function(context)
    except Exception:
        traceback.print_exc()
        raise RunError(f"{run['entry']['file']} failed; what it said is above. Nothing was published.") from None
    missing = [name for name in run["outputs"]["files"] if not attempt.has(name)]
    if missing:
        raise RunError(
            f"{run['entry']['file']} did not write {', '.join(missing)}, which `outputs.files` expects: write them to "
            "context.output(name), or take them off the list. Nothing was published."
        )
    return attempt.publish(
        {
            "name": run["name"],
            "rerun": run.get("rerun"),
            "parameters": run["parameters"],
            "inputs": {name: value["identity"] for name, value in inputs.items()},
            "code": run["code"],
            "image": run["image"],
            "lock": run["lock"],
            "started": started,
            "finished": now(),
            "software": versions(run["spark"]),
        }
    )


def entry_point(code, entry):
    sys.path.insert(0, os.path.join(code, os.path.dirname(entry["file"])))
    module = importlib.import_module(os.path.splitext(os.path.basename(entry["file"]))[0])
    function = getattr(module, entry["function"], None)
    if not callable(function):
        raise RunError(
            f"{entry['file']} has no function `{entry['function']}`: write `def {entry['function']}(context):`, or name "
            "another as `code.entry: file.py:function`."
        )
    return function


def limit(seconds):
    """Ends the process when the run takes longer than it may; what it wrote is not published."""

    def end():
        print(f"error: ended after {seconds} s, which is its `timeout`. Nothing was published.", file=sys.stderr)
        sys.stderr.flush()
        os._exit(EXIT_TIMEOUT)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()


def end_with_parent():
    """Ends when the one who started it is gone, however that went: standard input is closed then."""

    def watch():
        while os.read(0, 1024):
            pass
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")


def tell(report, path):
    if path:
        with open(path, "w") as file:
            json.dump(report, file)


def parsed():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", help="the resolved run, JSON")
    parser.add_argument("--code", default=os.path.join(os.path.dirname(here), "code"), help="folder of the code")
    parser.add_argument("--to", help="where results go instead of `outputs.to`")
    parser.add_argument("--report", help="file to write what became of it to, JSON")
    parser.add_argument("--with-parent", action="store_true", help="end when standard input is closed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
