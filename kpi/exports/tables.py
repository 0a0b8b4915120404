"""The tables of the pages as rows of numbers; read through the selectors and judged by the rules of the pages."""

from collections.abc import Sequence
from typing import Any

from kpi import breakdowns, compare, provider_list
from kpi.calc.definition import Definition, Measure
from kpi.cells import Quantity, light_words, parts, value
from kpi.exports.table import Cell, Table
from kpi.lights import Shown
from kpi.norms import own_period
from kpi.pages import View, all_measures, headlines, indicator_rows
from kpi.provider_list import Line
from kpi.selection import Selection
from kpi.selectors import Figure
from kpi.wording import unit_name

OVERVIEW_HEADS = (
    *("Nummer", "Indicator", "Maat", "Periode", "Licht", "Zekerheid", "Waarde", "Eenheid", "Interval van"),
    *("Interval tot", "Teller", "Noemer", "Vorige periode", "Ter vergelijking", "Norm", "Opmerking"),
)
INDICATOR_HEADS = (
    *("Uitsplitsing", "Code", "Naam", "Maat", "Periode", "Licht", "Zekerheid"),
    *("Waarde", "Eenheid", "Teller", "Noemer", "Norm", "Opmerking"),
)


def indicators(view: View, selection: Selection, rows: Sequence[dict[str, Any]]) -> Table:
    """The rows of indicators as a page shows them."""
    title = f"Indicatoren: {view.title(selection)}"
    found = [_overview_row(item["row"], item["region"]) for item in rows]
    return Table("indicatoren", title, OVERVIEW_HEADS, found, headlines())


def providers(view: View, selection: Selection, *, search: str, sort: str) -> Table:
    """One row per provider with four columns per indicator."""
    columns = provider_list.columns_of()
    heads = [head for definition, measure in columns for head in _provider_heads(selection, definition, measure)]
    found = provider_list.lines(view, selection, search=search, sort=sort)
    title = f"Aanbieders: {view.title(selection)}"
    return Table(
        "aanbieders", title, ("AGB-code", "Aanbieder", *heads), [_provider_row(line) for line in found], columns
    )


def comparison(view: View, selection: Selection, chosen: Sequence[str]) -> Table:
    """One row per indicator with four columns per provider, and for all of them together."""
    compared = compare.columns(view, selection, chosen)
    names = ("waarde", with_norm(selection, "licht"), "teller", "noemer")
    heads = (
        "Nummer",
        "Indicator",
        "Maat",
        "Periode",
        "Eenheid",
        *(f"{name}: {part}" for name, _ in compared for part in names),
    )
    lines = zip(*(rows for _, rows in compared), strict=True)
    title = f"Aanbieders vergeleken: {view.title(selection)}"
    return Table("vergelijking", title, heads, [_compared_row(line) for line in lines], headlines())


def indicator(view: View, selection: Selection, definition: Definition, measure: Measure) -> Table:
    """All measures of an indicator; of one also the course over time, the parts, and per provider and the like."""
    own = own_period(selection, measure)
    rows = [_measure_row(item["row"]) for item in indicator_rows(view, selection, all_measures(definition))]
    points = breakdowns.trend_points(view, selection, measure)
    view.prepare([measure], [own.at(period=period) for period, _ in points])
    for period, figure in points:
        rows.append(_part(view, own.at(period=period), measure, figure, "verloop", period.label, ""))
    for figure in breakdowns.details(view, own, measure):
        name = breakdowns.detail_name(view, measure, figure.detail)
        rows.append(("onderdeel", figure.detail, name, *_unjudged(own, measure, figure)))
    for dimension, name in breakdowns.PER.items():
        if not selection.chosen.get(dimension):
            found = breakdowns.per_dimension(view, own, measure, dimension)
            view.prepare([measure], [own.at(**{dimension: code}) for code, _ in found])
            for code, figure in found:
                place = own.at(**{dimension: code})
                rows.append(_part(view, place, measure, figure, f"per {name}", code, view.name(dimension, code)))
    title = f"{definition.name}: {view.title(selection)}"
    heads = tuple(with_norm(selection, head) for head in INDICATOR_HEADS)
    return Table(f"indicator-{definition.code}", title, heads, rows, all_measures(definition))


def with_norm(selection: Selection, head: str) -> str:
    """The head of a column of lights, which says by which norms when those are not the period's own."""
    return f"{head} (norm van nu)" if selection.norm_of_now and head.casefold().startswith("licht") else head


def _overview_row(row: Any, region: str) -> tuple[Cell, ...]:
    head = (row.definition.number, row.definition.name, row.measure.headline_name, row.period.label)
    light = _light(row.judged, row.figure)
    interval = [Quantity(limit, row.measure.unit) if limit is not None else None for limit in _interval(row)]
    amount = (value(row.measure, row.figure), unit_name(row.measure), *interval, *parts(row.measure, row.figure))
    return (*head, *light, *amount, value(row.measure, row.before), region, row.norm, row.told)


def _interval(row: Any) -> tuple[float | None, float | None]:
    return row.judged.low, row.judged.high


def _compared_row(line: Sequence[dict[str, Any]]) -> tuple[Cell, ...]:
    first = line[0]["row"]
    measure, definition = first.measure, first.definition
    cells: list[Cell] = []
    for item in line:
        row = item["row"]
        light = light_text(row.judged) if row.figure else ""
        cells += [value(measure, row.figure), light, *parts(measure, row.figure)]
    head = (definition.number, definition.name, measure.headline_name, first.period.label, unit_name(measure))
    return (*head, *cells)


def _measure_row(row: Any) -> tuple[Cell, ...]:
    light = _light(row.judged, row.figure)
    head = ("geheel", "", "", row.measure.headline_name, row.period.label, *light)
    return (*head, *_amount(row.measure, row.figure), row.norm, row.told)


def _part(
    view: View, place: Selection, measure: Measure, figure: Figure | None, kind: str, code: str, name: str
) -> tuple[Cell, ...]:
    applied, light = view.applied(measure, place), view.light(measure, figure, place)
    head = (kind, code, name, measure.headline_name, place.period.label, *_light(light, figure))
    return (*head, *_amount(measure, figure), applied.text if applied else "", "")


def _unjudged(place: Selection, measure: Measure, figure: Figure) -> tuple[Cell, ...]:
    """The columns of a part of a figure, on which there are no norms."""
    return (measure.name_of(figure.detail), place.period.label, "", "", *_amount(measure, figure), "", "")


def _provider_heads(selection: Selection, definition: Definition, measure: Measure) -> tuple[str, ...]:
    own = own_period(selection, measure).period
    name = f"{definition.number}. {definition.name}{f', {own.label}' if own != selection.period else ''}"
    light = with_norm(selection, "licht")
    return f"{name}: waarde ({unit_name(measure)})", f"{name}: {light}", f"{name}: teller", f"{name}: noemer"


def _provider_row(line: Line) -> tuple[Cell, ...]:
    cells: list[Cell] = [line.code, line.name]
    for cell in line.cells:
        if cell is None:
            cells += [None] * 4
        else:
            light = light_text(cell.light)
            cells += [value(cell.measure, cell.figure), light, *parts(cell.measure, cell.figure)]
    return tuple(cells)


def _amount(measure: Measure, figure: Figure | None) -> tuple[Cell, ...]:
    return (value(measure, figure), unit_name(measure), *parts(measure, figure))


def light_text(light: Shown) -> str:
    return f"{light.word} (kan toeval zijn)" if light.doubt else light.word


def _light(light: Shown, figure: Figure | None) -> tuple[str, str]:
    """The word of a light, and whether it may be chance."""
    return light_words(light) if figure else ("", "")
