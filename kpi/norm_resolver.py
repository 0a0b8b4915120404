"""The one place where a norm becomes the limits of a figure, also when it is a difference with another figure.

A difference with the region is one with the whole region in the same care domain and period; a difference with a year
before is one with the figure itself a year earlier. The region's figure decides a colour only: it is not shown to who
may not see it, and decides none there where the rest of the region is too small to show (see ``region_band``). A figure
of a year before is as uncertain as any, so its spread counts in the judgement; the region is taken as fixed, as in a
funnel.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from accounts.scope import Scope
from kpi import region_band, selectors
from kpi.calc import light
from kpi.calc.definition import Measure, Unit
from kpi.calc.indicators import MEASURES
from kpi.calc.periods import year_before
from kpi.lights import kind_of
from kpi.models import Basis, Norm, Run
from kpi.norms import Applied, NormBook, norm_text, own_period
from kpi.selection import Selection
from kpi.selectors import Figure

MISSING = {
    Basis.REGION.value: "van de regio zijn er hier geen of te weinig gevallen om mee te vergelijken",
    Basis.YEAR_BEFORE.value: "van een jaar eerder is er geen cijfer om mee te vergelijken",
}
Wanted = tuple[str, Measure, Selection]  # a basis, and the figure to which it applies
Found = dict[tuple[str, str], Figure]  # by measure and key of the place


@dataclass(frozen=True)
class Resolver:
    """Norms of a run for who may see ``scope``; figures to compare with are asked once."""

    scope: Scope
    run: Run
    book: NormBook
    known: dict[tuple[str, str, str], Figure | None] = field(default_factory=dict)
    fixed: dict[int, Applied] = field(default_factory=dict)  # by identity of the version; the book keeps them alive

    def applied(self, measure: Measure, selection: Selection) -> Applied | None:
        """The norm of one figure; None when there is none. A yearly measure is one of the year of the period."""
        own = own_period(selection, measure)
        version = self.book.version(measure.code, own)
        if version is None:
            return None
        if id(version) not in self.fixed:
            self.fixed[id(version)] = Applied(version, limits(version, measure), norm_text(version, measure))
        fixed = self.fixed[id(version)]
        if version.basis == Basis.ABSOLUTE:
            return fixed
        compared = self.compared(measure, own, version)
        if compared is None:
            return replace(fixed, norm=None, missing=MISSING[version.basis])
        return replace(fixed, norm=limits(version, measure, compared))

    def compared(self, measure: Measure, selection: Selection, version: Norm) -> Figure | None:
        """The figure that a relative norm is a difference with."""
        key = _key(version.basis, measure, selection)
        if key not in self.known:
            self._load([(version.basis, measure, selection)])
        return self.known[key]

    def prepare(self, measures: Iterable[Measure], selections: Iterable[Selection]) -> None:
        """Ask what the relative norms of many figures compare with at once, however many there are."""
        relative = [measure for measure in measures if self.book.may_be_relative(measure.code)]
        if not relative:
            return
        figures = [(measure, own_period(selection, measure)) for selection in selections for measure in relative]
        versions = [(self.book.version(measure.code, own), measure, own) for measure, own in figures]
        self._load([(norm.basis, measure, own) for norm, measure, own in versions if norm and norm.basis in MISSING])

    def _load(self, wanted: Iterable[Wanted]) -> None:
        for basis, scope in ((Basis.REGION.value, Scope(region=True)), (Basis.YEAR_BEFORE.value, self.scope)):
            asked = [item for item in wanted if item[0] == basis and _key(*item) not in self.known]
            places = {compared_with(basis, selection) for _, _, selection in asked}
            measures = {measure for _, measure, _ in asked}
            found = selectors.figures_at(scope, self.run, measures, places)
            if scope.region and not self.scope.region:
                found = self._fit_to_decide(found, measures, places)
            for item in asked:
                place = compared_with(basis, item[2])
                self.known[_key(*item)] = found.get((item[1].code, place.key))

    def _fit_to_decide(self, found: Found, measures: Collection[Measure], places: Iterable[Selection]) -> Found:
        """Of the region's figures those that may decide a colour which one municipality sees."""
        mine = {place.key: place.within(self.scope) for place in places}
        own = selectors.figures_at(self.scope, self.run, measures, mine.values())
        return {
            (code, key): figure
            for (code, key), figure in found.items()
            if region_band.decides(MEASURES[code], figure, own.get((code, mine[key].key)))
        }


def compared_with(basis: str, selection: Selection) -> Selection:
    """Where the figure stands that a relative norm is a difference with."""
    if basis == Basis.REGION:
        return Selection(selection.period, domain=selection.domain)
    return selection.at(period=year_before(selection.period), norm_of_now=False)


def limits(norm: Norm, measure: Measure, compared: Figure | None = None) -> light.Norm:
    """The limits of a norm as numbers of the measure; ``compared`` is what a relative one is a difference with."""
    base = compared.value if compared else 0.0
    scale = 100.0 if measure.unit == Unit.EURO else 1.0  # norms on money are in euro, values in eurocents
    # Rounded, so that a difference with the region does not miss its border by the last bit of a float.
    green, red = (round(base + float(limit) * scale, 9) for limit in (norm.green, norm.red))
    if compared is None or norm.basis != Basis.YEAR_BEFORE:
        return light.Norm(norm.direction, green, red)
    return light.Norm(norm.direction, green, red, *_spread(measure, compared))


def _spread(measure: Measure, figure: Figure) -> tuple[float, float]:
    """How far the true value may lie below and above a figure; without end when its spread is unknown."""
    kind = kind_of(measure, figure)
    found = light.interval(kind, figure.numerator, figure.denominator, figure.value, figure.squares)
    return (figure.value - found[0], found[1] - figure.value) if found else (float("inf"), float("inf"))


def _key(basis: str, measure: Measure, selection: Selection) -> tuple[str, str, str]:
    return basis, measure.code, selection.key
