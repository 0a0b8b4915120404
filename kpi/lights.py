"""A judged light as a page shows it: shape, colour and word, so that none depends on colour."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kpi.calc.definition import Measure, Unit
from kpi.calc.light import Kind, Light, State, judge
from kpi.calc.light_arrays import judge_many
from kpi.norms import Applied
from kpi.selectors import Figure

LOOKS = {
    "op-norm": ("groen", "Op norm"),
    "let-op": ("oranje", "Let op"),
    "buiten-norm": ("rood", "Buiten norm"),
    "te-weinig": ("geen", "Te weinig"),
    "geen-kader": ("geen", "Geen kader"),
    "onvoldoende-data": ("geen", "Onvoldoende data"),
}
KINDS = {Unit.PERCENT: Kind.PROPORTION, Unit.RATIO: Kind.RATE}


@dataclass(frozen=True)
class Shown:
    """A light on a page; ``low`` and ``high`` are its interval in the unit of the value.

    ``reason`` says why the data do not allow a judgement, and who can repair that.
    """

    state: str
    tone: str
    word: str
    certain: bool
    low: float | None = None
    high: float | None = None
    reason: str = ""

    @property
    def doubt(self) -> bool:
        """Whether the colour may be chance."""
        return not self.certain and self.state in ("op-norm", "let-op", "buiten-norm")


NOT_MEASURED = Shown("niet-gemeten", "geen", "Niet gemeten", True)  # of a measure that a selection does not have


def light_of(measure: Measure, figure: Figure | None, applied: Applied | None, insufficient: str = "") -> Shown:
    """The light of a figure. Without a figure there is nothing to judge; without a norm there is no colour.

    ``insufficient``: why the data do not allow a judgement, empty when they do. A relative norm without the figure it
    compares with allows none either.
    """
    if applied and applied.norm is None:
        insufficient = insufficient or applied.missing
    if figure is None:
        return shown(Light(State.NO_NORM if applied is None else State.TOO_FEW))
    return shown(
        judge(
            kind_of(measure, figure),
            figure.numerator,
            figure.denominator,
            figure.value,
            applied.norm if applied else None,
            squares=figure.squares,
            sufficient_data=applied is None or not insufficient,
            reason=insufficient,
        )
    )


Asked = tuple[Measure, Figure, Applied | None, str]  # as ``light_of`` takes them


def lights_of(asked: Sequence[Asked]) -> list[Shown]:
    """The lights of many figures, each as ``light_of`` says; figures of one kind and direction are judged together."""
    found: list[Shown | None] = [None] * len(asked)
    groups: dict[tuple[Kind, str], list[int]] = {}
    for number, (measure, figure, applied, insufficient) in enumerate(asked):
        if applied is None or applied.norm is None or insufficient:
            found[number] = light_of(measure, figure, applied, insufficient)
        else:
            groups.setdefault((kind_of(measure, figure), applied.norm.direction), []).append(number)
    for (kind, direction), numbers in groups.items():
        figures = [asked[number][1] for number in numbers]
        norms = [applied.norm for number in numbers if (applied := asked[number][2]) and applied.norm]
        lights = judge_many(
            kind,
            *(_numbers(getattr(figure, name) for figure in figures) for name in ("numerator", "denominator", "value")),
            direction,
            *(_numbers(getattr(norm, name) for norm in norms) for name in ("green", "red")),
            below=_numbers(norm.below for norm in norms),
            above=_numbers(norm.above for norm in norms),
            squares=_numbers(figure.squares for figure in figures),
        )
        for row, number in enumerate(numbers):
            found[number] = shown(lights[row])
    return [light for light in found if light is not None]


def _numbers(values: Iterable[float | None]) -> npt.NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def kind_of(measure: Measure, figure: Figure) -> Kind:
    """What a value of the measure is to the statistics of a light."""
    if measure.of_money or (measure.unit == Unit.EURO and figure.denominator is None):
        return Kind.AMOUNT
    if figure.denominator is None:
        return Kind.COUNT
    return KINDS.get(measure.unit, Kind.MEAN)


def shown(light: Light) -> Shown:
    tone, word = LOOKS[light.state]
    return Shown(light.state, tone, word, light.certain, light.low, light.high, light.reason)


@lru_cache(maxsize=64)
def _html(state: str, certain: bool, small: bool) -> SafeString:
    tone, word = LOOKS[state]
    return render_to_string("components/light.html", {"light": Shown(state, tone, word, certain), "small": small})


def light_html(light: Shown, small: bool = False) -> SafeString:
    """Lights that look the same share their HTML; what is not measured has a word only."""
    if light is NOT_MEASURED:
        return format_html('<span class="word">{}</span>', light.word)
    return _html(light.state, light.certain, small)


def legend() -> tuple[SafeString, ...]:
    """Every light with its word."""
    return tuple(_html(state, True, True) for state in LOOKS)
