"""The work list: which figures of which providers deserve a conversation in the last three periods."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from django.urls import reverse

from kpi import selectors
from kpi.calc import peers, worklist
from kpi.calc.definition import Measure, Unit
from kpi.calc.indicators import MEASURES
from kpi.calc.light import State
from kpi.calc.periods import Period, up_to
from kpi.lights import light_html, light_of
from kpi.pages import View, headlines, query
from kpi.selection import Selection
from kpi.selectors import Figure
from kpi.wording import parts_text, value_text

PERIODS = 3
SHOWN = 20
COLUMNS = [*worklist.FIGURES, "value", "region", "weight", "chance"]


def work_list(view: View, selection: Selection) -> list[dict[str, Any]]:
    """The lines of the work list of a selection without provider, worst first; shares with a norm only."""
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
    rows = [
        row
        for measure in measures
        for row in _rows(view, selection, measure, recent, of_providers.get(measure.code, {}), whole)
    ]
    if not rows:
        return []
    frame = pd.DataFrame(rows, columns=COLUMNS).astype(
        {"cases": "int64", "sign": "int64", "filled": "int64", "alarms": "int64"}
    )
    listed = worklist.work_list(frame).head(SHOWN)
    return [
        _line(view, selection, MEASURES[code], provider, of_providers[code][provider])
        for code, provider in zip(listed["measure"], listed["provider"], strict=True)
    ]


def _suits(view: View, measure: Measure, selection: Selection) -> bool:
    proportion = measure.unit == Unit.PERCENT and not measure.of_money and not measure.headline_detail
    return proportion and measure.lower_is_better is not None and view.book.version(measure.code, selection) is not None


def _rows(
    view: View,
    selection: Selection,
    measure: Measure,
    recent: list[Period],
    found: dict[str, dict[str, Figure]],
    whole: dict[tuple[str, str], Figure],
) -> Iterator[tuple[Any, ...]]:
    """One row of FIGURES per provider with cases in the last period."""
    now = recent[0].label
    own = {provider: by_period for provider, by_period in found.items() if now in by_period}
    region = whole.get((measure.code, now))
    if not own or region is None or not region.denominator:
        return
    chances, alarms = _chances(measure, recent, own, whole)
    figures = [by_period[now] for by_period in own.values()]
    weight = worklist.prior_weight([f.numerator or 0 for f in figures], [f.denominator or 0 for f in figures])
    sign = 1 if measure.lower_is_better else -1
    for (provider, by_period), chance, alarm in zip(own.items(), chances, alarms, strict=True):
        filled = sum(
            _filled(view, measure, selection.at(provider=provider, period=period), by_period.get(period.label))
            for period in recent
        )
        figure = by_period[now]
        yield (
            *(measure.code, provider, figure.denominator or 0, sign, filled, int(alarm)),
            *(figure.value, region.value, weight, chance),
        )


def _filled(view: View, measure: Measure, selection: Selection, figure: Figure | None) -> bool:
    light = light_of(measure, figure, view.applied(measure, selection))
    return light.certain and light.state in (State.ATTENTION, State.OFF_NORM)


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
    view: View, selection: Selection, measure: Measure, provider: str, by_period: dict[str, Figure]
) -> dict[str, Any]:
    figure = by_period[selection.period.label]
    light = light_of(measure, figure, view.applied(measure, selection.at(provider=provider)))
    address = reverse("kpi:provider", args=[provider]) + query(selection, without=["provider"])
    parts = parts_text(figure.numerator, figure.denominator, measure)
    return {
        "name": view.name("provider", provider),
        "url": address,
        "cells": [light_html(light, True), measure.name, value_text(figure.value, measure.unit), parts],
    }
