"""The message monitor: two clocks, one per party, and who is late on each."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from kpi import cells, courses, selectors
from kpi.calc.definition import Measure, Unit
from kpi.calc.indicators import MEASURES
from kpi.calc.light import SMALLEST
from kpi.charts_many import Panels
from kpi.pages import View, query
from kpi.selection import Selection
from kpi.selectors import Figure
from kpi.wording import number

# Whose clock runs: the party that must send the message named last.
CLOCKS = {
    "municipality": (
        "Gemeenten",
        ("doorlooptijd_315_301", "reactietijd_306", "reactietijd_308", "reactietijd_316", "reactietijd_318")
        + ("reactietijd_304", "reactietijd_325"),
    ),
    "provider": ("Aanbieders", ("wachttijd_start", "meldtijd_305", "meldtijd_307", "reactietijd_320")),
}
WITHIN = "binnen_norm"
PUNCTUAL = Measure("op_tijd", "Binnen de norm", Unit.PERCENT, False)  # over all terms of a party together
LATEST = 15


def page(view: View, selection: Selection) -> dict[str, Any]:
    """Both clocks in a selection of period, municipality and provider."""
    return {
        "sentences": [sentence(view, selection, party) for party in CLOCKS],
        "course": course(view, selection),
        "clocks": [clock(view, selection, party) for party in CLOCKS],
    }


def clock(view: View, selection: Selection, party: str) -> dict[str, Any]:
    """The terms of one party with how it kept them, and who of them is late most."""
    title, codes = CLOCKS[party]
    label = selection.period.label
    found = selectors.figures(view.scope, view.run, selection, codes, [label], details=True)
    by_part = {(figure.measure, figure.detail): figure for figure in found}
    return {
        "id": party,
        "title": title,
        "rows": [_row(MEASURES[code], by_part, selection) for code in codes if (code, "") in by_part],
        "late": [] if selection.chosen.get(party) else _late(view, selection, party, codes),
    }


def sentence(view: View, selection: Selection, party: str) -> str:
    """How many of a party's messages were in time, in one sentence."""
    found = _within(view, selection, party, [selection.period.label]).get(selection.period.label)
    name = view.name(party, selection.chosen[party]) if party in selection.chosen else CLOCKS[party][0]
    if not found:
        return f"{name}: geen termijnen in deze periode."
    top, bottom = found
    late = bottom - top
    return (
        f"{name}: {number(late)} van de {number(bottom)} keer te laat, {number(100 * top / bottom, 1)}% binnen de norm."
    )


def course(view: View, selection: Selection) -> Panels | None:
    """The share within the norm per month, a small chart per party."""
    months = courses.computed_months(view, selection)
    labels = [month.label for month in months]
    series = []
    for party, (title, _) in CLOCKS.items():
        found = _within(view, selection, party, labels)
        values = {label: top / bottom for label, (top, bottom) in found.items()}
        series.append((PUNCTUAL, f"{title}: binnen de norm", values))
    return courses.panels(
        view, selection, months, [line for line in series if line[2]], id="op-tijd", title="Berichten op tijd"
    )


def _within(view: View, selection: Selection, party: str, labels: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Per period how many messages of a party were in time, of how many with a norm."""
    found = selectors.figures(view.scope, view.run, selection, CLOCKS[party][1], labels, details=True)
    sums: dict[str, tuple[int, int]] = {}
    for figure in found:
        if figure.detail == WITHIN and figure.denominator:
            top, bottom = sums.get(figure.period, (0, 0))
            sums[figure.period] = (top + (figure.numerator or 0), bottom + figure.denominator)
    return sums


def _row(measure: Measure, by_part: dict[tuple[str, str], Figure], selection: Selection) -> dict[str, Any]:
    mean, median = by_part[measure.code, ""], by_part.get((measure.code, "mediaan"))
    within = by_part.get((measure.code, WITHIN))
    return {
        "of": measure,
        "name": measure.name,
        "url": reverse("kpi:indicator", args=["berichtenmonitor"]) + query(selection, maat=measure.code),
        "mean": cells.value(measure, mean),
        "median": cells.value(measure, median),
        "count": cells.count(mean.denominator or 0),
        "within": cells.value(PUNCTUAL, within),
    }


def _late(view: View, selection: Selection, party: str, codes: tuple[str, ...]) -> list[dict[str, Any]]:
    """The parties with the smallest share within the norm, over all clocks of their side; ten cases or more."""
    label = selection.period.label
    found = selectors.figures_by(view.scope, view.run, selection, party, codes, [label], WITHIN)
    sums: dict[str, list[int]] = {}
    for code, figure in found:
        total = sums.setdefault(code, [0, 0])
        total[0] += figure.numerator or 0
        total[1] += figure.denominator or 0
    enough = [(top / bottom, code, top, bottom) for code, (top, bottom) in sums.items() if bottom >= SMALLEST]
    return [
        {
            "code": code,
            "name": view.name(party, code),
            "url": reverse("kpi:monitor") + query(selection.at(**{party: code})),
            "within": cells.Quantity(share, Unit.PERCENT),
            "late": cells.count(bottom - top),
            "count": cells.count(bottom),
        }
        for share, code, top, bottom in sorted(enough)[:LATEST]
    ]
