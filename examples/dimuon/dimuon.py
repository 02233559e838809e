"""The invariant-mass spectrum of muon pairs: events are generated, reconstructed and selected, and their peaks fitted.

Everything that is random comes from one stream a block of events, keyed by the seed and the block's number: the same
parameters give the same events, however many partitions, executors or retries there are.
"""

import json

import pyarrow
from pyspark.sql import functions as F

import generator
import peaks
import plot
from resonances import MUON_MASS, RESONANCES

# Events that one random stream makes. A part of what is random: another size makes other events.
BLOCK = 20_000

MASS_RANGE = (0.3, 200.0)  # GeV

COLUMNS = "pt1 double, eta1 double, phi1 double, pt2 double, eta2 double, phi2 double"


def run(context):
    parameters = context.parameters
    context.progress(f"generating {parameters['events']:,} events")
    selected = select(with_mass(generated(context.spark, parameters)), parameters)
    spectrum = histogram(selected, parameters["bins"])

    edges, counts = spectrum
    context.progress(f"fitting {sum(counts):,} selected events")
    found = peaks.fit_all(edges, counts, RESONANCES)

    write_spectrum(context.output("spectrum.csv"), edges, counts)
    with open(context.output("peaks.json"), "w") as file:
        json.dump({"events": parameters["events"], "selected": int(sum(counts)), "peaks": found}, file, indent=2)
    context.progress("drawing")
    plot.draw(edges, counts, parameters, context.output("dimuon.png"), context.output("dimuon.svg"))


def generated(spark, parameters):
    """Reconstructed muons of every event, a row an event."""
    events, seed = parameters["events"], parameters["seed"]
    resolution = parameters["resolution"]
    blocks = -(-events // BLOCK)

    def make(batches):
        for batch in batches:
            for block in batch.column("id").to_pylist():
                size = min(BLOCK, events - block * BLOCK)
                yield pyarrow.RecordBatch.from_pydict(generator.muons(seed, block, size, resolution))

    partitions = min(blocks, 4 * spark.sparkContext.defaultParallelism)
    return spark.range(0, blocks, 1, partitions).mapInArrow(make, COLUMNS)


def with_mass(muons):
    """The pair's invariant mass from the muons' four-vectors: m^2 = (E1 + E2)^2 - |p1 + p2|^2."""
    for i in "12":
        pt, eta, phi = (F.col(f"{name}{i}") for name in ("pt", "eta", "phi"))
        muons = muons.withColumns(
            {
                f"px{i}": pt * F.cos(phi),
                f"py{i}": pt * F.sin(phi),
                f"pz{i}": pt * F.sinh(eta),
                f"e{i}": F.sqrt(F.pow(pt * F.cosh(eta), 2) + MUON_MASS**2),
            }
        )
    total = {axis: F.col(f"{axis}1") + F.col(f"{axis}2") for axis in ("e", "px", "py", "pz")}
    square = total["e"] ** 2 - total["px"] ** 2 - total["py"] ** 2 - total["pz"] ** 2
    return muons.withColumn("mass", F.sqrt(F.greatest(square, F.lit(0.0))))


def select(muons, parameters):
    """Muons that a detector would have seen."""
    chosen = muons
    for i in "12":
        chosen = chosen.where(F.col(f"pt{i}") > parameters["minimum_pt"])
        chosen = chosen.where(F.abs(F.col(f"eta{i}")) < parameters["maximum_eta"])
    return chosen


def histogram(pairs, bins):
    """Counts in bins of equal width in log(mass): their edges and contents."""
    import numpy

    low, high = numpy.log(MASS_RANGE)
    width = (high - low) / bins
    index = F.floor((F.log("mass") - low) / width).cast("int").alias("bin")
    rows = pairs.where(F.col("mass").between(*MASS_RANGE)).groupBy(index).count().collect()
    counts = numpy.zeros(bins, dtype=int)
    for row in rows:
        counts[min(row["bin"], bins - 1)] += row["count"]
    return numpy.exp(low + width * numpy.arange(bins + 1)), counts


def write_spectrum(path, edges, counts):
    with open(path, "w") as file:
        file.write("mass_low_GeV,mass_high_GeV,events\n")
        for low, high, count in zip(edges, edges[1:], counts):
            file.write(f"{low:.6f},{high:.6f},{count}\n")
