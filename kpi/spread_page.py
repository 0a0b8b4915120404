"""The spread of a duration or a cost over the cases of each provider: boxes without a single case in sight."""

from typing import Any

from kpi import cells
from kpi.actions import state_on
from kpi.calc.definition import Definition, Unit
from kpi.calc.indicators import MEASURES
from kpi.calc.light import SMALLEST
from kpi.calc.spread import SPREAD, Spread, spreads
from kpi.charts import Chart
from kpi.charts_many import Box, boxes
from kpi.norms import own_period
from kpi.pages import View
from kpi.places import place_url
from kpi.selection import Selection
from kpi.wording import number, period_name, shown, unit_name

MOST = 25
WHOLE = "Alle aanbieders samen"
AMOUNTS = ("P10", "1e kwartiel", "Mediaan", "3e kwartiel", "P90")
BEYOND = cells.Column("Uitschieters", ("Uitschieters", "Uitschieters (procent)"))


def page(view: View, selection: Selection, definition: Definition) -> dict[str, Any]:
    """A box per provider, the most cases first, and one for all of them; computed from the cases, so stored."""
    measure = MEASURES[SPREAD[definition.code]]
    own = own_period(selection, measure)
    found = spreads(state_on(view.run.as_of), definition.code, own.period, own.chosen, "provider", SMALLEST)
    whole = found.pop("", None)
    if whole is None:
        return {"smallest": SMALLEST}
    ordered = sorted(found.items(), key=lambda item: (-item[1].cases, item[0]))
    drawn = [(WHOLE, whole), *((view.name("provider", code), spread) for code, spread in ordered[:MOST])]
    return {
        "smallest": SMALLEST,
        "chart": Chart(
            id="spreiding",
            title=f"{definition.name}, spreiding per aanbieder: {view.place(own)}, {period_name(own.period)}",
            unit=unit_name(measure),
            as_of=view.run.as_of,
            note="Kastje: de middelste helft. Streep: de mediaan. Lijn: van P10 tot P90.",
            figure=boxes([_box(name, spread, measure.unit) for name, spread in drawn], unit_name(measure)),
            heads=(),
        ),
        "table": {
            "id": "spreiding-tabel",
            "title": "Dezelfde cijfers als tabel",
            "heads": ("Aanbieder", "Gevallen", *(cells.of_measure(measure, head) for head in AMOUNTS), BEYOND),
            "rows": [
                {"name": WHOLE, "cells": _cells(whole, measure.unit)},
                *(
                    {
                        "code": code,
                        "name": view.name("provider", code),
                        "url": place_url(own.at(provider=code), "provider"),
                        "cells": _cells(spread, measure.unit),
                    }
                    for code, spread in ordered
                ),
            ],
        },
    }


def _box(name: str, spread: Spread, unit: Unit) -> Box:
    amounts = (shown(float(amount), unit) for amount in _amounts(spread))
    return Box(name, *amounts, cases=spread.cases, beyond=spread.beyond)


def _amounts(spread: Spread) -> tuple[Any, ...]:
    return spread.p10, spread.q1, spread.median, spread.q3, spread.p90


def _cells(spread: Spread, unit: Unit) -> list[cells.Cell]:
    amounts = [cells.Quantity(float(amount), unit) for amount in _amounts(spread)]
    share = cells.share(spread.beyond, spread.cases)
    beyond = cells.Parted(f"{number(spread.beyond)} ({share})", (spread.beyond, share))
    return [cells.count(spread.cases), *amounts, beyond]
