"""What each page shows, put together from selectors and presenters; a page is text and lights, no request."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from accounts.scope import Scope
from kpi import as_of, narrowing, presenters, ranges, region_band, selectors
from kpi.calc.definition import Definition, Measure, Unit
from kpi.calc.frames import to_date
from kpi.calc.indicators import DEFINITIONS
from kpi.calc.periods import RANGE, Period, of_date, previous, up_to
from kpi.gates import DataGate
from kpi.lights import Shown, light_of, lights_of
from kpi.models import Norm, Run
from kpi.norm_resolver import Resolver
from kpi.norms import Applied, NormBook, own_period
from kpi.selection import NORM_OF_NOW, Selection
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
    "Niet gemeten": "hier niet gemeten",
}
PARAMETERS = {"domain": "zorgdomein", "municipality": "gemeente", "provider": "aanbieder"}
PARAMETERS |= {field: name for name, field in narrowing.DIMENSIONS.items()}


@dataclass(frozen=True)
class View:
    """Who looks, at which run, with which norms and names."""

    scope: Scope
    run: Run
    book: NormBook
    names: dict[str, dict[str, str]]
    gate: DataGate
    resolver: Resolver

    def name(self, dimension: str, code: str) -> str:
        return _name(self.names, dimension, code)

    def applied(self, measure: Measure, selection: Selection) -> Applied | None:
        """The norm of one figure."""
        return self.resolver.applied(measure, selection)

    def light(self, measure: Measure, figure: Figure | None, selection: Selection) -> Shown:
        """The light of one figure: its norm, and whether the data allow a judgement."""
        return light_of(measure, figure, *self._ruled(measure, own_period(selection, measure)))

    def _ruled(self, measure: Measure, own: Selection) -> tuple[Applied | None, str]:
        """The norm of a figure, and why the data do not allow a judgement by it."""
        applied = self.applied(measure, own)
        return applied, self.gate.reason(measure, own) if applied and applied.norm else ""

    def lights(self, asked: Iterable[tuple[Measure, Figure, Selection]]) -> list[Shown]:
        """The lights of many figures, in order; the number of queries does not grow with them."""
        cells = [(measure, figure, own_period(selection, measure)) for measure, figure, selection in asked]
        self.prepare({measure for measure, *_ in cells}, {selection for *_, selection in cells})
        return lights_of([(measure, figure, *self._ruled(measure, own)) for measure, figure, own in cells])

    def prepare(self, measures: Collection[Measure], selections: Collection[Selection]) -> None:
        """Ask at once what the lights of a list need, so that the number of queries does not grow with it."""
        asked = [own_period(selection, measure) for selection in selections for measure in measures]
        self.resolver.prepare(measures, selections)
        self.gate.prepare(dict.fromkeys(asked))

    def place(self, selection: Selection) -> str:
        """The selection in words, without its period."""
        return place(self.names, selection)

    def title(self, selection: Selection) -> str:
        """The selection in words."""
        return title(self.names, selection)


def view_of(scope: Scope, run: Run, *, now: dt.date, norms: Iterable[Norm] | None = None) -> View:
    """``now``: the day whose norms count where those of now are asked for; ``norms``: others than the stored ones."""
    gate = DataGate(scope, run, selectors.message_spans(scope, run))
    book = NormBook(selectors.norms() if norms is None else norms, now=now)
    return View(scope, run, book, selectors.names(), gate, Resolver(scope, run, book))


def place(names: dict[str, dict[str, str]], selection: Selection) -> str:
    """A selection in words, without its period."""
    known = names | {"referrer": narrowing.REFERRERS}
    if selection.product:
        known |= {"product": selectors.product_names()}
    found = [_name(known, dimension, code) for dimension, code in selection.chosen.items()]
    providers = known.get("provider", {})
    found += [narrowing.in_words(one.name, one.value, providers) for one in selection.among]
    return ", ".join(found) or "hele regio"


def title(names: dict[str, dict[str, str]], selection: Selection) -> str:
    """A selection in words."""
    return f"{place(names, selection)}, {period_name(selection.period)}"


def logged(names: dict[str, dict[str, str]], selection: Selection) -> dict[str, str]:
    """A selection for the audit log: its title, and the codes behind the names in it."""
    codes = {PARAMETERS[name]: code for name, code in selection.chosen.items()}
    known = {as_of.PARAMETER: selection.known_on} if selection.known_on else {}
    return {"cijfers": title(names, selection), **codes, **known}


def _name(names: dict[str, dict[str, str]], dimension: str, code: str) -> str:
    return names.get(dimension, {}).get(code, "Onbekend" if code == "onbekend" else code)


def query(selection: Selection, *, without: Iterable[str] = (), **extra: str) -> str:
    """The selection as a query string, so that a filter goes along to the next page."""
    chosen = {PARAMETERS[name]: code for name, code in selection.chosen.items() if name not in without}
    chosen |= {one.name: one.value for one in selection.among}
    chosen |= {name: label for name, label in (("vanaf", selection.since), ("tot", selection.until)) if label}
    period = selection.instead or selection.period
    return "?" + urlencode({"periode": period.label, **chosen, **norm_parameter(selection), **extra})


def not_followed(selection: Selection, *followed: str) -> str:
    """A note for the part of a page that follows only some of its filters, besides the period; empty when all are.

    ``followed``: dimensions; that of the provider is no filter of such pages.
    """
    names = [PARAMETERS[name] for name in selection.chosen if name not in ("provider", *followed)]
    names += [one.name for one in selection.among]
    words = ", ".join(narrowing.LABELS[name] for name in names)
    return f"Dit deel volgt deze filters niet: {words}." if words else ""


def norm_parameter(selection: Selection) -> dict[str, str]:
    """The choice of norms and of a reference date as they stand in an address."""
    known = {as_of.PARAMETER: selection.known_on} if selection.known_on else {}
    return known | ({"norm": NORM_OF_NOW} if selection.norm_of_now else {})


def months_up_to(last: Period, count: int = TREND_MONTHS) -> list[Period]:
    """The months that end with the last month of a period."""
    return up_to(of_date("month", to_date(last.last)), count)


def indicator_rows(
    view: View, selection: Selection, chosen: Iterable[tuple[Definition, Measure]]
) -> list[dict[str, Any]]:
    """Rows of measures in one selection, with trend, change, norm and light; one query."""
    wanted = list(chosen)
    own = {own_period(selection, measure).period for _, measure in wanted}
    trend = months_up_to(selection.period)
    labels = {*(period.label for period in (*trend, *own)), *map(_before, own)}
    codes = [measure.code for _, measure in wanted]
    found = selectors.figures(view.scope, view.run, selection, codes, labels, details=True)
    figures = {(figure.measure, figure.period, figure.detail): figure for figure in found}
    view.prepare([measure for _, measure in wanted], [selection])
    region = region_shares(view, selection, [measure for _, measure in wanted], found)
    found_rows = [
        _row(
            view,
            own_period(selection, measure),
            definition,
            measure,
            figures,
            trend,
            ranges.why_not(selection, measure),
        )
        for definition, measure in wanted
    ]
    for item in found_rows:
        item["region"] = region.get(item["row"].measure.code, "")
    _refer_to_notes(found_rows)
    return found_rows


def _refer_to_notes(rows: list[dict[str, Any]]) -> None:
    """A number per reason why there is no total; the reason itself stands once, under the table."""
    numbers: dict[str, int] = {}
    for item in rows:
        if reason := item["row"].no_total:
            first = reason not in numbers
            item["note"] = {"number": numbers.setdefault(reason, len(numbers) + 1), "text": reason, "first": first}


def _row(
    view: View,
    selection: Selection,
    definition: Definition,
    measure: Measure,
    figures: dict[tuple[str, str, str], Figure],
    trend: list[Period],
    why_no_total: str,
) -> dict[str, Any]:
    def at(label: str) -> Figure | None:
        return figures.get((measure.code, label, measure.headline_detail))

    points = [(month.label, figure.value if (figure := at(month.label)) else None) for month in trend]
    shown = presenters.row(
        definition,
        measure,
        selection,
        at(selection.period.label),
        applied=view.applied(measure, selection),
        judged=view.light(measure, at(selection.period.label), selection),
        before=at(_before(selection.period)),
        trend=[] if measure.yearly_only else points,
        no_norm=view.book.obstacle(measure, selection),
        untold=not selectors.tells(view.scope, measure.code),
    )
    parts = any(code == measure.code and label == selection.period.label for code, label, detail in figures if detail)
    if shown.figure is None and parts and not measure.headline_detail:
        shown = replace(shown, remark=presenters.IN_PARTS)
    shown = replace(shown, no_total=why_no_total)
    address = reverse("kpi:indicator", args=[definition.code])
    note = period_name(selection.period) if measure.yearly_only or why_no_total else ""
    return {"row": shown, "url": address + query(selection, maat=measure.code), "period_note": note}


def _before(period: Period) -> str:
    """The label of the period just before; a range of months has none."""
    return "" if period.kind == RANGE else previous(period).label


def region_shares(view: View, selection: Selection, measures: list[Measure], own: list[Figure]) -> dict[str, str]:
    """The region's shares in words, for who sees one municipality; ``own``: the figures that they stand beside."""
    if view.scope.region:
        return {}
    shares = region_band.region_shares(view.scope, view.run, selection, measures, own)
    return {
        measure.code: f"regio {value_text(float(shares[key]), Unit.PERCENT)}"
        for measure in measures
        if (key := (measure.code, measure.headline_detail)) in shares
    }


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
