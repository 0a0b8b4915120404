"""The versions of the norms: which one is in force for a figure, and what it says in words.

A range of months that somebody chose is judged only where that cannot be disputed: one norm was in force in all these
months, and it is on a share or a mean. A number or an amount grows with the months, and what a relative norm compares
with is set for a month, quarter or year.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from kpi.calc import light
from kpi.calc.additive import PER_PERIOD
from kpi.calc.definition import Measure, OverTime, Unit
from kpi.calc.frames import to_date
from kpi.calc.indicators import MEASURES
from kpi.calc.periods import RANGE, Period, months_in, of_date
from kpi.models import Basis, Direction, Norm
from kpi.selection import Selection
from kpi.wording import NO_BREAK, euros, number, value_text

CHANGED = "Geen oordeel: de norm veranderde in deze maanden. Kies maanden waarin één norm gold."
RELATIVE = "Geen oordeel: de norm is een verschil met een ander cijfer, en geldt voor een maand, kwartaal of jaar."
GROWS = "Geen oordeel: de norm is een aantal of bedrag voor één periode, niet voor een reeks maanden."


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
        """The norm in force on the last day of the period, or now; None when there is none or see ``obstacle``."""
        if self.obstacle(MEASURES[measure], selection):
            return None
        return self._on(measure, selection, self.now if selection.norm_of_now else to_date(selection.period.last))

    def obstacle(self, measure: Measure, selection: Selection) -> str:
        """Why no norm judges a range of months though there is one; empty for other periods and without any norm."""
        if selection.period.kind != RANGE:
            return ""
        days = {self.now} if selection.norm_of_now else {to_date(month.last) for month in months_in(selection.period)}
        found = {id(norm): norm for norm in (self._on(measure.code, selection, day) for day in days)}
        norm = next(iter(found.values()))
        if len(found) > 1:
            return CHANGED
        if norm is None:
            return ""
        return RELATIVE if norm.basis != Basis.ABSOLUTE else GROWS if measure.unit in (Unit.COUNT, Unit.EURO) else ""

    def _on(self, measure: str, selection: Selection, on: dt.date) -> Norm | None:
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
    """What a figure is about: of a yearly measure the year, of a range of months only what adds up over them.

    A stock at the end of a range is that of its last month; of what does not add up stands the period asked beside it.
    """
    if measure.yearly_only:
        return _beside(selection, of_date("year", to_date(selection.period.last)))
    if selection.period.kind != RANGE or measure.code in PER_PERIOD:
        return selection
    if measure.over_time == OverTime.STOCK:
        return _beside(selection, months_in(selection.period)[-1])
    return _beside(selection, selection.instead) if selection.instead else selection


def _beside(selection: Selection, period: Period) -> Selection:
    """Another period, in a selection whose links lead on with what was asked."""
    return selection.at(period=period, instead=selection.instead)


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
        return euros(value)
    if measure.unit in (Unit.DAYS, Unit.WORKDAYS) and value == int(value):
        return f"{number(value)}{NO_BREAK}{measure.unit.value}"
    return value_text(value, measure.unit)
