"""The versions of the norms: which one is in force for a figure, and what it says in words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from kpi.calc import light
from kpi.calc.definition import Measure, Unit
from kpi.calc.frames import to_date
from kpi.calc.periods import of_date
from kpi.models import Basis, Direction, Norm
from kpi.selection import Selection
from kpi.wording import number, value_text


@dataclass(frozen=True)
class Applied:
    """A norm as it applies to one figure; ``text`` says it in words.

    ``norm`` is None when the norm is a difference with a figure that does not exist: ``missing`` says which.
    """

    version: Norm
    norm: light.Norm | None
    text: str
    missing: str = ""

    @property
    def absolute(self) -> bool:
        return self.version.basis == Basis.ABSOLUTE

    @property
    def valid_from(self) -> dt.date:
        return self.version.valid_from


class NormBook:
    """All norm versions. The most specific one counts: domain and municipality, municipality, domain, all.

    ``now``: the day of whose norms a selection with ``norm_of_now`` speaks.
    """

    def __init__(self, norms: Iterable[Norm], now: dt.date) -> None:
        self.now = now
        self._versions: dict[tuple[str, str, str], list[Norm]] = {}
        for norm in sorted(norms, key=lambda norm: (norm.valid_from, norm.pk or 0), reverse=True):
            self._versions.setdefault((norm.measure, norm.domain, norm.municipality), []).append(norm)
        self._relative = {
            norm.measure for versions in self._versions.values() for norm in versions if norm.basis != Basis.ABSOLUTE
        }

    def version(self, measure: str, selection: Selection) -> Norm | None:
        """The norm in force on the last day of the period, or now; None when there is none."""
        on = self.now if selection.norm_of_now else to_date(selection.period.last)
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

    def may_be_relative(self, measure: str) -> bool:
        """Whether any version of a measure is a difference with another figure."""
        return measure in self._relative


def own_period(selection: Selection, measure: Measure) -> Selection:
    """A yearly measure looks at the year of the period."""
    return selection.at(period=of_date("year", to_date(selection.period.first))) if measure.yearly_only else selection


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
