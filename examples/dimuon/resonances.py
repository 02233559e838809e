"""Particles that decay to two muons: masses and widths in GeV, from the Particle Data Group's listings
(S. Navas et al., Phys. Rev. D 110, 030001, 2024).

`share` is how many of the generated pairs are theirs, chosen so that each is seen above the continuum in a million
events; it is no prediction of cross sections.
"""

from typing import NamedTuple


MUON_MASS = 0.1056583755


class Resonance(NamedTuple):
    key: str
    label: str
    mass: float
    width: float
    share: float
    # Where it is looked for, in GeV; resonances that overlap are fitted together.
    window: tuple[float, float]


RESONANCES = [
    Resonance("rho", r"$\rho$", 0.77526, 0.1474, 0.030, (0.50, 0.96)),
    Resonance("omega", r"$\omega$", 0.78266, 0.00868, 0.012, (0.50, 0.96)),
    Resonance("phi", r"$\phi$", 1.019460, 0.004249, 0.012, (0.97, 1.07)),
    Resonance("jpsi", r"J/$\psi$", 3.096900, 0.0000926, 0.150, (2.90, 3.30)),
    Resonance("psi2s", r"$\psi$(2S)", 3.686097, 0.000293, 0.008, (3.52, 3.86)),
    Resonance("upsilon1s", "ϒ(1S)", 9.46040, 0.00005402, 0.030, (8.80, 11.10)),
    Resonance("upsilon2s", "ϒ(2S)", 10.02326, 0.00003198, 0.009, (8.80, 11.10)),
    Resonance("upsilon3s", "ϒ(3S)", 10.3552, 0.00002032, 0.006, (8.80, 11.10)),
    Resonance("z", "Z", 91.1880, 2.4955, 0.040, (76.0, 106.0)),
]
