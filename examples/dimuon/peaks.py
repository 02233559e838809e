"""Positions and widths of the peaks of a spectrum, by least squares on its bins."""

import numpy
from scipy.optimize import curve_fit
from scipy.special import voigt_profile

# What mass resolution a fit begins with, relative.
FIRST_RESOLUTION = 0.01


def fit_all(edges, counts, resonances):
    """Each resonance's fitted mass with its error; resonances of one window share the resolution and the background."""
    found = {}
    for window in dict.fromkeys(r.window for r in resonances):
        members = [r for r in resonances if r.window == window]
        found.update(fit(edges, counts, window, members))
    return found


def fit(edges, counts, window, members):
    inside = (edges[:-1] >= window[0]) & (edges[1:] <= window[1])
    low, high, count = edges[:-1][inside], edges[1:][inside], counts[inside]
    mass, density = (low + high) / 2, count / (high - low)
    error = numpy.sqrt(numpy.maximum(count, 1)) / (high - low)

    model = model_of(window, members)
    values, covariance = curve_fit(model, mass, density, first_guess(mass, density, members), error, maxfev=20_000)
    errors = numpy.sqrt(numpy.diag(covariance))
    pull = (density - model(mass, *values)) / error
    quality = float((pull**2).sum() / (mass.size - values.size))

    resolution = abs(float(values[2]))
    return {
        member.key: {
            "mass_GeV": float(values[3 + 2 * i]),
            "mass_error_GeV": float(errors[3 + 2 * i]),
            "resolution_GeV": resolution * member.mass,
            "natural_width_GeV": member.width,
            "events": float(values[4 + 2 * i]),
            "events_error": float(errors[4 + 2 * i]),
            "expected_mass_GeV": member.mass,
            "chi2_per_degree_of_freedom": quality,
        }
        for i, member in enumerate(members)
    }


def model_of(window, members):
    """Events a GeV: Breit-Wigner peaks of known width, smeared by one relative resolution, over a power of the mass."""
    middle = sum(window) / 2

    def model(mass, level, power, resolution, *positions_and_events):
        total = level * (mass / middle) ** power
        for member, position, events in zip(members, positions_and_events[::2], positions_and_events[1::2]):
            total = total + events * voigt_profile(mass - position, abs(resolution) * member.mass, member.width / 2)
        return total

    return model


def first_guess(mass, density, members):
    level = float(numpy.median(density))
    above = float(((density - level).clip(0) * numpy.gradient(mass)).sum()) / len(members)
    guess = [level, -2.0, FIRST_RESOLUTION]
    for member in members:
        guess += [member.mass, above]
    return guess
