"""The figures of several measures at once, each of the period that the measure is about (see ``norms.own_period``).

Two queries over a range of months and one otherwise, whatever the number of measures and of rows.
"""

from collections.abc import Collection

from kpi import selectors
from kpi.calc.definition import Measure
from kpi.norms import own_period
from kpi.pages import View
from kpi.selection import Selection
from kpi.selectors import Figure


def figures(view: View, selection: Selection, measures: Collection[Measure]) -> dict[str, Figure]:
    """The figures of one selection by measure."""
    labels = _labels(selection, measures)
    found = selectors.figures(view.scope, view.run, selection, list(labels), set(labels.values()))
    return {figure.measure: figure for figure in found if figure.period == labels[figure.measure]}


def figures_by(
    view: View, selection: Selection, dimension: str, measures: Collection[Measure]
) -> dict[str, dict[str, Figure]]:
    """The same per value of ``dimension``."""
    labels = _labels(selection, measures)
    found: dict[str, dict[str, Figure]] = {}
    for value, figure in selectors.figures_by(
        view.scope, view.run, selection, dimension, list(labels), set(labels.values())
    ):
        if figure.period == labels[figure.measure]:
            found.setdefault(value, {})[figure.measure] = figure
    return found


def _labels(selection: Selection, measures: Collection[Measure]) -> dict[str, str]:
    return {measure.code: own_period(selection, measure).period.label for measure in measures}
