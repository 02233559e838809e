"""`python spark_driver.py CONF`: a real Spark driver in client mode, with the properties of a JSON file, that asks for its
executors and stays until standard input is closed. It says `asked` once Spark has its application."""

import json
import sys

from pyspark import SparkConf, SparkContext

with open(sys.argv[1]) as file:
    conf = SparkConf().setAll(sorted(json.load(file).items()))
context = SparkContext(conf=conf)
print("asked", context.applicationId, flush=True)
sys.stdin.read()
context.stop()
