"""When a light is red: size gate, interval, colour and certainty, so that lights do not cry wolf.

Low is good in the text below; other directions are mirrored. With green bound g, red bound r, value p and its 95%
interval [L, U]: p <= g is green, p <= r orange, p > r red; green is certain when U <= r, orange and red when L > g. A
value above g whose interval reaches down to g is orange and uncertain, never red: a provider whose true value is the
norm then turns red in at most about 2.5% of periods. An unknown spread claims no certainty.

A norm may itself be a difference with a measured value. Then the two spreads are put together (square-and-add: Newcombe
1998, Zou and Donner 2008), else a provider at such a norm would be red three times as often.

Sources: Wilson 1927 (proportions), Byar in Breslow & Day 1987 (counts), Student (means).
"""

from dataclasses import dataclass
from enum import StrEnum
from math import hypot, sqrt
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Z = 1.959963984540054
SMALLEST = 10  # fewer cases than this get no colour


class State(StrEnum):
    ON_NORM = "op-norm"
    ATTENTION = "let-op"
    OFF_NORM = "buiten-norm"
    TOO_FEW = "te-weinig"
    NO_NORM = "geen-kader"
    NO_DATA = "onvoldoende-data"


class Kind(StrEnum):
    """What a value is, which decides its interval."""

    PROPORTION = "deel"  # numerator of denominator cases
    COUNT = "aantal"
    RATE = "aantal per geval"  # a count over denominator cases
    MEAN = "gemiddelde"  # of denominator cases; its spread may be known
    AMOUNT = "bedrag"  # money or a ratio of money: spread unknown


@dataclass(frozen=True, slots=True)
class Norm:
    """``direction``: lager (low is good), hoger, or band (good from ``green`` to ``red``).

    ``below`` and ``above``: how far the true value that the limits were derived from may lie below and above what was
    measured; 0 for limits that are fixed.
    """

    direction: str
    green: float
    red: float
    below: float = 0.0
    above: float = 0.0


@dataclass(frozen=True, slots=True)
class Light:
    """``low`` and ``high``: the 95% interval in the unit of the value; None when the spread is unknown.

    ``reason`` says, for insufficient data, what is lacking and who can repair it.
    """

    state: State
    certain: bool = False
    low: float | None = None
    high: float | None = None
    reason: str = ""


Interval = tuple[float, float]
Number = TypeVar("Number", float, npt.NDArray[np.float64])


def wilson(numerator: float, denominator: float) -> Interval:
    """The 95% interval of a proportion; ``denominator`` above 0."""
    p, n = numerator / denominator, denominator
    centre = p + Z * Z / (2 * n)
    half = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    scale = 1 + Z * Z / n
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def byar(count: float) -> Interval:
    """The 95% interval of a Poisson count."""
    low = count * _cube(1 - 1 / (9 * count) - Z / (3 * sqrt(count))) if count else 0.0
    more = count + 1
    return max(0.0, low), more * _cube(1 - 1 / (9 * more) + Z / (3 * sqrt(more)))


def _cube(x: float) -> float:
    """By multiplication: a power may round otherwise for an array than for one number."""
    return x * x * x


def mean_interval(mean: float, cases: int, squares: float) -> Interval | None:
    """The 95% t-interval of a mean of ``cases`` values whose squares add up to ``squares``; None below two cases.

    Durations and costs are skewed to the right: there a high mean comes with a wide interval, so that red for too
    long or too dear is rarer than the 2.5% that a symmetric spread gives.
    """
    if cases < 2:
        return None
    variance = max(0.0, squares - cases * mean * mean) / (cases - 1)
    half = student(cases - 1.0) * sqrt(variance / cases)
    return mean - half, mean + half


def student(freedom: Number) -> Number:
    """The 97.5% point of Student's t by its expansion in 1 / freedom (within 0.1% from nine degrees on)."""
    return (
        Z
        + (Z**3 + Z) / (4 * freedom)
        + (5 * Z**5 + 16 * Z**3 + 3 * Z) / (96 * freedom * freedom)
        + (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / (384 * freedom * freedom * freedom)
    )


def interval(
    kind: Kind, numerator: float | None, denominator: int | None, value: float, squares: float | None
) -> Interval | None:
    """The 95% interval of a value, or None when its spread is unknown."""
    if kind == Kind.PROPORTION and numerator is not None and denominator and 0 <= numerator <= denominator:
        return wilson(numerator, denominator)
    if kind == Kind.COUNT and value >= 0:
        return byar(value)
    if kind == Kind.RATE and numerator is not None and numerator >= 0 and denominator:
        low, high = byar(numerator)
        return low / denominator, high / denominator
    if kind == Kind.MEAN and denominator and squares is not None:
        return mean_interval(value, denominator, squares)
    return None


def judge(
    kind: Kind,
    numerator: float | None,
    denominator: int | None,
    value: float | None,
    norm: Norm | None,
    *,
    squares: float | None = None,
    sufficient_data: bool = True,
    reason: str = "",
) -> Light:
    """The light of a value. ``squares``: the sum of the squared cases of a mean, when known.

    ``reason`` goes with insufficient data only.
    """
    if not sufficient_data:
        return Light(State.NO_DATA, reason=reason)
    if value is None:
        return Light(State.NO_NORM if norm is None else State.TOO_FEW)
    found = interval(kind, numerator, denominator, value, squares)
    low, high = found or (None, None)
    if norm is None:
        return Light(State.NO_NORM, False, low, high)
    cases = value if kind == Kind.COUNT else denominator if kind != Kind.AMOUNT else None
    if cases is not None and cases < SMALLEST:
        return Light(State.TOO_FEW, False, low, high)
    state, certain = _colour(value, _against(norm, value, found), norm)
    return Light(state, certain, low, high)


def _against(norm: Norm, value: float, found: Interval | None) -> Interval | None:
    """The interval of a value widened by the spread of the norm's own limits."""
    if found is None or not (norm.below or norm.above):
        return found
    return value - hypot(value - found[0], norm.above), value + hypot(found[1] - value, norm.below)


def _colour(value: float, found: Interval | None, norm: Norm) -> tuple[State, bool]:
    if norm.direction == "band":
        return _in_band(value, found, norm)
    if norm.direction == "hoger":
        mirrored = (-found[1], -found[0]) if found else None
        return _low_is_good(-value, mirrored, -norm.green, -norm.red)
    return _low_is_good(value, found, norm.green, norm.red)


def _low_is_good(value: float, found: Interval | None, green: float, red: float) -> tuple[State, bool]:
    if value <= green:
        return State.ON_NORM, found is not None and found[1] <= red
    if found is None or found[0] <= green:
        return State.ATTENTION, False
    return (State.ATTENTION if value <= red else State.OFF_NORM), True


def _in_band(value: float, found: Interval | None, norm: Norm) -> tuple[State, bool]:
    """Inside the band is good; outside it is off norm only when the whole interval is."""
    if norm.green <= value <= norm.red:
        return State.ON_NORM, found is not None and norm.green <= found[0] and found[1] <= norm.red
    apart = found is not None and (found[0] > norm.red or found[1] < norm.green)
    return (State.OFF_NORM, True) if apart else (State.ATTENTION, False)
