"""What each page shows, put together from selectors and presenters; a page is text and lights, no request."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from accounts.scope import Scope
from kpi import presenters, selectors
from kpi.calc.definition import Definition, Measure, Unit
from kpi.calc.disclosure import Hidden, shown_share
from kpi.calc.frames import to_date
from kpi.calc.indicators import DEFINITIONS
from kpi.calc.periods import Period, of_date, previous, up_to
from kpi.gates import DataGate
from kpi.models import Basis, Run
from kpi.norms import Applied, NormBook
from kpi.selection import Selection
from kpi.selectors import Figure
from kpi.wording import period_name, value_text

TREND_MONTHS = 12
COUNTED = {
    "Buiten norm": "buiten norm",
    "Let op": "let op",
    "Op norm": "op norm",
    "Te weinig": "met te weinig gevallen",
    "Onvoldoende data": "met onvoldoende data",
    "Geen kader": "zonder norm",
}
PARAMETERS = {"domain": "zorgdomein", "municipality": "gemeente", "provider": "aanbieder"}


@dataclass(frozen=True)
class View:
    """Who looks, at which run, with which norms and names."""

    scope: Scope
    run: Run
    book: NormBook
    names: dict[str, dict[str, str]]
    gate: DataGate
    regional: dict[tuple[str, str], float | None] = field(default_factory=dict)

    def name(self, dimension: str, code: str) -> str:
        return self.names[dimension].get(code, "Onbekend" if code == "onbekend" else code)

    def applied(self, measure: Measure, selection: Selection) -> Applied | None:
        """The norm of one figure among many; a difference with a year before needs a question each and is left out."""
        norm = self.book.version(measure.code, selection)
        compared = self._of_region(measure, selection.period) if norm and norm.basis == Basis.REGION else None
        return self.book.applied(measure, selection, compared)

    def _of_region(self, measure: Measure, period: Period) -> float | None:
        """The region's value, asked once; it decides a colour and is not shown."""
        key = (measure.code, period.label)
        if key not in self.regional:
            found = selectors.figures(Scope(region=True), self.run, Selection(period), [measure.code], [period.label])
            self.regional[key] = found[0].value if found else None
        return self.regional[key]

    def place(self, selection: Selection) -> str:
        """The selection in words, without its period."""
        return ", ".join(self.name(dimension, code) for dimension, code in selection.chosen.items()) or "hele regio"

    def title(self, selection: Selection) -> str:
        """The selection in words."""
        return f"{self.place(selection)}, {period_name(selection.period)}"


def view_of(scope: Scope, run: Run) -> View:
    gate = DataGate(run.as_of, selectors.latest_messages(scope, run))
    return View(scope, run, NormBook(selectors.norms()), selectors.names(), gate)


def query(selection: Selection, *, without: Iterable[str] = (), **extra: str) -> str:
    """The selection as a query string, so that a filter goes along to the next page."""
    chosen = {PARAMETERS[name]: code for name, code in selection.chosen.items() if name not in without}
    return "?" + urlencode({"periode": selection.period.label, **chosen, **extra})


def months_up_to(last: Period, count: int = TREND_MONTHS) -> list[Period]:
    """The months that end with the last month of a period."""
    return up_to(of_date("month", to_date(last.last)), count)


def indicator_rows(
    view: View, selection: Selection, chosen: Iterable[tuple[Definition, Measure]]
) -> list[dict[str, Any]]:
    """Rows of measures in one selection, with trend, change, norm and light; one query."""
    wanted = list(chosen)
    year = of_date("year", to_date(selection.period.first))
    trend = months_up_to(selection.period)
    labels = {period.label for period in (*trend, selection.period, year, previous(selection.period), previous(year))}
    codes = [measure.code for _, measure in wanted]
    found = selectors.figures(view.scope, view.run, selection, codes, labels, details=True)
    figures = {(figure.measure, figure.period, figure.detail): figure for figure in found}
    compared = _compared(view, selection, codes)
    region = region_shares(view, selection, [measure for _, measure in wanted])
    found_rows = [
        _row(
            view,
            selection.at(period=year) if measure.yearly_only else selection,
            definition,
            measure,
            figures,
            trend,
            compared,
        )
        for definition, measure in wanted
    ]
    for item in found_rows:
        item["region"] = region.get(item["row"].measure.code, "")
    return found_rows


def _row(
    view: View,
    selection: Selection,
    definition: Definition,
    measure: Measure,
    figures: dict[tuple[str, str, str], Figure],
    trend: list[Period],
    compared: dict[tuple[str, str], float],
) -> dict[str, Any]:
    def at(label: str) -> Figure | None:
        return figures.get((measure.code, label, measure.headline_detail))

    points = [(month.label, figure.value if (figure := at(month.label)) else None) for month in trend]
    shown = presenters.row(
        definition,
        measure,
        selection,
        at(selection.period.label),
        book=view.book,
        insufficient=view.gate.reason(measure, selection),
        compared=_comparison(view, measure, selection, compared),
        before=at(previous(selection.period).label),
        trend=[] if measure.yearly_only else points,
    )
    address = reverse("kpi:indicator", args=[definition.code])
    note = ", ".join(filter(None, (measure.headline_detail, selection.period.label if measure.yearly_only else "")))
    return {"row": shown, "url": address + query(selection, maat=measure.code), "period_note": note}


def region_shares(view: View, selection: Selection, measures: list[Measure]) -> dict[str, str]:
    """The region's shares for who sees one municipality, through the disclosure rules (P-02).

    Not beside a provider: the region less one's own would tell of its clients elsewhere.
    """
    if view.scope.region or selection.provider:
        return {}
    codes = [measure.code for measure in measures if measure.unit == Unit.PERCENT and not measure.of_money]
    whole = Selection(selection.period, domain=selection.domain)
    found = selectors.figures(Scope(region=True), view.run, whole, codes, [selection.period.label])
    shown = {figure.measure: shown_share(figure.numerator or 0, figure.denominator) for figure in found}
    return {
        code: f"regio {value_text(float(share), Unit.PERCENT)}"
        for code, share in shown.items()
        if not isinstance(share, Hidden)
    }


def _compared(view: View, selection: Selection, codes: list[str]) -> dict[tuple[str, str], float]:
    """The values that relative norms compare with, for the measures that have such a norm.

    The region's value decides a colour only; it is not shown to who may not see it.
    """
    versions = {code: view.book.version(code, selection) for code in codes}
    relative = [code for code, norm in versions.items() if norm and norm.basis != Basis.ABSOLUTE]
    if not relative:
        return {}
    year_before = of_date(selection.period.kind, _year_before(selection.period))
    whole = selectors.figures(
        Scope(region=True), view.run, Selection(selection.period), relative, [selection.period.label]
    )
    before = selectors.figures(view.scope, view.run, selection, relative, [year_before.label])
    return {(figure.measure, Basis.REGION.value): figure.value for figure in whole} | {
        (figure.measure, Basis.YEAR_BEFORE.value): figure.value for figure in before
    }


def _comparison(
    view: View, measure: Measure, selection: Selection, compared: dict[tuple[str, str], float]
) -> float | None:
    norm = view.book.version(measure.code, selection)
    return compared.get((measure.code, norm.basis)) if norm else None


def _year_before(period: Period) -> Any:
    first = to_date(period.first)
    return first.replace(year=first.year - 1)


def headlines() -> list[tuple[Definition, Measure]]:
    """The one measure per indicator that an overview shows."""
    return [(definition, definition.headline) for definition in DEFINITIONS]


def all_measures(definition: Definition) -> list[tuple[Definition, Measure]]:
    return [(definition, measure) for measure in definition.measures]


def summary(rows: list[dict[str, Any]]) -> str:
    """How many lights stand where, in one sentence."""
    words = [row["row"].light_word for row in rows]
    counted = [f"{words.count(word)} {text}" for word, text in COUNTED.items() if words.count(word)]
    return f"Van de {len(rows)} indicatoren: {', '.join(counted)}."


def onward(view: View, selection: Selection) -> list[dict[str, str]]:
    links = [
        {"url": reverse("kpi:providers") + query(selection, without=["provider"]), "text": "Lichten per aanbieder"}
    ]
    if selection.provider:
        address = reverse("kpi:provider", args=[selection.provider]) + query(selection, without=["provider"])
        links.append({"url": address, "text": f"Alles over {view.name('provider', selection.provider)}"})
    return links
