"""The lights of a whole column of figures at once; each is exactly what ``light.judge`` says of it alone.

Arrays are float64 and of one length, or one number for all; NaN is unknown.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kpi.calc.light import SMALLEST, Kind, Light, State, Z, student

STATES = tuple(State)
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Bounds = tuple[Floats, Floats]


@dataclass(frozen=True)
class Lights:
    """Per figure: its state as a place in STATES, whether it is certain, and its interval (NaN: spread unknown)."""

    code: npt.NDArray[np.int8]
    certain: Bools
    low: Floats
    high: Floats

    def __len__(self) -> int:
        return len(self.code)

    def __getitem__(self, place: int) -> Light:
        low, high = (None if np.isnan(bound[place]) else float(bound[place]) for bound in (self.low, self.high))
        return Light(STATES[self.code[place]], bool(self.certain[place]), low, high)


def judge_many(
    kind: Kind,
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    value: npt.ArrayLike,
    direction: str,
    green: npt.ArrayLike,
    red: npt.ArrayLike,
    *,
    below: npt.ArrayLike = 0.0,
    above: npt.ArrayLike = 0.0,
    squares: npt.ArrayLike = np.nan,
    sufficient_data: npt.ArrayLike = True,
) -> Lights:
    """The lights of figures of one kind under norms of one direction; ``green`` and ``red`` NaN: no norm.

    ``below`` and ``above``: the spread of the limits, as in ``light.Norm``.
    """
    parts = (numerator, denominator, value, green, red, squares, below, above)
    top, bottom, p, g, r, square, less, more, enough = np.broadcast_arrays(
        *(np.asarray(part, dtype=np.float64) for part in parts), np.asarray(sufficient_data, dtype=bool)
    )
    known = enough & ~np.isnan(p)
    low, high = (np.where(known, bound, np.nan) for bound in intervals(kind, top, bottom, p, square))
    code, certain = _colour(direction, p, *_against(p, low, high, less, more), g, r)
    without_norm = np.isnan(g) | np.isnan(r)
    cases = p if kind == Kind.COUNT else np.full_like(p, np.nan) if kind == Kind.AMOUNT else bottom
    gates = [~enough, without_norm, np.isnan(p) | (cases < SMALLEST)]
    grey = [STATES.index(state) for state in (State.NO_DATA, State.NO_NORM, State.TOO_FEW)]
    judged = np.select(gates, grey, default=code).astype(np.int8)
    return Lights(judged, certain & ~np.logical_or.reduce(gates), low, high)


def intervals(kind: Kind, top: Floats, bottom: Floats, p: Floats, squares: Floats) -> Bounds:
    """The 95% intervals of values; NaN where the spread is unknown."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if kind == Kind.PROPORTION:
            return _where((bottom > 0) & (top >= 0) & (top <= bottom), _wilson(top, bottom))
        if kind == Kind.COUNT:
            return _where(p >= 0, _byar(p))
        if kind == Kind.RATE:
            low, high = _byar(top)
            return _where((bottom > 0) & (top >= 0), (low / bottom, high / bottom))
        if kind == Kind.MEAN:
            return _where(bottom >= 2, _mean(p, bottom, squares))
    return _where(np.zeros(p.shape, dtype=bool), (p, p))


def _where(valid: Bools, bounds: Bounds) -> Bounds:
    low, high = bounds
    return np.where(valid, low, np.nan), np.where(valid, high, np.nan)


def _wilson(top: Floats, n: Floats) -> Bounds:
    p = top / n
    centre = p + Z * Z / (2 * n)
    half = Z * np.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    scale = 1 + Z * Z / n
    return np.maximum(0.0, (centre - half) / scale), np.minimum(1.0, (centre + half) / scale)


def _byar(count: Floats) -> Bounds:
    below = 1 - 1 / (9 * count) - Z / (3 * np.sqrt(count))
    more = count + 1
    above = 1 - 1 / (9 * more) + Z / (3 * np.sqrt(more))
    low = np.where(count == 0, 0.0, np.maximum(0.0, count * (below * below * below)))
    return low, more * (above * above * above)


def _mean(mean: Floats, n: Floats, squares: Floats) -> Bounds:
    variance = np.maximum(0.0, squares - n * mean * mean) / (n - 1)
    half = student(n - 1) * np.sqrt(variance / n)
    return mean - half, mean + half


def _against(p: Floats, low: Floats, high: Floats, below: Floats, above: Floats) -> Bounds:
    fixed = (below == 0) & (above == 0)
    return np.where(fixed, low, p - np.hypot(p - low, above)), np.where(fixed, high, p + np.hypot(high - p, below))


def _colour(direction: str, p: Floats, low: Floats, high: Floats, g: Floats, r: Floats) -> tuple[Floats, Bools]:
    """Codes and certainty as if no gate closed; comparisons with an unknown bound are never certain."""
    on, attention, off = (STATES.index(state) for state in (State.ON_NORM, State.ATTENTION, State.OFF_NORM))
    if direction == "band":
        good, sure = (g <= p) & (p <= r), (g <= low) & (high <= r)
        apart = (low > r) | (high < g)
        return np.select([good, apart], [on, off], default=attention), np.where(good, sure, apart)
    if direction == "hoger":
        p, low, high, g, r = -p, -high, -low, -g, -r
    good, apart = p <= g, low > g
    code = np.select([good, ~apart, p <= r], [on, attention, attention], default=off)
    return code, np.where(good, high <= r, apart)
