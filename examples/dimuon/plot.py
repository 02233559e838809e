"""The spectrum as a figure: events a GeV against the pair's mass, both logarithmic."""

import matplotlib

matplotlib.use("Agg")

import numpy
from matplotlib import pyplot
from matplotlib.ticker import FuncFormatter, NullFormatter

from resonances import RESONANCES

INK = "#1b2a41"
FILL = "#c9dcef"
LINE = "#1f5f99"

STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 11,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.linewidth": 1.0,
    "mathtext.fontset": "dejavusans",
    "svg.hashsalt": "dimuon",
}

# Peaks that stand together get one label; and where the labels stand, in points from the top of the peak.
LABELS = {
    ("rho", "omega"): (r"$\rho$, $\omega$", (-6, 8)),
    ("phi",): (r"$\phi$", (4, 8)),
    ("jpsi",): (r"J/$\psi$", (0, 8)),
    ("psi2s",): (r"$\psi$(2S)", (14, 8)),
    ("upsilon1s", "upsilon2s", "upsilon3s"): ("ϒ(1S, 2S, 3S)", (0, 8)),
    ("z",): ("Z", (0, 8)),
}


def draw(edges, counts, parameters, *files):
    with pyplot.rc_context(STYLE):
        figure, axes = pyplot.subplots(figsize=(9, 6), layout="constrained")
        density = counts / numpy.diff(edges)
        spectrum(axes, edges, density)
        label_peaks(axes, edges, density)
        describe(axes, int(counts.sum()), parameters)
        upsilons(axes.inset_axes([0.665, 0.655, 0.315, 0.295]), edges, density)
        for file in files:
            # Without a date the same spectrum gives the same file.
            metadata = {"Date": None} if file.endswith(".svg") else {"Software": None}
            figure.savefig(file, dpi=160, metadata=metadata)
        pyplot.close(figure)


def spectrum(axes, edges, density):
    axes.stairs(density, edges, fill=True, color=FILL, lw=0)
    axes.stairs(density, edges, color=LINE, lw=0.9)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(edges[0], edges[-1])
    filled = density[density > 0]
    axes.set_ylim(filled.min() / 2, filled.max() * 25)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(r"$m_{\mu\mu}$ [GeV]", fontsize=13, loc="right")
    axes.set_ylabel("Events / GeV", fontsize=13, loc="top")
    axes.tick_params(which="both", direction="in", top=True, right=True)
    axes.tick_params(which="major", length=7)
    axes.tick_params(which="minor", length=4)


def label_peaks(axes, edges, density):
    by_key = {resonance.key: resonance for resonance in RESONANCES}
    for keys, (label, offset) in LABELS.items():
        masses = [by_key[key].mass for key in keys]
        middle = float(numpy.exp(numpy.mean(numpy.log(masses))))
        near = (edges[:-1] > min(masses) * 0.97) & (edges[1:] < max(masses) * 1.03)
        height = density[near].max() if near.any() else 1.0
        axes.annotate(label, (middle, height), offset, textcoords="offset points", ha="center", fontsize=12)


def describe(axes, selected, parameters):
    lines = [
        r"$\mathbf{Generated\ muon\ pairs}$",
        f"{selected:,} selected of {parameters['events']:,}".replace(",", "\u2009"),
        rf"$p_T^\mu >$ {parameters['minimum_pt']:g} GeV, $|\eta^\mu| <$ {parameters['maximum_eta']:g}",
    ]
    axes.text(0.03, 0.05, "\n".join(lines), transform=axes.transAxes, va="bottom", fontsize=10.5, linespacing=1.5)


def upsilons(axes, edges, density):
    """The three Upsilon states are too near to each other for the large scale."""
    axes.stairs(density / 1000, edges, fill=True, color=FILL, lw=0)
    axes.stairs(density / 1000, edges, color=LINE, lw=1.0)
    axes.set_xlim(8.8, 11.2)
    inside = density[(edges[:-1] > 8.8) & (edges[1:] < 11.2)] / 1000
    axes.set_ylim(0, inside.max() * 1.3 if inside.size else 1)
    for resonance in RESONANCES:
        if resonance.key.startswith("upsilon"):
            near = (edges[:-1] > resonance.mass * 0.99) & (edges[1:] < resonance.mass * 1.01)
            axes.annotate(
                resonance.label[2:-1],
                (resonance.mass, density[near].max() / 1000 if near.any() else 0),
                (0, 4),
                textcoords="offset points",
                ha="center",
                fontsize=9,
            )
    axes.set_title(r"ϒ states, $10^3$ events / GeV", fontsize=9, pad=4)
    axes.tick_params(direction="in", top=True, right=True, labelsize=8.5)
