"""How sound the data are: a score from 0 to 100 out of what was examined and what was found wrong."""

from collections.abc import Iterable
from fractions import Fraction

SMALLEST = 10  # of fewer examined a share says nothing, as with the lights


def score(checks: Iterable[tuple[int, int]]) -> int | None:
    """The mean over the checks (examined, wrong) of the share that is right, out of 100 and rounded down.

    Every check weighs the same, whatever its volume: a region has thirty claim lines for one stop. Checks of fewer
    than SMALLEST have no share; None when none is left. 100 means that nothing is wrong, in those neither.
    """
    counted = list(checks)
    used = [(examined, wrong) for examined, wrong in counted if examined >= SMALLEST]
    if not used:
        return None
    mean = sum((Fraction(examined - wrong, examined) for examined, wrong in used), Fraction(0)) / len(used)
    flawless = all(wrong == 0 for _, wrong in counted)
    return 100 if flawless else min(int(100 * mean), 99)
