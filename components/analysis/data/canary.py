"""Reads a file of every mount that it is given and says which one is missing; exit code 1 then.

Without `--executors` it checks the machine that it runs on. With it, it is a Spark application: it checks the driver and
as many executors, and fails too when fewer of them than asked took part.
"""

import argparse
import json
import os
import socket
import stat
import sys
import threading
from collections import deque

#: Entries of a folder, and folders, that are looked at in search of a file.
ENTRIES, FOLDERS = 200, 200


def first_file(path):
    """The first file that can be read at or below a path, breadth first."""
    queue, visited = deque([path]), 0
    while queue and visited < FOLDERS:
        folder, visited = queue.popleft(), visited + 1
        if stat.S_ISREG(os.stat(folder).st_mode):
            return folder
        try:
            names = sorted(os.listdir(folder))[:ENTRIES]
        except PermissionError:
            if folder == path:
                raise
            continue
        for name in names:
            entry = os.path.join(folder, name)
            try:
                mode = os.stat(entry).st_mode
            except OSError:
                continue
            if stat.S_ISREG(mode) and os.access(entry, os.R_OK):
                return entry
            if stat.S_ISDIR(mode):
                queue.append(entry)
    raise FileNotFoundError("there is no file that can be read in it")


def problem_of(path):
    """What keeps a mount from being read; None when nothing does."""
    try:
        file = first_file(path)
        with open(file, "rb") as opened:
            opened.read(4096)
        return None
    except OSError as error:
        return f"{type(error).__name__}: {error.strerror or error}"


def within(seconds, path):
    """`problem_of`, but a mount that answers nothing is a problem too: such a read cannot be ended."""
    result = [f"no answer within {seconds} s"]
    reader = threading.Thread(target=lambda: result.__setitem__(0, problem_of(path)), daemon=True)
    reader.start()
    reader.join(seconds)
    return result[0]


def check(where, paths, seconds):
    """A line for each path at a place."""
    return [{"where": where, "path": path, "problem": within(seconds, path)} for path in paths]


def check_with_spark(paths, seconds, executors):
    """The driver's lines and those of each executor."""
    from pyspark import BarrierTaskContext
    from pyspark.sql import SparkSession

    lines = check(f"driver {socket.gethostname()}", paths, seconds)
    spark = SparkSession.builder.appName("data-canary").getOrCreate()
    context = spark.sparkContext
    tasks = executors * int(context.getConf().get("spark.executor.cores", "1"))

    def on_executor(_):
        BarrierTaskContext.get().barrier()
        # All workers of an executor are children of one process.
        executor = f"{socket.gethostname()}/{os.getppid()}"
        return [(executor, line) for line in check(f"executor {executor}", paths, seconds)]

    # All tasks of a barrier stage run at once, so they fill every executor.
    found = context.parallelize(range(tasks), tasks).barrier().mapPartitions(on_executor).collect()
    spark.stop()
    seen = {executor for executor, _ in found}
    if len(seen) < executors:
        lines.append({"where": "executors", "path": None, "problem": f"{len(seen)} of {executors} took part"})
    return lines + list({(line["where"], line["path"]): line for _, line in found}.values())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--read", action="append", required=True, metavar="PATH", help="a mount, or a file in it")
    parser.add_argument("--timeout", type=float, default=120, help="seconds for each")
    parser.add_argument("--executors", type=int, default=0)
    given = parser.parse_args()
    if given.executors > 0:
        lines = check_with_spark(given.read, given.timeout, given.executors)
    else:
        lines = check(f"pod {socket.gethostname()}", given.read, given.timeout)
    for line in lines:
        print(json.dumps(line), flush=True)
    missing = [line for line in lines if line["problem"] is not None]
    for line in missing:
        what = "" if line["path"] is None else f"{line['path']} is not readable: "
        print(f"MISSING on {line['where']}: {what}{line['problem']}", file=sys.stderr, flush=True)
    # A reader that hangs in a dead mount must not keep the process.
    sys.stdout.flush()
    os._exit(1 if missing else 0)


if __name__ == "__main__":
    main()
