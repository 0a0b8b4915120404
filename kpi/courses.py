"""Measures over the months as small multiples: one small chart per measure or part, and one table for all of them."""

from collections.abc import Mapping, Sequence

from kpi import cells, charts_many, selectors
from kpi.calc.definition import Measure, Unit
from kpi.calc.indicators import MEASURES
from kpi.calc.periods import Period
from kpi.charts_many import Panels
from kpi.pages import View, months_up_to
from kpi.selection import Selection
from kpi.wording import period_name, short_period, shown, unit_name

MONTHS = 24
ADDED_UP = (Unit.COUNT, Unit.EURO)  # not stored at 0: nothing stored is none


def computed_months(view: View, selection: Selection, count: int = MONTHS) -> list[Period]:
    """The months up to the period's last that the run computed."""
    known = set(selectors.labels_of(view.run))
    return [month for month in months_up_to(selection.period, count) if month.label in known]


def of_measures(
    view: View, selection: Selection, codes: Sequence[str], *, id: str, title: str, detail: str = ""
) -> Panels | None:
    """A small chart per measure of one selection; None without figures. One query."""
    months = computed_months(view, selection)
    labels = [month.label for month in months]
    found = selectors.figures(view.scope, view.run, selection, codes, labels, details=bool(detail))
    series = [
        (
            MEASURES[code],
            MEASURES[code].name,
            {f.period: f.value for f in found if (f.measure, f.detail) == (code, detail)},
        )
        for code in codes
    ]
    return panels(view, selection, months, [line for line in series if line[2]], id=id, title=title)


def panels(
    view: View,
    selection: Selection,
    months: Sequence[Period],
    series: Sequence[tuple[Measure, str, Mapping[str, float]]],
    *,
    id: str,
    title: str,
) -> Panels | None:
    """A small chart per series of (measure, name, values by month); series of one unit share one scale."""
    if not series or not months:
        return None
    values = {name: [_value(measure, known, month) for month in months] for measure, name, known in series}
    names = [short_period(month) for month in months]
    drawn = []
    for unit in dict.fromkeys(measure.unit for measure, *_ in series):
        alike = [(measure, name) for measure, name, _ in series if measure.unit == unit]
        lines = [(name, [None if v is None else shown(v, unit) for v in values[name]]) for _, name in alike]
        drawn += charts_many.panels(f"{id}-{unit.name.lower()}", names, lines, unit_name(alike[0][0]), together=True)
    return Panels(
        id=id,
        title=f"{title}: {view.place(selection)}, per maand",
        unit=", ".join(dict.fromkeys(unit_name(measure) for measure, *_ in series)),
        as_of=view.run.as_of,
        note="Wat dezelfde eenheid heeft staat op dezelfde schaal.",
        panels=drawn,
        heads=("Maand", *(cells.of_measure(measure, name) for measure, name, _ in series)),
        rows=[
            (
                cells.Parted(period_name(month), (month.label,)),
                [_cell(measure, values[name][place]) for measure, name, _ in series],
            )
            for place, month in reversed(list(enumerate(months)))
        ],
    )


def _value(measure: Measure, known: Mapping[str, float], month: Period) -> float | None:
    return known.get(month.label, 0.0 if measure.unit in ADDED_UP else None)


def _cell(measure: Measure, value: float | None) -> cells.Quantity | None:
    return None if value is None else cells.Quantity(value, measure.unit)
