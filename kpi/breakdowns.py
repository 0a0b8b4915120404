"""The overview, and an indicator taken apart over providers, municipalities and care domains."""

from typing import Any

from django.urls import reverse

from kpi import cells, charts, code_names, ranges, selectors
from kpi.calc.definition import Definition, Measure, Unit
from kpi.calc.periods import Period, months_in, parse
from kpi.calc.trend import ControlChart, control_chart
from kpi.changes import changes
from kpi.lights import Shown, light_html
from kpi.narrowing import REFERRERS
from kpi.norms import Applied, own_period
from kpi.pages import View, all_measures, headlines, indicator_rows, months_up_to, onward, query, summary
from kpi.selection import Selection
from kpi.selectors import Figure
from kpi.wording import parts_text, period_name, short_period, unit_name, value_text
from kpi.worklist_page import last_period, work_list
from messaging.presenters import soort_name

CHART_MONTHS = 36
PER = {"provider": "aanbieder", "municipality": "gemeente", "domain": "zorgdomein"}


def overview(view: View, selection: Selection) -> dict[str, Any]:
    """The sixteen indicators in one selection, and which providers deserve a conversation."""
    rows = indicator_rows(view, selection, headlines())
    return {
        "rows": rows,
        "caption": f"Indicatoren: {view.title(selection)}",
        "summary": summary(rows),
        "links": onward(view, selection),
        "changes": changes(view, selection),
        "work_list": None if selection.provider else _work_list(view, selection),
    }


def _work_list(view: View, selection: Selection) -> dict[str, Any]:
    return {
        "id": "werklijst",
        "title": "Werklijst: waar een gesprek over nodig is",
        "periods": "maanden" if last_period(selection).kind == "month" else "perioden",
        "heads": ("Aanbieder", cells.LIGHT, "Maat", "Waarde", cells.PARTS),
        "rows": work_list(view, selection),
    }


def indicator(view: View, selection: Selection, definition: Definition, measure: Measure) -> dict[str, Any]:
    """All measures of an indicator, the trend of one, and that one per provider, municipality and domain."""
    own = own_period(selection, measure)
    found = [_details(view, own, measure)]
    found += [_per(view, own, measure, dimension) for dimension in PER if not selection.chosen.get(dimension)]
    return {
        "rows": indicator_rows(view, selection, all_measures(definition)),
        "chosen": measure.code,
        "caption": f"{definition.name}: {view.title(selection)}",
        "charts": [trend_chart(view, selection, measure), *_funnel(view, own, measure)],
        "tables": [table | {"lead": ranges.about(selection, measure)} for table in found if table],
    }


def trend_chart(view: View, selection: Selection, measure: Measure) -> charts.Chart:
    """The measure over time; yearly measures per year, others per month."""
    points = trend_points(view, selection, measure)
    values = [figure.value if figure else None for _, figure in points]
    applied, chance = _norms(view, selection, measure, [period for period, _ in points]), control_chart(values)
    norms = [one.norm if one and one.absolute else None for one in applied]
    names = [short_period(period) for period, _ in points]
    return charts.Chart(
        id="trend",
        title=f"{measure.headline_name}: {view.place(selection)}, per {'jaar' if measure.yearly_only else 'maand'}",
        unit=unit_name(measure),
        as_of=view.run.as_of,
        note=_of_chance(measure, chance),
        figure=charts.trend(measure, names, values, norms, chance),
        heads=("Periode", "Waarde", "Teller / noemer", "Norm", "Meer dan toeval"),
        rows=[
            (period_name(period), (*_cells(measure, figure), norm.text if norm else None, "ja" if signal else None))
            for (period, figure), norm, signal in reversed([*zip(points, applied, chance.signals, strict=True)])
        ],
    )


def _norms(view: View, selection: Selection, measure: Measure, shown: list[Period]) -> list[Applied | None]:
    """The norm of each period of a course: a new version counts from its own day."""
    places = [selection.at(period=period) for period in shown]
    view.prepare([measure], places)
    return [view.applied(measure, place) for place in places]


def _of_chance(measure: Measure, found: ControlChart) -> str:
    if found.low is None or found.high is None:
        return ""
    name = "Voorlopige bandbreedte" if found.provisional else "Bandbreedte"
    low, high = (value_text(limit, measure.unit) for limit in charts.chance_limits(measure, found.low, found.high))
    return f"{name} van toeval: {low} tot {high}."


def trend_points(view: View, selection: Selection, measure: Measure) -> list[tuple[Period, Figure | None]]:
    """The periods from the first with a figure on, each with its figure."""
    shown = _years(view) if measure.yearly_only else _months(selection)
    labels = [period.label for period in shown]
    found = selectors.figures(view.scope, view.run, selection, [measure.code], labels, details=True)
    by_label = {figure.period: figure for figure in found if figure.detail == measure.headline_detail}
    known = [label for label in labels if label in by_label]
    return [(period, by_label.get(period.label)) for period in shown if known and period.label >= known[0]]


def _funnel(view: View, selection: Selection, measure: Measure) -> list[charts.Chart]:
    """Providers in the funnel, for a share that counts cases."""
    if measure.unit != Unit.PERCENT or measure.of_money or measure.headline_detail or selection.provider:
        return []
    label = selection.period.label
    found = selectors.figures_by(view.scope, view.run, selection, "provider", [measure.code], [label])
    whole = selectors.figures(view.scope, view.run, selection, [measure.code], [label])
    points = [(view.name("provider", code), figure.denominator or 0, figure.value) for code, figure in found]
    if not points or not whole:
        return []
    return [
        charts.Chart(
            id="trechter",
            title=f"{measure.name}: aanbieders naast elkaar, {period_name(selection.period)}",
            unit="procent",
            as_of=view.run.as_of,
            note="Binnen de trechter kan het verschil met het geheel toeval zijn. De tabel staat onder"
            " “Per aanbieder”.",
            figure=charts.funnel(points, whole[0].value),
            heads=(),
        )
    ]


def _cells(measure: Measure, figure: Figure | None) -> tuple[str, str]:
    if figure is None:
        return "–", "–"
    parts = parts_text(figure.numerator, figure.denominator, measure)
    return value_text(figure.value, measure.unit), parts or "–"


def _months(selection: Selection) -> list[Period]:
    """The months of a course over time: those of a chosen range, else a number of them up to the period's last."""
    return months_in(selection.period) if selection.since else months_up_to(selection.period, CHART_MONTHS)


def _years(view: View) -> list[Period]:
    return [parse("year", label) for label in selectors.labels_of(view.run) if len(label) == 4]


def _per(view: View, selection: Selection, measure: Measure, dimension: str) -> dict[str, Any] | None:
    """The table of a measure per value of a dimension; None when it is not measured so."""
    found = per_dimension(view, selection, measure, dimension)
    if not found:
        return None
    places = [selection.at(**{dimension: code}) for code, _ in found]
    lights = view.lights((measure, figure, place) for (_, figure), place in zip(found, places, strict=True))
    return {
        "id": f"per-{PER[dimension]}",
        "title": f"Per {PER[dimension]}",
        "heads": (PER[dimension].capitalize(), "Licht", measure.headline_name, "Teller / noemer"),
        "rows": [
            _line(view, place, measure, dimension, figure, light)
            for (_, figure), place, light in zip(found, places, lights, strict=True)
        ],
    }


def per_dimension(view: View, selection: Selection, measure: Measure, dimension: str) -> list[tuple[str, Figure]]:
    """The measure per value of a dimension, the largest denominators first; empty when it is not measured so."""
    labels = [selection.period.label]
    found = selectors.figures_by(
        view.scope, view.run, selection, dimension, [measure.code], labels, measure.headline_detail
    )
    return sorted(found, key=lambda item: (-(item[1].denominator or item[1].numerator or 0), item[0]))


def _line(
    view: View, selection: Selection, measure: Measure, dimension: str, figure: Figure, light: Shown
) -> dict[str, Any]:
    code = selection.chosen[dimension]
    if dimension == "provider":
        url = reverse("kpi:provider", args=[code]) + query(selection, without=["provider"])
    else:
        url = query(selection, maat=measure.code)
    return {
        "name": view.name(dimension, code),
        "url": url,
        "cells": [light_html(light, True), *_cells(measure, figure)],
    }


def _details(view: View, selection: Selection, measure: Measure) -> dict[str, Any] | None:
    """The parts of a measure: codes, referrers, destinations."""
    parts = details(view, selection, measure)
    if not parts:
        return None
    return {
        "id": "onderdelen",
        "title": "Onderdelen",
        "heads": ("Onderdeel", measure.name, "Teller / noemer"),
        "rows": [
            {"name": detail_name(view, measure, figure.detail), "cells": _cells(measure, figure)} for figure in parts
        ],
    }


def details(view: View, selection: Selection, measure: Measure) -> list[Figure]:
    """The parts of a measure, the largest first."""
    found = selectors.figures(view.scope, view.run, selection, [measure.code], [selection.period.label], details=True)
    return sorted((figure for figure in found if figure.detail), key=lambda figure: -(figure.numerator or 0))


def detail_name(view: View, measure: Measure, detail: str) -> str:
    """What a part of a measure is called: many have the code of a message."""
    match measure.code:
        case "uitstroom_verhuisd":
            return view.name("municipality", detail)
        case "uitval_code" | "beeindigingscodes":
            return code_names.end_reason_of_law(detail)
        case "verwijzers":
            return REFERRERS.get(detail, detail)
        case "bericht_uitval":
            return soort_name(detail)
    names = {"binnen_norm": "Binnen de norm", "mediaan": "Mediaan", "nog_niet_rijp": "Nog niet te beoordelen"}
    return names.get(detail, detail)
