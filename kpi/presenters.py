"""From stored figures to what a page shows: texts, lights and small pictures; no arithmetic on indicators."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import formats
from django.utils.safestring import SafeString

from kpi.calc.additive import may_be_added
from kpi.calc.definition import Definition, Measure
from kpi.calc.explain import measured_in
from kpi.calc.periods import Period
from kpi.lights import NOT_MEASURED, Shown, light_html
from kpi.norms import Applied
from kpi.selection import Selection
from kpi.selectors import Figure
from kpi.wording import number, parts_text, points, value_text

SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 136, 32, 4
NOT_PER_DOMAIN = "Wordt niet per zorgdomein gemeten"
NO_CASES = "Geen gevallen in deze periode"
IN_PARTS = "Geen cijfer voor het geheel; de onderdelen staan bij de indicator"
NOT_COMPUTED = "Geen cijfer voor deze combinatie"
NOT_FILTERED = "Dit filter geldt hier niet"
UNTOLD = "Alleen voor de regio: dit volgt uit berichten van andere gemeenten"


@dataclass(frozen=True)
class Spark:
    """A small line: points for an SVG polyline, its last point, and the same in words."""

    segments: tuple[str, ...]
    last: tuple[str, str]
    text: str


@dataclass(frozen=True)
class Row:
    """One measure in one selection, as a page shows it."""

    definition: Definition
    measure: Measure
    period: Period
    value: str
    parts: str
    change: str
    light: SafeString
    light_word: str
    doubt: bool
    interval: str
    norm: str
    spark: Spark | None
    remark: str
    figure: Figure | None
    before: Figure | None
    judged: Shown
    no_total: str = ""

    @property
    def told(self) -> str:
        """All that is said beside the value, as a file has it in one cell."""
        return f"{self.no_total} {self.remark}".strip()


def row(
    definition: Definition,
    measure: Measure,
    selection: Selection,
    figure: Figure | None,
    *,
    applied: Applied | None,
    judged: Shown,
    before: Figure | None = None,
    trend: Sequence[tuple[str, float | None]] = (),
    no_norm: str = "",
    untold: bool = False,
) -> Row:
    """A row of a table of indicators; without a figure it says why there is none, and so without a norm.

    What is not measured here has no light: there are not too few cases, there is no figure to wait for. ``untold``:
    whoever looks may not see the measure.
    """
    missing = "" if figure else UNTOLD if untold else missing_reason(measure, selection)
    if missing not in ("", NO_CASES):
        judged = NOT_MEASURED
    return Row(
        definition=definition,
        measure=measure,
        period=selection.period,
        value=value_text(figure.value, measure.unit) if figure else "–",
        parts=parts_text(figure.numerator, figure.denominator, measure) if figure else "",
        change=_change(measure, figure, before),
        light=light_html(judged),
        light_word=judged.word,
        doubt=judged.doubt,
        interval=interval_text(judged, measure),
        norm=_norm_sentence(applied, no_norm or "Geen norm vastgesteld"),
        spark=spark(measure, trend) if trend else None,
        remark=judged.reason.capitalize() if figure else missing,
        figure=figure,
        before=before,
        judged=judged,
    )


def interval_text(light: Shown, measure: Measure) -> str:
    """The interval behind a light, or nothing when no certainty is claimed."""
    if light.low is None or light.high is None:
        return ""
    return f"{value_text(light.low, measure.unit)} tot {value_text(light.high, measure.unit)}"


def spark(measure: Measure, trend: Sequence[tuple[str, float | None]]) -> Spark | None:
    """The line of values over time; gaps stay gaps."""
    known = [value for _, value in trend if value is not None]
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    inner_width, inner_height = SPARK_WIDTH - 2 * SPARK_MARGIN, SPARK_HEIGHT - 2 * SPARK_MARGIN
    points: list[tuple[float, float] | None] = [
        None
        if value is None
        else (
            round(SPARK_MARGIN + inner_width * number_ / max(len(trend) - 1, 1), 1),
            round(
                SPARK_HEIGHT - SPARK_MARGIN - inner_height * ((value - low) / (high - low) if high > low else 0.5), 1
            ),
        )
        for number_, (_, value) in enumerate(trend)
    ]
    first_text, last_text = value_text(known[0], measure.unit), value_text(known[-1], measure.unit)
    text = f"Van {first_text} naar {last_text} in {len(trend)} maanden; laagste {value_text(low, measure.unit)}, hoogste {value_text(high, measure.unit)}."  # noqa: E501
    last = next(point for point in reversed(points) if point is not None)
    return Spark(tuple(_segments(points)), (str(last[0]), str(last[1])), text)


def _segments(points: Iterable[tuple[float, float] | None]) -> list[str]:
    segments: list[list[str]] = [[]]
    for point in points:
        if point is None:
            segments.append([])
        else:
            segments[-1].append(f"{point[0]},{point[1]}")
    return [" ".join(segment) for segment in segments if len(segment) > 1]


def missing_reason(measure: Measure, selection: Selection) -> str:
    """Why a measure has no value here."""
    if not selection.stored or selection.contradicts:
        return NOT_COMPUTED
    if selection.scope_name not in measured_in(measure.code):
        return NOT_PER_DOMAIN if selection.domain and not selection.narrowed else NOT_COMPUTED
    return NO_CASES if may_be_added(measure.code, [*selection.sets]) else NOT_FILTERED


def _change(measure: Measure, figure: Figure | None, before: Figure | None) -> str:
    if figure is None or before is None:
        return ""
    difference = figure.value - before.value
    sign = "+" if difference > 0 else "−" if difference < 0 else "±"
    if measure.unit.value == "percentage":
        return points(f"{sign}{number(abs(difference) * 100, 1)}")
    return f"{sign}{value_text(abs(difference), measure.unit)}"


def _norm_sentence(applied: Applied | None, without: str) -> str:
    if applied is None:
        return without
    return f"{applied.text} (vanaf {formats.date_format(applied.valid_from, 'j F Y')})"
