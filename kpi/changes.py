"""Which lights changed since last month: from which to which, the weightiest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from kpi import cells, selectors
from kpi.calc.definition import Measure
from kpi.calc.frames import to_day
from kpi.calc.indicators import MEASURES
from kpi.calc.light import State
from kpi.calc.periods import Period, previous
from kpi.lights import Shown
from kpi.pages import View, headlines, months_up_to, query
from kpi.places import KINDS, place_url
from kpi.selection import Selection
from kpi.selectors import Figure
from kpi.wording import period_name

MOST = 12
WORSE = {State.ON_NORM: 0, State.ATTENTION: 1, State.OFF_NORM: 2}


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of one place; ``dimension`` and ``code`` are empty for the selection as a whole."""

    dimension: str
    code: str
    place: Selection
    measure: Measure
    figure: Figure


def changes(view: View, selection: Selection) -> dict[str, Any]:
    """The lights within a selection in the last whole month beside those of the month before; four queries at most."""
    now = last_whole_month(view, selection)
    before = previous(now)
    cells = _cells(view, selection, [before, now])
    judged = view.lights((cell.measure, cell.figure, cell.place) for cell in cells)
    lights = dict(zip(map(_key, cells), zip(cells, judged, strict=True), strict=True))
    pairs = [
        (*lights[then], *found)
        for key, found in lights.items()
        if key[-1] == now.label and (then := (*key[:-1], before.label)) in lights
    ]
    coloured = [pair for pair in pairs if pair[1].state in WORSE and pair[3].state in WORSE]
    turned = [pair for pair in coloured if pair[1].state != pair[3].state]
    sure = [pair for pair in turned if pair[1].certain or pair[3].certain]
    return {
        "now": period_name(now),
        "before": period_name(before),
        "summary": _summary(turned, coloured, len(turned) - len(sure)),
        "rows": [_row(view, *pair) for pair in sorted(sure, key=_weight)[:MOST]],
        "more": max(0, len(sure) - MOST),
    }


def last_whole_month(view: View, selection: Selection) -> Period:
    """The last month of the period that was over on the reference date."""
    month, as_of = months_up_to(selection.period, 1)[0], to_day(view.run.as_of)
    while month.last > as_of:
        month = previous(month)
    return month


def _cells(view: View, selection: Selection, months: Sequence[Period]) -> list[Cell]:
    codes = [measure.code for _, measure in headlines() if not measure.yearly_only and not measure.headline_detail]
    by_label = {month.label: month for month in months}
    whole = selectors.figures(view.scope, view.run, selection, codes, by_label)
    cells = [
        Cell("", "", selection.at(period=by_label[figure.period]), MEASURES[figure.measure], figure) for figure in whole
    ]
    for dimension in KINDS:
        if selection.chosen.get(dimension):
            continue
        for code, figure in selectors.figures_by(view.scope, view.run, selection, dimension, codes, by_label):
            place = selection.at(**{"period": by_label[figure.period], dimension: code})
            cells.append(Cell(dimension, code, place, MEASURES[figure.measure], figure))
    return cells


def _key(cell: Cell) -> tuple[str, str, str, str]:
    return cell.dimension, cell.code, cell.measure.code, cell.figure.period


def _weight(pair: tuple[Cell, Shown, Cell, Shown]) -> tuple[Any, ...]:
    before, was, cell, light = pair
    step = WORSE[light.state] - WORSE[was.state]
    cases = cell.figure.denominator or cell.figure.numerator or 0
    return -abs(step), -(was.certain + light.certain), -step, -cases, cell.measure.code, cell.code


def _summary(turned: Sequence[Any], coloured: Sequence[Any], doubtful: int) -> str:
    if not coloured:
        return "Geen enkel cijfer had in beide maanden een kleur: te weinig gevallen, of geen norm."
    worse = sum(WORSE[light.state] > WORSE[was.state] for _, was, _, light in turned)
    left_out = "die staat er niet bij" if doubtful == 1 else "die staan er niet bij"
    doubt = f" Bij {doubtful} daarvan kunnen beide lichten toeval zijn; {left_out}." if doubtful else ""
    have = "1 cijfer had" if len(coloured) == 1 else f"{len(coloured)} cijfers hadden"
    return f"{have} in beide maanden een kleur: {worse} achteruit, {len(turned) - worse} vooruit.{doubt}"


def _row(view: View, before: Cell, was: Shown, cell: Cell, light: Shown) -> dict[str, Any]:
    """A light that changed; its links lead to the month that it changed in, also where a range of months was chosen."""
    values = cells.value(cell.measure, before.figure), cells.value(cell.measure, cell.figure)
    month = cell.place.at(since="", until="")
    return {
        "code": cell.code,
        "name": view.name(cell.dimension, cell.code) if cell.dimension else view.place(cell.place),
        "kind": KINDS.get(cell.dimension, "geheel"),
        "url": place_url(month, cell.dimension),
        "of": cell.measure,
        "measure": cell.measure.name,
        "measure_url": reverse("kpi:indicator", args=[_indicator(cell.measure)]) + query(month, maat=cell.measure.code),
        "was": cells.light_cell(was),
        "now": cells.light_cell(light),
        "values": cells.Parted(f"{values[0]} → {values[1]}", values),
    }


def _indicator(measure: Measure) -> str:
    return next(definition.code for definition, found in headlines() if found is measure)
