"""Muon pairs of a proton-proton collider, as a tracker with a resolution of one or two per cent would measure them.

A toy: masses and widths are real, kinematics and rates are only roughly so.
"""

import numpy

from resonances import MUON_MASS, RESONANCES

# Pairs without a resonance: Drell-Yan and accidental ones, dN/dm ~ m^-slope between these masses (GeV).
CONTINUUM = (0.25, 250.0)
SLOPE = 1.9

# Transverse momentum of pairs, dN/dpt ~ pt / (1 + (pt / PT_SCALE)^2)^PT_POWER: the usual form for quarkonia.
PT_SCALE = 7.0
PT_POWER = 2.6

# Rapidity of pairs: a Gaussian of this width.
RAPIDITY_WIDTH = 1.3

# Errors of the direction, in radians, and of pt, relative and growing with pt (per GeV).
ANGLE_RESOLUTION = 0.0005
PT_RESOLUTION = 0.0001


def muons(seed, block, size, resolution):
    """Transverse momentum (GeV), pseudorapidity and azimuth of both muons of `size` events, as measured."""
    random = numpy.random.Generator(numpy.random.Philox(key=[seed, block]))
    mass = masses(random, size)
    first, second = decay(random, mass)
    columns = {}
    for i, momentum in (("1", first), ("2", second)):
        for name, values in measured(random, momentum, resolution).items():
            columns[name + i] = values
    return columns


def masses(random, size):
    low, high = CONTINUUM
    power = 1.0 - SLOPE
    mass = (low**power + random.random(size) * (high**power - low**power)) ** (1.0 / power)
    kind = random.choice(
        len(RESONANCES) + 1,
        size=size,
        p=[r.share for r in RESONANCES] + [1.0 - sum(r.share for r in RESONANCES)],
    )
    for index, resonance in enumerate(RESONANCES):
        chosen = kind == index
        mass[chosen] = breit_wigner(random, resonance, int(chosen.sum()))
    return mass


def breit_wigner(random, resonance, size):
    """Masses of a resonance, within twenty widths and above two muons."""
    half = resonance.width / 2
    lowest = max(resonance.mass - 40 * half, 2 * MUON_MASS + 0.01)
    from_angle = numpy.arctan((lowest - resonance.mass) / half)
    return resonance.mass + half * numpy.tan(random.uniform(from_angle, numpy.arctan(40.0), size))


def decay(random, mass):
    """Momenta (px, py, pz) of two muons from a pair of this mass, which decays alike in every direction."""
    size = mass.size
    pt = PT_SCALE * numpy.sqrt((1.0 - random.random(size)) ** (1.0 / (1.0 - PT_POWER)) - 1.0)
    azimuth = random.uniform(-numpy.pi, numpy.pi, size)
    rapidity = random.normal(0.0, RAPIDITY_WIDTH, size)
    transverse_mass = numpy.sqrt(mass**2 + pt**2)
    energy = transverse_mass * numpy.cosh(rapidity)
    pair = numpy.stack([pt * numpy.cos(azimuth), pt * numpy.sin(azimuth), transverse_mass * numpy.sinh(rapidity)])

    own_momentum = numpy.sqrt(mass**2 / 4 - MUON_MASS**2)
    cosine = random.uniform(-1.0, 1.0, size)
    sine = numpy.sqrt(1.0 - cosine**2)
    angle = random.uniform(-numpy.pi, numpy.pi, size)
    own = own_momentum * numpy.stack([sine * numpy.cos(angle), sine * numpy.sin(angle), cosine])
    return boosted(own, mass, pair, energy), boosted(-own, mass, pair, energy)


def boosted(own, mass, pair, energy):
    """A muon's momentum in the laboratory; in the pair's own frame it has half of its mass as energy."""
    along = (pair * own).sum(axis=0) / (mass * (energy + mass))
    return own + pair * (along + 0.5)


def measured(random, momentum, resolution):
    """What a tracker makes of a momentum: pt off by `resolution` of itself, and a little more where it is straight."""
    px, py, pz = momentum
    pt = numpy.hypot(px, py)
    spread = numpy.hypot(resolution, PT_RESOLUTION * pt)
    size = pt.size
    return {
        "pt": numpy.maximum(pt * (1.0 + spread * random.standard_normal(size)), 0.01),
        "eta": numpy.arcsinh(pz / pt) + ANGLE_RESOLUTION * random.standard_normal(size),
        "phi": numpy.arctan2(py, px) + ANGLE_RESOLUTION * random.standard_normal(size),
    }
