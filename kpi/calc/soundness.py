"""How sound the data are: a score from 0 to 100 out of what was examined and what was found wrong."""

from collections.abc import Iterable

SMALLEST = 10  # of fewer examined a share says nothing, as with the lights


def score(checks: Iterable[tuple[int, int]]) -> int | None:
    """The mean over the checks (examined, wrong) of the share that is right, out of 100 and rounded down.

    Every check weighs the same, whatever its volume: a region has thirty claim lines for one stop. Checks of fewer
    than SMALLEST do not count; None when none is left. Rounded down, so that 100 means that nothing is wrong.
    """
    used = [(examined, wrong) for examined, wrong in checks if examined >= SMALLEST]
    if not used:
        return None
    whole, right = 1, 0
    for examined, wrong in used:  # one fraction, in whole numbers: right / whole
        whole, right = whole * examined, right * examined + (examined - wrong) * whole
    return 100 * right // (whole * len(used))
