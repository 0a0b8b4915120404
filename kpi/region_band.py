"""A municipality beside the region, through the disclosure rules: shares of rounded counts, never an amount.

What is left of the region without the own municipality must be fit to be shown too: the difference of two shown
figures is a figure about the others (stoplight, P-02 and P-03).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from accounts.scope import Scope
from kpi import selectors
from kpi.calc.definition import Measure, Unit
from kpi.calc.disclosure import DEFAULT, Hidden, shown_share
from kpi.calc.peers import limits
from kpi.calc.periods import RANGE
from kpi.models import Run
from kpi.selection import Selection
from kpi.selectors import Figure


@dataclass(frozen=True, slots=True)
class Compared:
    """An own share, the region's, and between which limits chance puts a share of so many cases (2.5% on each side)."""

    measure: Measure
    own: Figure
    region: float
    low: float
    high: float


def fit(measure: Measure) -> bool:
    """Whether a measure is a share of cases: the only thing shown of others."""
    return measure.unit == Unit.PERCENT and not measure.of_money


def hidden(scope: Scope, selection: Selection) -> bool:
    """Whether nothing of others may stand beside a municipality: over a range of months that somebody chose.

    Rounded counts of ranges that differ by one month would tell the counts of that month exactly.
    """
    return not scope.region and selection.period.kind == RANGE


def region_shares(
    scope: Scope, run: Run, selection: Selection, measures: Iterable[Measure], own: Iterable[Figure]
) -> dict[tuple[str, str], Fraction]:
    """The region's share per measure and detail as the scope may see it; ``own``: the selection's own figures.

    Nothing beside a provider: the region less one's own would tell of its clients elsewhere.
    """
    if selection.provider or selection.narrowed or hidden(scope, selection):
        return {}
    codes = [measure.code for measure in measures if fit(measure)]
    whole = Selection(selection.period, domain=selection.domain)
    labels = [selection.period.label]
    found = selectors.figures(Scope(region=True), run, whole, codes, labels, details=True)
    ours = {(figure.measure, figure.detail): figure for figure in own if figure.period == selection.period.label}
    shares = {
        key: _exact(figure) if scope.region else _protected(figure, ours.get(key))
        for figure in found
        if (key := (figure.measure, figure.detail))
    }
    return {key: share for key, share in shares.items() if isinstance(share, Fraction)}


def decides(measure: Measure, whole: Figure, own: Figure | None) -> bool:
    """Whether the region's figure may decide a colour that the own municipality sees.

    Not where the rest of the region is too small to show: own figures around the limit would tell on which side it
    lies, and with that the few cases of others.
    """
    if fit(measure):
        return isinstance(_protected(whole, own), Fraction)
    return _cases(whole) - _cases(own) >= DEFAULT.smallest


def _cases(figure: Figure | None) -> int:
    if figure is None:
        return 0
    return (figure.numerator if figure.denominator is None else figure.denominator) or 0


def band(measure: Measure, own: Figure, region: Fraction) -> Compared | None:
    """The own share in the band of chance around the region's; None without cases."""
    if not own.denominator:
        return None
    low, high = limits([own.denominator], float(region))
    return Compared(measure, own, float(region), float(low[0]), float(high[0]))


def _exact(figure: Figure) -> Fraction | Hidden:
    return Fraction(figure.numerator or 0, figure.denominator) if figure.denominator else Hidden.PROTECTED


def _protected(whole: Figure, own: Figure | None) -> Fraction | Hidden:
    shown = shown_share(whole.numerator or 0, whole.denominator)
    if own is None:
        return shown
    others = max(0, (whole.numerator or 0) - (own.numerator or 0))
    rest = shown_share(others, max(0, (whole.denominator or 0) - (own.denominator or 0)))
    return rest if isinstance(rest, Hidden) else shown
