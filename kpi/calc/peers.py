"""A provider among its peers: is its share further from the region's than chance allows?

The funnel of Spiegelhalter (2005) with the exact binomial mid-P, P(X > x) + P(X = x) / 2: below 0.025 is an alert,
below 0.001 an alarm, on either side. A figure is judged against the region, never ranked.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

ALERT, ALARM = 0.025, 0.001
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Peers:
    """Per provider the mid-P of so many or more, of so many or fewer (NaN without cases), and its level.

    ``level``: 0 within the funnel, 1 beyond the alert, 2 beyond the alarm; negative below the region.
    """

    high: Floats
    low: Floats
    level: npt.NDArray[np.int8]


def compare(numerator: npt.ArrayLike, denominator: npt.ArrayLike, share: float) -> Peers:
    """Providers against the region's ``share``; whole numbers, one per provider."""
    top, bottom = np.broadcast_arrays(np.asarray(numerator, np.int64), np.asarray(denominator, np.int64))
    if ((top < 0) | (top > np.maximum(bottom, 0))).any():
        raise ValueError("a funnel takes shares: 0 <= numerator <= denominator")
    high, low = (np.full(top.shape, np.nan) for _ in range(2))
    for n, below, above in _mid_p(bottom[bottom > 0], share):
        own = bottom == n
        high[own], low[own] = above[top[own]], below[top[own]]
    level = np.select([high < ALARM, high < ALERT, low < ALARM, low < ALERT], [2, 1, -2, -1], default=0)
    return Peers(high, low, level.astype(np.int8))


def limits(denominator: npt.ArrayLike, share: float, level: float = ALERT) -> tuple[Floats, Floats]:
    """The lower and upper line of the funnel, as shares, at denominators above 0.

    The mid-P is interpolated between whole numbers, so that a point lies beyond a line when and only when ``compare``
    says so. Where no number of cases can be beyond it, the line is 0 or 1.
    """
    bottom = np.asarray(denominator, np.int64)
    lower, upper = (np.empty(bottom.shape) for _ in range(2))
    for n, below, above in _mid_p(bottom, share):
        cases = np.arange(n + 1)
        lower[bottom == n] = np.interp(level, below, cases) / n
        upper[bottom == n] = np.interp(level, above[::-1], cases[::-1]) / n
    return lower, upper


def _mid_p(denominators: npt.NDArray[np.int64], share: float) -> Iterator[tuple[int, Floats, Floats]]:
    """Per different n: n, and for each x from 0 to n the mid-P of so many or fewer and of so many or more."""
    largest = int(denominators.max(initial=0))
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, largest + 1)))])
    for n in map(int, np.unique(denominators)):
        chance = _chances(n, share, log_factorial)
        yield n, np.cumsum(chance) - chance / 2, np.cumsum(chance[::-1])[::-1] - chance / 2


def _chances(n: int, share: float, log_factorial: Floats) -> Floats:
    """The binomial chances of 0 to n cases."""
    cases = np.arange(n + 1)
    if share <= 0 or share >= 1:
        certain: Floats = (cases == (0 if share <= 0 else n)).astype(np.float64)
        return certain
    ways = log_factorial[n] - log_factorial[cases] - log_factorial[n - cases]
    chance: Floats = np.exp(ways + cases * np.log(share) + (n - cases) * np.log1p(-share))
    return chance
