"""The list of providers on paper: the same cells as plain text, three short lines each, so that a region fits.

Signs are characters and not drawings: thousands of drawings would take a PDF several times as long. Black and open
shapes stay apart in grey, and the word is always beside the sign.
"""

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from kpi import ranges
from kpi.calc.light import State
from kpi.provider_list import Cell, Line, columns_of, short_value
from kpi.selection import Selection
from kpi.wording import parts_text

SIGNS = {State.ON_NORM: "●○", State.ATTENTION: "▲△", State.OFF_NORM: "■□"}  # certain, and maybe chance
OTHER_SIGNS = {State.TOO_FEW: "○", State.NO_DATA: "▨"}
CHANCE = " (toeval)"


def table_html(found: Sequence[Line], selection: Selection) -> SafeString:
    """The whole table as one string; names are escaped, cells are our own."""
    heads = "".join(
        f'<th scope="col">{definition.number}. {escape(definition.name)}'
        f"<br>{escape(ranges.named(selection, measure))}</th>"
        for definition, measure in columns_of()
    )
    body = "".join(
        f'<tr><th scope="row">{escape(line.name)}</th>{"".join(map(_cell_html, line.cells))}</tr>' for line in found
    )
    return mark_safe(  # noqa: S308
        '<table class="figures lights-table paper-table"><thead><tr><th scope="col">Aanbieder</th>'
        f"{heads}</tr></thead><tbody>{body}</tbody></table>"
    )


def _cell_html(cell: Cell | None) -> str:
    if cell is None:
        return "<td>–</td>"
    parts = parts_text(cell.figure.numerator, cell.figure.denominator, cell.measure)
    lines = (_light(cell), f"<b>{short_value(cell)}</b>", parts)
    return f"<td>{'<br>'.join(filter(None, lines))}</td>"


def _light(cell: Cell) -> str:
    """The sign of a light with its word; nothing where there is no norm, as on the screen."""
    light = cell.light
    if light.state in SIGNS:
        return f"{SIGNS[State(light.state)][light.doubt]} {light.word}{CHANCE if light.doubt else ''}"
    return f"{OTHER_SIGNS[State(light.state)]} {light.word}" if light.state in OTHER_SIGNS else ""
