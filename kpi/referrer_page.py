"""Referrers: who leads clients into care, and what becomes of them; with the share whose referrer is unknown.

Source: requirements D-10 and J2 and J3: a signal to municipalities, never to providers, who have no influence on it.
"""

from collections.abc import Mapping
from typing import Any

from accounts.scope import Scope
from kpi import cells, courses, own_figures, ranges, region_band, selectors
from kpi.amounts import share_text
from kpi.calc.definition import Unit
from kpi.calc.disclosure import Hidden
from kpi.calc.disclosure_tables import protect_table
from kpi.calc.indicators import MEASURES
from kpi.charts_many import Panels
from kpi.narrowing import REFERRERS
from kpi.pages import View
from kpi.places import place_url
from kpi.referrer_selectors import counts_by_place
from kpi.selection import Selection
from kpi.selectors import Figure
from kpi.wording import number

UNKNOWN = "onbekend"
FLOW = "instroom"
HIDDEN = "afgeschermd"
WHY_HIDDEN = "Afgeschermd: zo weinig cliënten van andere gemeenten dat een aandeel iets over één van hen kan zeggen."
COLUMNS = (
    *("clienten_in_zorg", "uitstroom", "startdeclaratie_hoog", "uitval_pct", "duur_gemiddeld", "zwaarte_gemiddeld"),
    "toegekend",
)
OF_CASES = ("startdeclaratie_hoog", "uitval_pct", "duur_gemiddeld", "zwaarte_gemiddeld")  # with a denominator
SHARE, REGION, UNKNOWN_SHARE = (
    cells.in_unit(head, Unit.PERCENT) for head in ("Deel van de instroom", "In de rest van de regio", "Deel onbekend")
)
PLACES = {"municipality": ("per-gemeente", "Per gemeente"), "provider": ("per-aanbieder", "Per aanbieder")}
Figures = Mapping[str, Mapping[str, Figure]]


def without(scope: Scope) -> tuple[str, ...]:
    """The filters that the page does not have; of one municipality nothing is counted per provider."""
    return ("zorgdomein", "norm") if scope.region else ("zorgdomein", "norm", "aanbieder")


def page(view: View, selection: Selection) -> dict[str, Any]:
    """Figures per referrer, their inflow over time, and where whom refers; at most seven queries."""
    whole = selection.at(domain="")
    if selection.municipality and selection.provider:
        return {"together": True}
    return {
        "summary": summary(inflow(view, whole), came_in(view, whole)),
        "tables": [table(view, whole), *filter(None, (_per_place(view, whole, name) for name in PLACES))],
        "panels": course(view, whole),
    }


def inflow(view: View, selection: Selection) -> dict[str, int]:
    """Clients who came into care in the period, by referrer."""
    found = selectors.figures_by(view.scope, view.run, selection, "referrer", [FLOW], [selection.period.label])
    return {referrer: figure.numerator or 0 for referrer, figure in found}


def came_in(view: View, selection: Selection) -> int:
    """How many clients came into care in the period, whoever referred them."""
    found = selectors.figures(view.scope, view.run, selection, [FLOW], [selection.period.label])
    return found[0].numerator or 0 if found else 0


def summary(counts: Mapping[str, int], clients: int) -> str:
    """How many came into care, through whom most, and of how many it is unknown.

    ``clients``: of all referrers together. A client who already had care through another referrer comes in through
    this one only, so that the ``counts`` may add up to more.
    """
    whole = sum(counts.values())
    if not whole:
        return "In deze periode kwam niemand in zorg."
    known = {referrer: count for referrer, count in counts.items() if referrer != UNKNOWN}
    largest = max(known, key=lambda referrer: known[referrer], default="")
    most = f"De meesten via {_name(largest)}: {share_text(known[largest], whole)}. " if largest else ""
    unknown = counts.get(UNKNOWN, 0)
    more = f" Per verwijzer geteld zijn het er {number(whole)}: wie al zorg had via een ander, telt dan opnieuw."
    return (
        f"{_came(clients)}{more if whole != clients else ''} {most}"
        f"Van {number(unknown)} is de verwijzer onbekend ({share_text(unknown, whole)})."
    )


def _came(clients: int) -> str:
    return "Er kwam 1 cliënt in zorg." if clients == 1 else f"Er kwamen {number(clients)} cliënten in zorg."


def table(view: View, selection: Selection) -> dict[str, Any]:
    """A row per referrer; beside a municipality the region's distribution, as far as it may be shown."""
    found = own_figures.figures_by(view, selection, "referrer", [MEASURES[code] for code in (FLOW, *COLUMNS)])
    whole = sum(_count(figures) for figures in found.values())
    region = _region(view, selection, found) if selection.municipality and not selection.provider else {}
    heads = ["Verwijzer", cells.of_measure(MEASURES[FLOW]), SHARE, *([REGION] if region else [])]
    return {
        "id": "verwijzers",
        "title": "Instroom en vervolg per verwijzer",
        "lead": WHY_HIDDEN if HIDDEN in region.values() else "",
        "heads": (*heads, *(_column(selection, code) for code in COLUMNS)),
        "rows": [
            {
                "code": referrer,
                "name": name,
                "cells": [
                    cells.count(_count(found.get(referrer, {}))),
                    cells.share(_count(found.get(referrer, {})), whole),
                    *([region[referrer]] if region else []),
                    *(_cell(code, found.get(referrer, {}).get(code)) for code in COLUMNS),
                ],
            }
            for referrer, name in REFERRERS.items()
        ],
    }


def _region(view: View, selection: Selection, own: Figures) -> dict[str, cells.Cell]:
    """The distribution of the inflow in the rest of the region; to one municipality in parts that tell no other.

    To one municipality none of a range of months: see ``region_band.region_shares``.
    """
    if region_band.hidden(view.scope, selection):
        return {}
    label = selection.period.label
    beside = [] if view.scope.region else region_band.adding_up(selection.period, view.run)
    whole = _counts(view, Scope(region=True), Selection(selection.period), [label, *beside])
    ours = {(label, referrer): _count(figures) for referrer, figures in own.items()}
    ours |= _counts(view, view.scope, selection, beside) if beside else {}
    rest = {
        period: [max(0, whole.get((period, name), 0) - ours.get((period, name), 0)) for name in REFERRERS]
        for period in (label, *beside)
    }
    counts = {period: [*parts, sum(parts)] for period, parts in rest.items()}
    shown = counts[label] if view.scope.region else _shown(counts, label)
    return {referrer: _protected(part, shown[-1]) for referrer, part in zip(REFERRERS, shown, strict=False)}


def _counts(view: View, scope: Scope, selection: Selection, labels: list[str]) -> dict[tuple[str, str], int]:
    """The inflow by period and referrer."""
    found = selectors.figures_by(scope, view.run, selection, "referrer", [FLOW], labels)
    return {(figure.period, referrer): figure.numerator or 0 for referrer, figure in found}


def _shown(counts: Mapping[str, list[int]], label: str) -> list[int | Hidden]:
    """The counts of a period (``label``), each as far as none of those that add up with it is too small to show."""
    tables = {period: protect_table([line], column_totals=False)[0] for period, line in counts.items()}
    small = {number for line in tables.values() for number, part in enumerate(line) if isinstance(part, Hidden)}
    return [Hidden.PROTECTED if number in small else part for number, part in enumerate(tables[label])]


def _protected(part: int | Hidden, whole: int | Hidden) -> cells.Cell:
    if isinstance(part, Hidden) or isinstance(whole, Hidden):
        return HIDDEN
    return cells.rounded(part / whole, Unit.PERCENT) if whole > 0 else None


def course(view: View, selection: Selection) -> Panels | None:
    """The inflow per month, a small chart per referrer."""
    months = courses.computed_months(view, selection)
    labels = [month.label for month in months]
    values: dict[str, dict[str, float]] = {}
    for referrer, figure in selectors.figures_by(view.scope, view.run, selection, "referrer", [FLOW], labels):
        values.setdefault(referrer, {})[figure.period] = figure.value
    series = [(MEASURES[FLOW], name, values[referrer]) for referrer, name in REFERRERS.items() if referrer in values]
    return courses.panels(view, selection, months, series, id="instroom-verloop", title="Instroom per verwijzer")


def _per_place(view: View, selection: Selection, dimension: str) -> dict[str, Any] | None:
    """The inflow per municipality or provider by referrer; only where nothing else is chosen."""
    if selection.chosen:
        return None
    counts = counts_by_place(view.scope, view.run, dimension, FLOW, selection.period)
    if not counts:
        return None
    ident, title = PLACES[dimension]
    return {
        "id": ident,
        "title": title,
        "lead": "Instroom naar verwijzer. Een opvallende verdeling is een vraag aan de toegang van de gemeente, "
        "niet aan de aanbieder: die heeft geen invloed op de instroom.",
        "heads": (title.removeprefix("Per ").capitalize(), "Totaal", *REFERRERS.values(), UNKNOWN_SHARE),
        "rows": [
            {
                "code": code,
                "name": view.name(dimension, code),
                "url": place_url(selection.at(**{dimension: code}), dimension),
                "cells": [
                    cells.count(sum(parts.values())),
                    *(cells.count(parts.get(referrer, 0)) for referrer in REFERRERS),
                    cells.share(parts.get(UNKNOWN, 0), sum(parts.values())),
                ],
            }
            for code, parts in sorted(counts.items(), key=lambda item: (-sum(item[1].values()), item[0]))
        ],
    }


def _count(figures: Mapping[str, Figure]) -> int:
    return (figures[FLOW].numerator or 0) if FLOW in figures else 0


def _column(selection: Selection, code: str) -> cells.Column:
    measure, made = MEASURES[code], cells.with_parts if code in OF_CASES else cells.of_measure
    return made(measure, ranges.named(selection, measure))


def _cell(code: str, figure: Figure | None) -> cells.Cell:
    return (cells.figure_cell if code in OF_CASES else cells.value)(MEASURES[code], figure)


def _name(referrer: str) -> str:
    return REFERRERS.get(referrer, referrer).lower().replace("(gi)", "(GI)")
