"""The work list: which figures of which providers deserve a conversation in the last three periods."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from django.urls import reverse

from kpi import cells, selectors
from kpi.calc import peers, worklist
from kpi.calc.definition import Measure, Unit
from kpi.calc.indicators import MEASURES
from kpi.calc.light import State
from kpi.calc.periods import RANGE, Period, months_in, up_to
from kpi.lights import Shown
from kpi.pages import View, headlines, query
from kpi.selection import Selection
from kpi.selectors import Figure

PERIODS = 3
SHOWN = 20
Lights = dict[tuple[str, str, str], Shown]  # by measure, provider and period
COLUMNS = [*worklist.FIGURES, "value", "region", "weight", "chance"]


def work_list(view: View, selection: Selection) -> list[dict[str, Any]]:
    """The lines of the work list of a selection without provider, worst first; shares with a norm only."""
    return [_line(view, selection, *item) for item in listed(view, selection)[:SHOWN]]


def work_list_of(view: View, selection: Selection) -> list[dict[str, Any]]:
    """The lines about one provider on the work list of all; the same judgement, so also the same false alarms."""
    whole = selection.at(provider="")
    return [_line(view, whole, *item) for item in listed(view, whole) if item.provider == selection.provider]


class Item(NamedTuple):
    """A figure of a provider that deserves a conversation."""

    measure: Measure
    provider: str
    figure: Figure
    light: Shown


def listed(view: View, selection: Selection) -> list[Item]:
    """All that is on the work list of a selection without provider, worst first; two queries.

    Of a range of months its last months are the periods: one total says nothing of what lasts.
    """
    selection = selection.at(period=last_period(selection))
    recent = up_to(selection.period, PERIODS)[::-1]
    measures = [measure for _, measure in headlines() if _suits(view, measure, selection)]
    codes = [measure.code for measure in measures]
    labels = [period.label for period in recent]
    of_providers: dict[str, dict[str, dict[str, Figure]]] = {}
    for provider, figure in selectors.figures_by(view.scope, view.run, selection, "provider", codes, labels):
        of_providers.setdefault(figure.measure, {}).setdefault(provider, {})[figure.period] = figure
    whole = {
        (figure.measure, figure.period): figure
        for figure in selectors.figures(view.scope, view.run, selection, codes, labels)
    }
    lights = _lights(view, selection, recent, of_providers)
    rows = [
        row for measure in measures for row in _rows(measure, recent, of_providers.get(measure.code, {}), whole, lights)
    ]
    if not rows:
        return []
    frame = pd.DataFrame(rows, columns=COLUMNS).astype(
        {"cases": "int64", "sign": "int64", "filled": "int64", "alarms": "int64"}
    )
    found = worklist.work_list(frame)
    now = selection.period.label
    return [
        Item(MEASURES[code], provider, of_providers[code][provider][now], lights[code, provider, now])
        for code, provider in zip(found["measure"], found["provider"], strict=True)
    ]


def last_period(selection: Selection) -> Period:
    return months_in(selection.period)[-1] if selection.period.kind == RANGE else selection.period


def _suits(view: View, measure: Measure, selection: Selection) -> bool:
    proportion = measure.unit == Unit.PERCENT and not measure.of_money and not measure.headline_detail
    return proportion and measure.lower_is_better is not None and view.book.version(measure.code, selection) is not None


def _lights(
    view: View, selection: Selection, recent: list[Period], found: dict[str, dict[str, dict[str, Figure]]]
) -> Lights:
    places = {period.label: period for period in recent}
    cells = {
        (code, provider, label): (figure, selection.at(provider=provider, period=places[label]))
        for code, of_providers in found.items()
        for provider, by_period in of_providers.items()
        for label, figure in by_period.items()
    }
    shown = view.lights((MEASURES[code], *cell) for (code, _, _), cell in cells.items())
    return dict(zip(cells, shown, strict=True))


def _rows(
    measure: Measure,
    recent: list[Period],
    found: dict[str, dict[str, Figure]],
    whole: dict[tuple[str, str], Figure],
    lights: Lights,
) -> Iterator[tuple[Any, ...]]:
    """One row of FIGURES per provider with cases in the last period and data that allow a judgement of it."""
    now = recent[0].label
    own = {
        provider: by_period
        for provider, by_period in found.items()
        if now in by_period and lights[measure.code, provider, now].state != State.NO_DATA
    }
    region = whole.get((measure.code, now))
    if not own or region is None or not region.denominator:
        return
    chances, alarms = _chances(measure, recent, own, whole)
    figures = [by_period[now] for by_period in own.values()]
    weight = worklist.prior_weight([f.numerator or 0 for f in figures], [f.denominator or 0 for f in figures])
    sign = 1 if measure.lower_is_better else -1
    for (provider, by_period), chance, alarm in zip(own.items(), chances, alarms, strict=True):
        filled = sum(_filled(lights.get((measure.code, provider, period.label))) for period in recent)
        figure = by_period[now]
        yield (
            *(measure.code, provider, figure.denominator or 0, sign, filled, int(alarm)),
            *(figure.value, region.value, weight, chance),
        )


def _filled(light: Shown | None) -> bool:
    return light is not None and light.certain and light.state in (State.ATTENTION, State.OFF_NORM)


def _chances(
    measure: Measure,
    recent: list[Period],
    own: dict[str, dict[str, Figure]],
    whole: dict[tuple[str, str], Figure],
) -> tuple[np.ndarray, np.ndarray]:
    """Per provider the chance over the periods of being so bad, and in how many it was beyond the alarm."""
    chances = np.full((len(own), len(recent)), np.nan)
    for column, period in enumerate(recent):
        region = whole.get((measure.code, period.label))
        if region is None or not region.denominator:
            continue
        figures = [by_period.get(period.label) for by_period in own.values()]
        tops = [figure.numerator or 0 if figure else 0 for figure in figures]
        bottoms = [figure.denominator or 0 if figure else 0 for figure in figures]
        compared = peers.compare(tops, bottoms, (region.numerator or 0) / region.denominator)
        chances[:, column] = compared.high if measure.lower_is_better else compared.low
    with np.errstate(invalid="ignore"):
        return worklist.simes(chances), (chances < peers.ALARM).sum(axis=1)


def _line(
    view: View, selection: Selection, measure: Measure, provider: str, figure: Figure, light: Shown
) -> dict[str, Any]:
    address = reverse("kpi:provider", args=[provider]) + query(selection, without=["provider"])
    return {
        "of": measure,
        "code": provider,
        "name": view.name("provider", provider),
        "url": address,
        "cells": [
            cells.light_cell(light),
            measure.name,
            cells.value(measure, figure),
            cells.parts_cell(measure, figure),
        ],
    }
