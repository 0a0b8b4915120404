"""A municipality beside the region, through the disclosure rules: shares of rounded counts, never an amount.

What is left of the region without the own municipality must be fit to be shown too: the difference of two shown
figures is a figure about the others (stoplight, P-02 and P-03). So is a quarter less two of its months: see
``adding_up``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from accounts.scope import Scope
from kpi import selectors
from kpi.calc.additive import PER_PERIOD
from kpi.calc.definition import Measure, Unit
from kpi.calc.disclosure import DEFAULT, Hidden, shown_share
from kpi.calc.frames import to_date, to_day
from kpi.calc.peers import limits
from kpi.calc.periods import MONTHS_PER, RANGE, Period, of_date, parts_of
from kpi.models import Run
from kpi.selection import Selection
from kpi.selectors import Figure

BELOW = {"quarter": "month", "year": "quarter"}  # what a period is the sum of


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
    label = selection.period.label
    if not scope.region:
        return _fit_shares(scope, run, selection, codes, own)
    found = {_key(figure)[:2]: _exact(figure) for figure in _of_region(run, selection, codes, [label])}
    return {key: share for key, share in found.items() if isinstance(share, Fraction)}


def _fit_shares(
    scope: Scope, run: Run, selection: Selection, codes: list[str], own: Iterable[Figure]
) -> dict[tuple[str, str], Fraction]:
    label, beside = selection.period.label, adding_up(selection.period, run)
    ours = {_key(figure): figure for figure in own if figure.period == label}
    if beside:
        more = selectors.figures(scope, run, selection, [*PER_PERIOD & {*codes}], beside, details=True)
        ours |= {_key(figure): figure for figure in more}
    shares = {
        _key(figure): _protected(figure, ours.get(_key(figure)))
        for figure in _of_region(run, selection, codes, [label, *beside])
    }
    small = {key[:2] for key, share in shares.items() if key[0] in PER_PERIOD and isinstance(share, Hidden)}
    return {
        key[:2]: share
        for key, share in shares.items()
        if key[2] == label and key[:2] not in small and isinstance(share, Fraction)
    }


def adding_up(period: Period, run: Run) -> list[str]:
    """The periods of which a figure too small to show would follow from that of ``period`` with those beside it.

    Parts that add up to a quarter or year that is over are shown together or not at all. Of one that still runs it is
    the whole that is not shown: the last whole quarter must not wait for the year to end.
    """
    as_of = to_day(run.as_of)
    longer = [kind for kind, months in MONTHS_PER.items() if months > MONTHS_PER[period.kind]]
    wholes = [of_date(kind, to_date(period.first)) for kind in longer]
    found = [part for whole in wholes if whole.last <= as_of for part in parts_of(whole, BELOW[whole.kind])]
    if period.last > as_of:
        shorter = [kind for kind, months in MONTHS_PER.items() if months < MONTHS_PER[period.kind]]
        found += [part for kind in shorter for part in parts_of(period, kind)]
    return [part.label for part in found if part != period]


def _of_region(run: Run, selection: Selection, codes: list[str], labels: list[str]) -> list[Figure]:
    whole = Selection(selection.period, domain=selection.domain)
    return selectors.figures(Scope(region=True), run, whole, codes, labels, details=True)


def _key(figure: Figure) -> tuple[str, str, str]:
    return figure.measure, figure.detail, figure.period


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
