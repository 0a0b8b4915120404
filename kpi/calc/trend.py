"""Is a series moving, or only wobbling? The XmR chart of statistical process control (NHS Making Data Count).

Limits: mean ± 2.66 × the mean moving range of the baseline, its first 12 points; with fewer points they are
provisional. A month without a figure is a gap: it has no moving range and breaks a run.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum

BASELINE = 12
RUN = 7
RANGES = 2.66  # 3 / 1.128, the ratio of spread to moving range of two normal values
ROUNDING = 1e-9  # relative: a mean of equal numbers may differ from them in the last bit


@dataclass(frozen=True)
class ControlChart:
    """Limits (None without two adjoining points) and per point whether it signals.

    ``outside`` the limits; ``shift``: in 7 or more on one side of the mean; ``drift``: in 7 or more that rise or fall.
    A limit of a share may lie below 0 or above 1.
    """

    mean: float | None
    low: float | None
    high: float | None
    provisional: bool
    outside: tuple[bool, ...]
    shift: tuple[bool, ...]
    drift: tuple[bool, ...]

    @property
    def signals(self) -> tuple[bool, ...]:
        """Per point whether it says anything more than chance would."""
        return tuple(map(any, zip(self.outside, self.shift, self.drift, strict=True)))


def control_chart(values: Sequence[float | None]) -> ControlChart:
    """The chart of a series of periods in order; None where a period has no figure."""
    places = [place for place, value in enumerate(values) if value is not None]
    until = places[BASELINE - 1] + 1 if len(places) >= BASELINE else len(values)
    base = [value for value in values[:until] if value is not None]
    ranges = [abs(b - a) for a, b in pairwise(values[:until]) if a is not None and b is not None]
    drift = _runs(values, lambda before, value: _sign(value - before, abs(value)), steps=True)
    provisional = len(places) < BASELINE
    if not ranges:
        nothing = (False,) * len(values)
        return ControlChart(None, None, None, provisional, nothing, nothing, drift)
    mean, reach = fsum(base) / len(base), RANGES * fsum(ranges) / len(ranges)
    margin = ROUNDING * abs(mean)
    outside = tuple(value is not None and abs(value - mean) > reach + margin for value in values)
    shift = _runs(values, lambda _, value: _sign(value - mean, abs(mean)), steps=False)
    return ControlChart(mean, mean - reach, mean + reach, provisional, outside, shift, drift)


def _sign(difference: float, size: float) -> int:
    return 0 if abs(difference) <= ROUNDING * size else 1 if difference > 0 else -1


def _runs(values: Sequence[float | None], direction: Callable[[float, float], int], *, steps: bool) -> tuple[bool, ...]:
    """The points that lie in a run of at least RUN points of one direction; ``steps``: seen from the point before."""
    found = [False] * len(values)
    for first, last in _stretches(values, direction, steps):
        if last - first + 1 >= RUN:
            found[first : last + 1] = [True] * (last - first + 1)
    return tuple(found)


def _stretches(
    values: Sequence[float | None], direction: Callable[[float, float], int], steps: bool
) -> Iterator[tuple[int, int]]:
    """First and last place of each longest stretch of one direction other than 0."""
    first, current = 0, 0
    for place, value in enumerate(values):
        before = values[place - 1] if place and steps else value
        turn = 0 if value is None or before is None else direction(before, value)
        if turn != current:
            if current:
                yield first, place - 1
            first, current = (place - 1 if steps else place), turn
    if current:
        yield first, len(values) - 1
