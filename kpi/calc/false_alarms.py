"""How often chance alone fills a light of somebody whose true value is exactly the norm.

Computed from the rule itself: every outcome is judged, and the chances of those with a filled orange or red light are
added. Proportions are binomial, counts and rates Poisson. The t-interval of a mean gives 2.5% for a symmetric spread
(durations and costs give less), money claims no certainty and never fills a light.
"""

from dataclasses import dataclass
from math import erfc, exp, lgamma, log, sqrt

import numpy as np
import numpy.typing as npt

from kpi.calc.light import Kind, Norm, State
from kpi.calc.light_arrays import STATES, intervals, judge_many

TAIL = 0.025
REACH = 6.0  # standard deviations; beyond lies less than one in a hundred million
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """Chances per period: of a filled orange or red light, and of a red one among them."""

    filled: float
    red: float

    def __add__(self, other: "FalseAlarms") -> "FalseAlarms":
        return FalseAlarms(self.filled + other.filled, self.red + other.red)


NONE = FalseAlarms(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Before:
    """The figure that a norm is a difference with, when that is a measurement too."""

    value: float
    cases: int


def false_alarms(
    kind: Kind, cases: int, norm: Norm, *, error: float | None = None, before: Before | None = None
) -> FalseAlarms:
    """For somebody with so many cases whose true value is the green bound; of a band the bound that alarms more often.

    ``error``: the standard error of a mean. ``before``: what the limits are a difference with.
    """
    if kind == Kind.AMOUNT or (kind == Kind.MEAN and not error):
        return NONE
    bounds = (norm.green, norm.red) if norm.direction == "band" else (norm.green,)
    found = [_at(kind, cases, norm, truth, error or 0.0, before) for truth in bounds]
    return max(found, key=lambda one: one.filled)


def _at(kind: Kind, cases: int, norm: Norm, truth: float, error: float, before: Before | None) -> FalseAlarms:
    if kind == Kind.MEAN:
        beyond = 0.0 if norm.direction == "band" else abs(norm.red - norm.green)
        return FalseAlarms(TAIL, min(TAIL, erfc(beyond / error / sqrt(2)) / 2))
    outcome, chance = _outcomes(kind, cases, truth)
    green, red, below, above = (np.array([[part]]) for part in (norm.green, norm.red, 0.0, 0.0))
    if before is not None:
        earlier, chance_before = _outcomes(kind, before.cases, before.value)
        base = _value(kind, earlier, before.cases)
        low, high = intervals(kind, earlier, np.full_like(earlier, before.cases), base, np.full_like(earlier, np.nan))
        green, red = (limit - before.value + base[:, None] for limit in (norm.green, norm.red))
        below, above = (base - low)[:, None], (high - base)[:, None]
        chance = chance_before[:, None] * chance
    lights = judge_many(
        *(kind, outcome, float(cases), _value(kind, outcome, cases), norm.direction, green, red),
        below=below,
        above=above,
    )
    off, attention = (lights.code == STATES.index(state) for state in (State.OFF_NORM, State.ATTENTION))
    chance = np.broadcast_to(chance, lights.code.shape)
    return FalseAlarms(float(chance[(off | attention) & lights.certain].sum()), float(chance[off].sum()))


def _value(kind: Kind, outcome: Floats, cases: int) -> Floats:
    return outcome if kind == Kind.COUNT else outcome / cases


def _outcomes(kind: Kind, cases: int, truth: float) -> tuple[Floats, Floats]:
    """The numbers that can well occur, and their chances."""
    if kind == Kind.PROPORTION:
        share = min(max(truth, 0.0), 1.0)
        return _binomial(cases, share)
    return _poisson(max(truth, 0.0) * (1 if kind == Kind.COUNT else cases))


def _binomial(n: int, share: float) -> tuple[Floats, Floats]:
    if share in (0.0, 1.0):
        return np.array([n * share]), np.array([1.0])
    numbers = _around(n * share, sqrt(n * share * (1 - share)), n)
    logs = [
        lgamma(n + 1) - lgamma(x + 1) - lgamma(n - x + 1) + x * log(share) + (n - x) * log(1 - share) for x in numbers
    ]
    return numbers, np.exp(logs)


def _poisson(mean: float) -> tuple[Floats, Floats]:
    if mean == 0:
        return np.array([0.0]), np.array([1.0])
    numbers = _around(mean, sqrt(mean), None)
    return numbers, np.array([exp(x * log(mean) - mean - lgamma(x + 1)) for x in numbers])


def _around(mean: float, deviation: float, most: int | None) -> Floats:
    low, high = max(0, int(mean - REACH * deviation) - 10), int(mean + REACH * deviation) + 10
    return np.arange(low, (high if most is None else min(high, most)) + 1, dtype=np.float64)
