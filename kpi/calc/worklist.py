"""Which figures deserve a conversation, so that a region of thousands of cells does not send people after chance.

A figure is a candidate when its light was filled orange or red in two of the last three periods, or when it lay
beyond the funnel's 0.001 once. Of the candidates those are listed that remain after Benjamini and Hochberg (1995,
q = 0.10) over all figures of the region, and they are ordered by the shrunken value (n·p + m·θ) / (n + m): a small
provider with an extreme percentage does not come first for being small.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi.calc.frames import Contract, check
from kpi.calc.light import SMALLEST

Q = 0.10
FILLED_PERIODS = 2
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# One row per figure of the region, also those that are on norm: the false discovery rate needs them all.
FIGURES: Contract = {
    "measure": "text",
    "provider": "text",
    "cases": "int",  # n, in the last period
    "sign": "int",  # 1: high is bad, -1: low is bad
    "filled": "int",  # periods of the last three with a filled orange or red light
    "alarms": "int",  # periods of the last three beyond 0.001 on the bad side
}


def work_list(figures: pd.DataFrame, q: float = Q) -> pd.DataFrame:
    """The figures to work on, worst first: ``figures`` with ``shrunken`` and its ``excess`` beyond the region.

    ``figures`` has FIGURES and as floats ``value`` (p), ``region`` (θ), ``weight`` (m, see ``prior_weight``) and
    ``chance`` (``simes`` of the mid-P on the bad side; NaN: not tested and not listed). Figures of fewer than 10 cases
    are neither. Within a measure the order is that of the shrunken values; between measures it is their distance to
    the region, since a high share is no news where it is high everywhere.
    """
    check(figures, FIGURES, "figures")
    tested = figures["cases"].to_numpy() >= SMALLEST
    found = discoveries(np.where(tested, figures["chance"].to_numpy(np.float64), np.nan), q)
    candidate = (figures["filled"] >= FILLED_PERIODS) | (figures["alarms"] >= 1)
    listed = figures[candidate.to_numpy() & found]
    value = shrunken(*(listed[name].to_numpy(np.float64) for name in ("cases", "value", "weight", "region")))
    excess = (value - listed["region"].to_numpy(np.float64)) * listed["sign"].to_numpy(np.float64)
    ordered = listed.assign(shrunken=value, excess=excess)
    return ordered.sort_values(["excess", "measure", "provider"], ascending=[False, True, True], ignore_index=True)


def shrunken(cases: Floats, value: Floats, weight: Floats, region: Floats) -> Floats:
    """Each value drawn to the region's as if ``weight`` more cases had the region's value; that itself at infinity."""
    trust = cases / (cases + weight)
    return region + trust * (value - region)


def prior_weight(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> float:
    """m: how many cases of the region weigh as much as knowing nothing of a provider; infinite when all are alike.

    The moments of a beta-binomial: θ(1 - θ) over the spread between providers, in which their chance spread is taken
    off (Kleinman 1973).
    """
    top, bottom = np.asarray(numerator, np.float64), np.asarray(denominator, np.float64)
    top, bottom = top[bottom > 0], bottom[bottom > 0]
    total = bottom.sum()
    room = total - (bottom**2).sum() / max(total, 1) - (len(bottom) - 1)
    if len(bottom) < 2 or room <= 0:
        return float("inf")
    region = top.sum() / total
    chance = region * (1 - region)
    spread = (bottom * (top / bottom - region) ** 2).sum() - (len(bottom) - 1) * chance
    between = spread / room
    return float(max(chance / between - 1, 0.0)) if between > 0 else float("inf")


def simes(chances: npt.ArrayLike) -> Floats:
    """One chance per row out of those of its periods (Simes 1986); NaN are left out, a row of NaN stays NaN."""
    ordered = np.sort(np.asarray(chances, np.float64), axis=1)  # NaN last
    known = (~np.isnan(ordered)).sum(axis=1, keepdims=True)
    scaled = ordered * known / np.arange(1, ordered.shape[1] + 1)
    smallest: Floats = np.fmin.reduce(scaled, axis=1)
    return smallest


def discoveries(chances: npt.ArrayLike, q: float = Q) -> Bools:
    """Which chances hold, with at most a share ``q`` of false ones among them (Benjamini and Hochberg).

    NaN is untested.
    """
    chance = np.asarray(chances, np.float64)
    ordered = np.sort(chance[~np.isnan(chance)])
    holds = np.flatnonzero(ordered <= q * np.arange(1, len(ordered) + 1) / max(len(ordered), 1))
    if len(holds) == 0:
        return np.zeros(chance.shape, dtype=bool)
    found: Bools = chance <= ordered[holds[-1]]
    return found
