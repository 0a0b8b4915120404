"""A judged light as a page shows it: shape, colour and word, so that none depends on colour."""

from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from kpi.calc.definition import Measure, Unit
from kpi.calc.light import Kind, Light, State, judge
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
    """A light on a page; ``low`` and ``high`` are its interval in the unit of the value."""

    state: str
    tone: str
    word: str
    certain: bool
    low: float | None = None
    high: float | None = None

    @property
    def doubt(self) -> bool:
        """Whether the colour may be chance."""
        return not self.certain and self.state in ("op-norm", "let-op", "buiten-norm")


def light_of(measure: Measure, figure: Figure | None, applied: Applied | None, insufficient: str = "") -> Shown:
    """The light of a figure. Without a figure there is nothing to judge; without a norm there is no colour.

    ``insufficient``: why the data do not allow a judgement, empty when they do.
    """
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


def kind_of(measure: Measure, figure: Figure) -> Kind:
    """What a value of the measure is to the statistics of a light."""
    if measure.of_money or (measure.unit == Unit.EURO and figure.denominator is None):
        return Kind.AMOUNT
    if figure.denominator is None:
        return Kind.COUNT
    return KINDS.get(measure.unit, Kind.MEAN)


def shown(light: Light) -> Shown:
    tone, word = LOOKS[light.state]
    return Shown(light.state, tone, word, light.certain, light.low, light.high)


@lru_cache(maxsize=64)
def _html(state: str, certain: bool, small: bool) -> SafeString:
    tone, word = LOOKS[state]
    return render_to_string("components/light.html", {"light": Shown(state, tone, word, certain), "small": small})


def light_html(light: Shown, small: bool = False) -> SafeString:
    """Lights that look the same share their HTML."""
    return _html(light.state, light.certain, small)


def legend() -> tuple[SafeString, ...]:
    """Every light with its word."""
    return tuple(_html(state, True, True) for state in LOOKS)
