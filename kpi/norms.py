"""Which norm applies to a figure, and its limits as numbers of the measure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from kpi.calc import light
from kpi.calc.definition import Measure, Unit
from kpi.calc.frames import to_date
from kpi.models import Basis, Direction, Norm
from kpi.selection import Selection
from kpi.wording import number, value_text


@dataclass(frozen=True)
class Applied:
    """A norm as it applies to one figure; ``text`` says it in words."""

    norm: light.Norm
    text: str
    absolute: bool
    valid_from: dt.date


class NormBook:
    """All norm versions. The most specific one counts: domain and municipality, municipality, domain, all."""

    def __init__(self, norms: Iterable[Norm]) -> None:
        self._versions: dict[tuple[str, str, str], list[Norm]] = {}
        for norm in sorted(norms, key=lambda norm: (norm.valid_from, norm.pk or 0), reverse=True):
            self._versions.setdefault((norm.measure, norm.domain, norm.municipality), []).append(norm)

    def version(self, measure: str, selection: Selection) -> Norm | None:
        """The norm in force on the last day of the period; None when there is none."""
        on = to_date(selection.period.last)
        places = [
            (selection.domain, selection.municipality),
            ("", selection.municipality),
            (selection.domain, ""),
            ("", ""),
        ]
        for domain, municipality in dict.fromkeys(places):
            for norm in self._versions.get((measure, domain, municipality), ()):
                if norm.valid_from <= on:
                    return norm
        return None

    def applied(self, measure: Measure, selection: Selection, compared: float | None = None) -> Applied | None:
        """The norm of a figure; ``compared`` is the value that a relative norm is a difference with.

        None when there is no norm, or a relative one without that value.
        """
        norm = self.version(measure.code, selection)
        if norm is None or (norm.basis != Basis.ABSOLUTE and compared is None):
            return None
        base = 0.0 if norm.basis == Basis.ABSOLUTE or compared is None else compared
        scale = 100.0 if measure.unit == Unit.EURO else 1.0  # norms on money are in euro, values in eurocents
        # Rounded, so that a difference with the region does not miss its border by the last bit of a float.
        green, red = (round(base + float(limit) * scale, 9) for limit in (norm.green, norm.red))
        return Applied(
            light.Norm(norm.direction, green, red),
            norm_text(norm, measure),
            norm.basis == Basis.ABSOLUTE,
            norm.valid_from,
        )


def norm_text(norm: Norm, measure: Measure) -> str:
    """The limits in words, for example: hoogstens 20,0%, rood boven 25,0%.

    A relative norm is worded as a difference: its limits would tell the value that it is compared with.
    """
    low, high = (_limit(float(value), measure) for value in (norm.green, norm.red))
    than = {Basis.REGION.value: " dan de regio", Basis.YEAR_BEFORE.value: " dan een jaar eerder"}.get(norm.basis, "")
    more, less = ("meer", "minder") if than else ("", "")
    if norm.direction == Direction.HIGHER:
        return f"minstens {low} {more}{than}, rood onder {high} {more}{than}".replace(" ,", ",").strip()
    if norm.direction == Direction.BAND:
        return f"tussen {low} en {high}{f' {less} of {more}' if than else ''}{than}"
    return f"hoogstens {low} {more}{than}, rood boven {high} {more}{than}".replace(" ,", ",").strip()


def _limit(value: float, measure: Measure) -> str:
    if measure.unit == Unit.EURO:
        return f"€ {number(value)}"
    if measure.unit in (Unit.DAYS, Unit.WORKDAYS) and value == int(value):
        return f"{number(value)} {measure.unit.value}"
    return value_text(value, measure.unit)
