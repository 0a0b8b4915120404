"""The page of what changed between two reference dates: old and new figures, their lights, and the causes."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.scope import Scope
from kpi import as_of, differences, selectors
from kpi.calc import steps
from kpi.calc.definition import Measure, Unit
from kpi.calc.indicators import DEFINITIONS, MEASURES
from kpi.lights import light_html
from kpi.models import Comparison, ComparisonState, Norm, Run
from kpi.pages import View, view_of
from kpi.selection import Selection
from kpi.selectors import Figure
from kpi.wording import parts_text, points, value_text

MILLION = 1_000_000
CAUSES = {
    steps.RULES: "Gewijzigde referentiegegevens, parameters of rekenregels, en teruggenomen uploads",
    steps.LOADED: "Berichten van vóór de eerste peildatum die pas later zijn ingelezen",
    steps.TIME: "Verstreken tijd: opvolging die nu compleet is, zorg die doorloopt",
    steps.EVENTS: "Nieuwe gebeurtenissen van na de eerste peildatum",
    steps.LATE: "Te late berichten: over zorg van vóór de eerste peildatum",
    steps.CORRECTIONS: "Correcties: nieuwe versies, intrekkingen en credits",
    steps.RETURNS: "Antwoorden: afkeur en toekenning in retourberichten",
}


def page(
    scope: Scope, earlier: Run, later: Run, selection: Selection, measure: Measure, address: str
) -> dict[str, Any]:
    """Context: a row per measure, and the causes of the chosen one; ``address``: of the page without a measure."""
    now = timezone.localdate()
    olds, news = _norms_of(earlier), _norms_of(later)
    old, mid, new = (
        view_of(scope, run, now=now, norms=norms) for run, norms in ((earlier, olds), (earlier, news), (later, news))
    )
    found = [_by_measure(view, selection) for view in (old, new)]
    rows = [
        _row(old, mid, new, selection, one, found, f"{address}&maat={one.code}#oorzaken")
        for definition in DEFINITIONS
        for one in definition.measures
        if one.code in found[0] or one.code in found[1]
    ]
    comparison = differences.find(earlier, later, measure.code, selection)
    return {
        "rows": rows,
        "measure": measure,
        "comparison": comparison,
        "causes": _causes(comparison, measure, *(side.get(measure.code) for side in found)),
        "place": new.place(selection),
        "pages": [
            {"run": run, "url": f"{reverse('kpi:overview')}?{as_of.PARAMETER}={run.as_of.isoformat()}"}
            for run in (earlier, later)
        ],
    }


def _norms_of(run: Run) -> list[Norm]:
    """The norms that were there when a run was made."""
    known = run.kept_at or run.finished_at
    return [norm for norm in selectors.norms() if known is None or norm.created_at <= known]


def _by_measure(view: View, selection: Selection) -> dict[str, Figure]:
    rows = selectors.figures(view.scope, view.run, selection, list(MEASURES), [selection.period.label], details=True)
    return {row.measure: row for row in rows if row.detail == MEASURES[row.measure].headline_detail}


def _row(
    old: View,
    mid: View,
    new: View,
    selection: Selection,
    measure: Measure,
    found: list[dict[str, Figure]],
    url: str,
) -> dict[str, Any]:
    before, after = (side.get(measure.code) for side in found)
    lights = [old.light(measure, before, selection), new.light(measure, after, selection)]
    by_norm = mid.light(measure, before, selection).word != lights[0].word
    return {
        "measure": measure,
        "url": url,
        "sides": [
            {"value": _text(figure, measure), "light": light_html(light), "parts": _parts(figure, measure)}
            for figure, light in zip((before, after), lights, strict=True)
        ],
        "difference": _difference(before, after, measure),
        "by_norm": by_norm,
    }


def _text(figure: Figure | None, measure: Measure) -> str:
    return "geen waarde" if figure is None else value_text(figure.value, measure.unit)


def _parts(figure: Figure | None, measure: Measure) -> str:
    return "" if figure is None else parts_text(figure.numerator, figure.denominator, measure)


def _difference(before: Figure | None, after: Figure | None, measure: Measure) -> str:
    if before is None or after is None:
        return "–"
    return signed(round((after.value - before.value) * MILLION), measure)


def signed(millionths: int, measure: Measure) -> str:
    """A difference with its sign."""
    if not millionths:
        return "geen"
    sign = "+" if millionths > 0 else "−"
    text = value_text(abs(millionths) / MILLION, measure.unit)
    return sign + (points(text.removesuffix("%")) if measure.unit == Unit.PERCENT else text)


def _causes(
    comparison: Comparison | None, measure: Measure, before: Figure | None, after: Figure | None
) -> list[dict[str, Any]]:
    if comparison is None or comparison.state != ComparisonState.DONE:
        return []
    last = None if before is None else round(before.value * MILLION)
    lines = []
    for step in comparison.result["steps"]:
        figure = step["figures"].get(measure.code)
        value = None if figure is None else figure[2]
        lines.append({"cause": CAUSES[step["cause"]], "amount": _amount(last, value), "cases": step["cases"]})
        last = value
    rest = _amount(last, None if after is None else round(after.value * MILLION))
    lines[0]["amount"] = _together(lines[0]["amount"], rest)
    for line in lines:
        line["text"] = "–" if line["amount"] is None else signed(line["amount"], measure)
    return lines


def _amount(before: int | None, after: int | None) -> int | None:
    """The difference in millionths; None where a figure begins or ceases to exist."""
    if before is None and after is None:
        return 0
    return None if before is None or after is None else after - before


def _together(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other
