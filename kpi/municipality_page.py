"""The dashboard of one municipality: lights of its own, the region in a protected band, its inflow, costs and clock.

Source: requirements U-02, J2, J3 and D-10; the region only as ``region_band`` allows.
"""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from kpi import cells, charts, charts_many, courses, monitor_page, referrer_page, region_band, selectors
from kpi.amounts import amounts
from kpi.calc.definition import Unit
from kpi.calc.indicators import DEFINITIONS
from kpi.changes import changes
from kpi.pages import View, headlines, indicator_rows, query, summary
from kpi.region_band import Compared
from kpi.selection import Selection
from kpi.wording import period_name

COSTS = ("gefactureerd", "toegekend", "verwachte_kosten", "declaratiegraad")
# The shares that say something of a municipality as a whole, in the order of the indicators.
COMPARED = (
    *("mutaties_pct", "recidive_succes_0_4", "recidive_uitval_0_4", "startdeclaratie_hoog", "duur_uitschieters"),
    *("uitval_pct", "bericht_uitval"),
)
OWN, REGION = (cells.in_unit(head, Unit.PERCENT) for head in ("Deze gemeente", "Regio"))
TOO_FEW = (
    "In deze periode, of in een andere maand of een ander kwartaal waarmee zij optelt, zijn er te weinig gevallen om"
    " met de regio te vergelijken."
)
NO_RANGE = (
    "Naast een reeks maanden staat geen cijfer van de regio: uit reeksen die een maand verschillen, zouden aantallen"
    " van andere gemeenten te berekenen zijn. Kies een maand, kwartaal of jaar om met de regio te vergelijken."
)
BAND = cells.Column("Band van toeval", ("Band van toeval van (procent)", "Band van toeval tot (procent)"))


def page(view: View, selection: Selection) -> dict[str, Any]:
    """All of one municipality; without one, all municipalities to choose from."""
    if not selection.municipality:
        return {"tables": [every(view, selection)]}
    rows = indicator_rows(view, selection, headlines())
    return {
        "rows": rows,
        "caption": f"Indicatoren: {view.title(selection)}",
        "summary": summary(rows),
        "changes": changes(view, selection),
        "band": band(view, selection),
        "no_band": NO_RANGE if region_band.hidden(view.scope, selection) else TOO_FEW,
        "inflow": {
            "summary": referrer_page.summary(
                referrer_page.inflow(view, selection), referrer_page.came_in(view, selection)
            ),
            "table": referrer_page.table(view, selection),
            "panels": referrer_page.course(view, selection),
        },
        "costs": courses.of_measures(view, selection, COSTS, id="kosten", title="Kosten"),
        "clock": monitor_page.clock(view, selection, "municipality"),
        "late": monitor_page.sentence(view, selection, "municipality"),
        "providers": amounts(view, selection, "provider"),
        "links": list(_onward(view, selection)),
    }


def every(view: View, selection: Selection) -> dict[str, Any] | None:
    """The municipalities with what they are in size and money, each leading to its own page."""
    found = amounts(view, selection, "municipality")
    return found and found | {"title": "Kies een gemeente"}


def band(view: View, selection: Selection) -> charts.Chart | None:
    """The own shares beside the region's, in the band where chance may put a municipality of this size."""
    rows = _compared(view, selection)
    if not rows:
        return None
    exact = "" if view.scope.region else " Het cijfer van de regio is een deel van afgeronde aantallen."
    return charts.Chart(
        id="band",
        title=f"{view.name('municipality', selection.municipality)} naast de regio, {period_name(selection.period)}",
        unit="procent",
        as_of=view.run.as_of,
        note="Binnen de grijze band kan het verschil met de regio toeval zijn." + exact,
        figure=charts_many.bands(
            [
                charts_many.Band(c.measure.name, *(100 * x for x in (c.own.value, c.region, c.low, c.high)))
                for c in rows
            ],
            "procent",
        ),
        heads=("Maat", OWN, cells.PARTS, REGION, BAND, "Oordeel"),
        rows=[(compared.measure.name, _cells(compared)) for compared in rows],
    )


def _compared(view: View, selection: Selection) -> list[Compared]:
    measures = [measure for definition in DEFINITIONS for measure in definition.measures if measure.code in COMPARED]
    codes = [measure.code for measure in measures]
    own = selectors.figures(view.scope, view.run, selection, codes, [selection.period.label])
    shares = region_band.region_shares(view.scope, view.run, selection, measures, own)
    by_code = {figure.measure: figure for figure in own}
    found = [
        region_band.band(measure, by_code[measure.code], shares[measure.code, ""])
        for measure in measures
        if measure.code in by_code and (measure.code, "") in shares
    ]
    return [compared for compared in found if compared]


def _cells(compared: Compared) -> Sequence[cells.Cell]:
    measure, own = compared.measure, compared.own
    low, region, high = (cells.rounded(x, measure.unit) for x in (compared.low, compared.region, compared.high))
    return (
        cells.value(measure, own),
        cells.parts_cell(measure, own),
        region,
        cells.Parted(f"{low} tot {high}", (low, high)),
        _verdict(compared),
    )


def _verdict(compared: Compared) -> str:
    if compared.low <= compared.own.value <= compared.high:
        return "kan toeval zijn"
    return "hoger dan de regio" if compared.own.value > compared.high else "lager dan de regio"


def _onward(view: View, selection: Selection) -> Any:
    """The next questions."""
    pages = (
        ("kpi:overview", "Alle indicatoren met de werklijst"),
        ("kpi:providers", "Lichten per aanbieder"),
        ("kpi:referrers", "Verwijzers"),
        ("kpi:domain", "Zorgdomeinen"),
        ("kpi:monitor", "Berichtenmonitor"),
        ("kpi:findings", "Gegevenskwaliteit"),
    )
    for name, text in pages:
        yield {"url": reverse(name) + query(selection), "text": text}
