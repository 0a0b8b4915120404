"""Explaining a figure: its formula with the numbers filled in, and the cases behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd
from django.http import QueryDict
from django.urls import reverse

from kpi import code_names, narrow, presenters, ranges, selectors
from kpi.breakdowns import detail_name
from kpi.calc.additive import may_be_added
from kpi.calc.definition import Definition, Measure, Unit
from kpi.calc.explain import cases_behind, is_measured, needs_all, quantile_of
from kpi.calc.frames import NO_NUMBER, to_date
from kpi.cell_queries import Cell
from kpi.client_page import pseudonym
from kpi.door import BY_CODE
from kpi.lights import light_html
from kpi.models import Basis
from kpi.norms import Applied, own_period
from kpi.pages import View, query
from kpi.selection import Selection
from kpi.selectors import Figure
from kpi.wording import number, parts_text, value_text
from messaging.presenters import soort_name

SHOWN_CASES = 500
CAME_FROM = "uitleg"
HUNDREDTHS = 100  # weights are added up in hundredths
EXACT = Fraction(1, 10**6)


def of_figure(
    view: View, selection: Selection, definition: Definition, measure: Measure, part: str = ""
) -> dict[str, Any]:
    """The figure or its ``part``, its formula and its cases; ``cases`` is None where it is not measured so."""
    no_total = ranges.why_not(selection, measure)
    selection = own_period(selection, measure)
    figures = selectors.figures(view.scope, view.run, selection, [measure.code], [selection.period.label], details=True)
    by_detail = {figure.detail: figure for figure in figures}
    detail = part if part in by_detail else measure.headline_detail
    figure = by_detail.get(detail)
    behind = _cases_of(view, selection, measure, detail)
    found = behind.cases
    applied = view.applied(measure, selection)
    return {
        "definition": definition,
        "measure": measure,
        "name": measure.name_of(detail),
        "part": detail_name(view, measure, detail) if detail else "",
        "parts_links": _part_links(view, selection, definition, measure, list(by_detail), detail),
        "value": _value(measure, figure, by_detail),
        "parts": parts_text(figure.numerator, figure.denominator, measure) if figure else "",
        "no_total": no_total,
        "untold": "" if selectors.tells(view.scope, measure.code) else presenters.UNTOLD,
        "norm": applied,
        "no_norm": view.book.obstacle(measure, selection) or "Geen norm vastgesteld.",
        "compared": _compared(view, selection, measure, applied),
        "light": light_html(view.light(measure, figure, selection)) if detail == measure.headline_detail else "",
        "run": view.run,
        "count": 0 if found is None else len(found),
        "looked": behind.looked,
        "among": behind.among,
        "part_only": behind.looked < behind.among,
        "sums": None if found is None else _sums(found, measure),
        "quantile": quantile_of(measure.code, detail) is not None,
        "agrees": found is not None and behind.looked == behind.among and _agrees(found, figure, measure, detail),
        "whole": figure is None and bool(by_detail),
        "back": reverse("kpi:indicator", args=[definition.code]) + query(selection, maat=measure.code),
    } | _case_table(view, found, measure, detail, _onward(selection, definition, measure, detail))


def _onward(selection: Selection, definition: Definition, measure: Measure, detail: str) -> str:
    """For the addresses of what is behind a figure: the way back to it, with the date on which all is known."""
    part = {"onderdeel": detail} if detail else {}
    return query(selection, maat=measure.code, **part, **{CAME_FROM: definition.code})


def way_back(asked: QueryDict) -> dict[str, str]:
    """The name and the address of the explanation from which an address came; empty where it came from elsewhere."""
    definition = BY_CODE.get(asked.get(CAME_FROM, ""))
    if definition is None:
        return {}
    fields = asked.copy()
    del fields[CAME_FROM]
    return {
        "name": f"Uitleg: {definition.name}",
        "url": f"{reverse('kpi:explain', args=[definition.code])}?{fields.urlencode()}",
    }


@dataclass(frozen=True)
class Behind:
    """The cases (None where it is not measured so) of ``looked`` of the ``among`` clients that may have any."""

    cases: pd.DataFrame | None
    looked: int = 0
    among: int = 0


def _cases_of(view: View, selection: Selection, measure: Measure, detail: str) -> Behind:
    """The cases of a selection; none where they cannot be added up over what a filter keeps, or would need all of too
    many clients."""
    period, chosen = selection.period, selection.chosen
    added = not selection.contradicts and may_be_added(measure.code, [*selection.sets])
    if not selectors.tells(view.scope, measure.code) or not added or not is_measured(measure.code, period, chosen):
        return Behind(None)
    kept = {**{name: frozenset([value]) for name, value in chosen.items()}, **selection.sets}
    narrowed = narrow.of_cell(view.run, Cell(measure.code, period, kept))
    if not narrowed.whole and needs_all(measure.code, detail):
        return Behind(None, narrowed.looked, narrowed.among)
    found = cases_behind(narrowed.state, measure.code, period, chosen, detail)
    for dimension, codes in selection.sets.items() if found is not None else ():
        found = found[found[dimension].isin(codes)]
    return Behind(found, narrowed.looked, narrowed.among)


def _value(measure: Measure, figure: Figure | None, by_detail: dict[str, Figure]) -> str:
    if figure is not None:
        return value_text(figure.value, measure.unit)
    return "zie de onderdelen" if by_detail else "geen waarde"


def _part_links(
    view: View, selection: Selection, definition: Definition, measure: Measure, details: list[str], shown: str
) -> list[dict[str, Any]]:
    """The parts of a measure, each with the address of its own explanation."""
    address = reverse("kpi:explain", args=[definition.code])
    named = [(detail_name(view, measure, detail) if detail else "Geheel", detail) for detail in details]
    return [
        {
            "name": name,
            "url": address + query(selection, maat=measure.code, onderdeel=detail),
            "current": detail == shown,
        }
        for name, detail in (sorted(named, key=lambda one: (one[1] != "", one)) if any(details) else [])
    ]


def _compared(view: View, selection: Selection, measure: Measure, applied: Applied | None) -> str:
    """What a relative norm is a difference with; the region's figure only for who may see the region."""
    if applied is None or applied.absolute:
        return ""
    if applied.version.basis == Basis.REGION and not view.scope.region:
        return ""
    found = view.resolver.compared(measure, own_period(selection, measure), applied.version)
    return (
        f"{value_text(found.value, measure.unit)} {parts_text(found.numerator, found.denominator, measure)}"
        if found
        else ""
    )


def _case_table(view: View, found: pd.DataFrame | None, measure: Measure, detail: str, onward: str) -> dict[str, Any]:
    """The first cases, rejected messages before the others, and which columns they fill."""
    if found is None:
        return {"cases": None, "more": False}
    if measure.code == "bericht_uitval":
        found = found.sort_values("numerator", ascending=False, kind="stable")
    rows = list(found.head(SHOWN_CASES).itertuples(index=False))
    products = selectors.product_names()
    return {
        "cases": [_case(view, row, measure, onward, products) for row in rows],
        "more": len(found) > SHOWN_CASES,
        "with_days": any(row.days != NO_NUMBER and not row.place for row in rows),
        "with_part": not detail and any(row.detail and not row.link for row in rows),
    }


def _case(view: View, row: Any, measure: Measure, onward: str, products: Mapping[str, str]) -> dict[str, Any]:
    return {
        **_subject(row, onward),
        "number": "" if row.toewijzing_nummer == NO_NUMBER else row.toewijzing_nummer,
        "municipality": view.name("municipality", row.municipality),
        "provider": view.name("provider", row.provider),
        "product": code_names.product(row.product, products),
        "day": to_date(row.day),
        "days": "" if row.days == NO_NUMBER else number(row.days),
        "part": detail_name(view, measure, row.detail) if row.detail else "",
        "place": row.place,
        "taken": row.part > 0,
        "parts": case_amounts(row.numerator, 0 if row.place else row.denominator, measure),
    }


def _subject(row: Any, onward: str) -> dict[str, str]:
    """What a case is about: a message, or a client; known on the date that was asked."""
    key = pseudonym(row.link or row.client)
    if row.link:
        return {"name": soort_name(row.detail), "url": reverse("kpi:message", args=[key]) + onward}
    return {"name": key, "url": reverse("kpi:client", args=[key]) + onward if row.client else ""}


def case_amounts(top: int, bottom: int, measure: Measure) -> str:
    """What a case counts as: its numerator and, where it has one, its denominator."""
    if measure.unit == Unit.WEIGHT:
        return f"{number(top / HUNDREDTHS, 2)} / {number(bottom)}"
    return (
        parts_text(top, bottom, measure) if bottom else value_text(top, Unit.EURO if measure.of_money else measure.unit)
    )


def _sums(found: pd.DataFrame, measure: Measure) -> str:
    return case_amounts(int(found["numerator"].sum()), int(found["denominator"].sum()), measure)


def _agrees(found: pd.DataFrame, figure: Figure | None, measure: Measure, detail: str) -> bool:
    """Whether the cases come to the stored figure."""
    if figure is None:
        return len(found) == 0
    top, bottom = int(found["numerator"].sum()), int(found["denominator"].sum())
    share = quantile_of(measure.code, detail)
    if share:
        value = Fraction(int((found["numerator"] * found["part"]).sum()), share[1])
        return figure.denominator == len(found) and abs(Fraction(figure.value) - value) < EXACT
    if measure.unit == Unit.WEIGHT:
        top //= HUNDREDTHS
    return figure.numerator in (None, top) and figure.denominator in (None, bottom)
