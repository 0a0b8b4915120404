"""The list of providers with a light per indicator: many cells, so they are joined from plain strings."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import inf
from typing import Any

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from kpi import own_figures, ranges
from kpi.calc.definition import Definition, Measure
from kpi.calc.light import State
from kpi.compare import kept_fields
from kpi.lights import Shown, light_html
from kpi.pages import View, headlines, query
from kpi.selection import Selection
from kpi.selectors import Figure
from kpi.wording import parts_text, value_text
from providers.models import Provider

SORTS = {"rood": "Meeste rood", "naam": "Naam", "clienten": "Meeste cliënten"}
NO_CASES = '<td class="cell"><span class="visually-hidden">geen gevallen</span><span aria-hidden="true">–</span></td>'
SHORT = ("month", "quarter")
UNJUDGED = (State.TOO_FEW, State.NO_DATA)
SIZE_MEASURE = "clienten_in_zorg"
SOFT_HYPHENS = {"Startdeclaratie": "Start\u00addeclaratie", "Berichtenmonitor": "Berichten\u00admonitor"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a provider with its light."""

    measure: Measure
    figure: Figure
    light: Shown


@dataclass(frozen=True)
class Line:
    """A provider with a cell per measure, None without cases; ``red`` and ``orange`` count lights that are certain."""

    code: str
    name: str
    cells: tuple[Cell | None, ...]
    red: int
    orange: int
    clients: int


def asked_order(query: Mapping[str, str]) -> tuple[str, str]:
    """What a query searches for, and how it sorts."""
    sort = query.get("sorteer", "")
    return query.get("zoek", "").strip()[:60], sort if sort in orders() else "rood"


@cache
def orders() -> dict[str, str]:
    """The orders of the list by their name in an address: SORTS, and by the value of each indicator."""
    by_value = {
        definition.code: f"{definition.number}. {definition.name}, hoogste eerst" for definition, _ in columns_of()
    }
    return SORTS | by_value


def lines(view: View, selection: Selection, *, search: str = "", sort: str = "rood") -> list[Line]:
    """One line per provider with figures in the selection; at most two queries whatever their number."""
    columns = columns_of()
    found = own_figures.figures_by(view, selection, "provider", [measure for _, measure in columns])
    known = ((code, view.name("provider", code)) for code in found if code)
    wanted = [(code, name) for code, name in known if search.casefold() in f"{name} {code}".casefold()]
    return _sorted(_lines(view, selection, [(code, name, found[code]) for code, name in wanted], columns), sort)


def columns_of() -> list[tuple[Definition, Measure]]:
    """The indicators that have one figure per provider; who refers is a signal to municipalities only."""
    return [(definition, measure) for definition, measure in headlines() if not measure.headline_detail]


def _lines(
    view: View,
    selection: Selection,
    found: Iterable[tuple[str, str, dict[str, Figure]]],
    columns: Iterable[tuple[Definition, Measure]],
) -> list[Line]:
    places = [(code, name, figures, selection.at(provider=code)) for code, name, figures in found]
    asked = [
        (measure, figures[measure.code], own)
        for _, _, figures, own in places
        for _, measure in columns
        if measure.code in figures
    ]
    shown = zip(asked, view.lights(asked), strict=True)
    lights = {(own.provider, measure.code): light for (measure, _, own), light in shown}
    return [_line(code, name, figures, lights, columns) for code, name, figures, _ in places]


def _line(
    code: str,
    name: str,
    figures: dict[str, Figure],
    lights: dict[tuple[str, str], Shown],
    columns: Iterable[tuple[Definition, Measure]],
) -> Line:
    cells = tuple(
        Cell(measure, figures[measure.code], lights[code, measure.code]) if measure.code in figures else None
        for _, measure in columns
    )
    certain = [cell.light.state for cell in cells if cell and cell.light.certain]
    clients = figures[SIZE_MEASURE].numerator or 0 if SIZE_MEASURE in figures else 0
    return Line(code, name, cells, certain.count(State.OFF_NORM), certain.count(State.ATTENTION), clients)


def _line_html(line: Line, onward: str) -> str:
    url = reverse("kpi:provider", args=[line.code]) + onward
    name = escape(line.name)
    label = f'aria-label="Kies {name} om te vergelijken"'
    pick = f'<input type="checkbox" name="aanbieder" value="{escape(line.code)}" {label}>'
    head = f'<th scope="row"><span class="pick">{pick}<a href="{escape(url)}">{name}</a></span></th>'
    return f"<tr>{head}{''.join(_cell_html(cell) if cell else NO_CASES for cell in line.cells)}</tr>"


def _cell_html(cell: Cell) -> str:
    light = light_html(cell.light, True) if cell.light.state != State.NO_NORM else ""
    value = short_value(cell)
    parts = parts_text(cell.figure.numerator, cell.figure.denominator, cell.measure)
    sub = f'<span class="sub">{parts}</span>' if parts else ""
    return f'<td class="cell">{light}<span class="value">{value}</span>{sub}</td>'


def short_value(cell: Cell) -> str:
    """A value in a narrow column."""
    return value_text(cell.figure.value, cell.measure.unit).replace("werkdagen", "wd").replace("dagen", "d")


def _sorted(found: list[Line], sort: str) -> list[Line]:
    by_name = sorted(found, key=lambda line: line.name.casefold())
    if sort == "clienten":
        return sorted(by_name, key=lambda line: -line.clients)
    for place, (definition, _) in enumerate(columns_of()):
        if definition.code == sort:
            return sorted(by_name, key=lambda line: _height(line.cells[place]), reverse=True)
    return by_name if sort == "naam" else sorted(by_name, key=lambda line: (-line.red, -line.orange, -line.clients))


def _height(cell: Cell | None) -> tuple[bool, float]:
    """Whether a cell has cases enough to judge, and its value; below all others where there is none."""
    return (False, -inf) if cell is None else (cell.light.state not in UNJUDGED, cell.figure.value)


def _head_html(definition: Definition, measure: Measure, selection: Selection, onward: str) -> str:
    """Number, name and measure, leading to the indicator; the style of a wide screen keeps only a period of its own of
    the last in sight."""
    name = escape(" ".join(SOFT_HYPHENS.get(word, word) for word in definition.name.split()))
    other = ranges.other_period(selection, measure)
    sub = f'<span class="measure">{escape(measure.name)}</span>{escape(f" ({other})" if other else "")}'
    title = escape(ranges.named(selection, measure))
    url = escape(reverse("kpi:indicator", args=[definition.code]) + onward)
    link = f'<a href="{url}">{definition.number}. {name}</a>'
    return f'<th scope="col" title="{title}">{link}<span class="sub">{sub}</span></th>'


def table_html(found: list[Line], selection: Selection) -> SafeString:
    """The whole table as one string; names are escaped, cells are our own."""
    onward = query(selection, without=["provider"])
    heads = "".join(_head_html(definition, measure, selection, onward) for definition, measure in columns_of())
    body = "".join(_line_html(line, onward) for line in found)
    return mark_safe(  # noqa: S308
        '<table class="figures lights-table many-columns"><thead><tr><th scope="col">Aanbieder</th>'
        f"{heads}</tr></thead><tbody>{body}</tbody></table>"
    )


def page(
    view: View,
    selection: Selection,
    *,
    search: str,
    sort: str,
    table: Callable[[list[Line], Selection], SafeString] = table_html,
) -> dict[str, Any]:
    """Context of the provider list; ``table`` draws it otherwise than for a screen."""
    found = lines(view, selection, search=search, sort=sort)
    red = sum(line.red > 0 for line in found)
    return {
        "table": table(found, selection),
        "columns": [
            (f"{definition.number}. {definition.name}", ranges.named(selection, measure))
            for definition, measure in columns_of()
        ],
        "left_out": [
            f"{definition.number}. {definition.name}" for definition, measure in headlines() if measure.headline_detail
        ],
        "count": len(found),
        "summary": _summary(len(found), red, selection),
        "clear_url": reverse("kpi:providers"),
        "kept_fields": kept_fields(selection),
    }


def _summary(count: int, red: int, selection: Selection) -> str:
    providers = "1 aanbieder" if count == 1 else f"{count} aanbieders"
    if red:
        return f"{providers}, {red} met minstens één licht buiten norm dat geen toeval is."
    longer = " Een heel jaar telt meer gevallen en zegt dus meer." if selection.period.kind in SHORT else ""
    return f"{providers}, geen enkele met een licht buiten norm dat geen toeval is.{longer}"


def heading(agb: str) -> dict[str, str]:
    """Name of a provider and one line about it."""
    known = Provider.objects.filter(agb=agb).first()
    if known is None:
        return {"name": agb, "lead": "Deze aanbieder staat niet in de referentiegegevens."}
    manager = f" · contractmanager: {known.contract_manager}" if known.contract_manager else ""
    return {"name": known.name, "lead": f"AGB-code {known.agb} · {known.get_type_display()}{manager}"}
