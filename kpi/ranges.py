"""A range of months that a reader chose: which months it is, and what is said where there is no total over them."""

from collections.abc import Sequence
from dataclasses import dataclass

from kpi.calc.additive import PER_PERIOD
from kpi.calc.definition import Measure, OverTime
from kpi.calc.periods import RANGE, Period, as_calendar, months_between, months_in, parse
from kpi.norms import own_period
from kpi.selection import Selection
from kpi.wording import period_name

WHY = {
    OverTime.STOCK: "Geen totaal over maanden: dit is de stand op de laatste dag van een periode.",
    OverTime.DISTINCT: "Geen totaal over maanden: wie in meer maanden meetelt, zou dubbel tellen.",
    OverTime.SPREAD: "Geen totaal over maanden: dit volgt uit alle gevallen samen, niet uit de cijfers per maand.",
}
NO_FIRST = "Kies ook een maand bij “Vanaf”: zonder eerste maand is er geen reeks maanden."
REVERSED = "De maand bij “Tot en met” ligt vóór die bij “Vanaf”. Kies een latere maand bij “Tot en met”."
NO_LAST = "De maand bij “Vanaf” ligt na de gekozen periode. Kies ook een maand bij “Tot en met”."


@dataclass(frozen=True, slots=True)
class Chosen:
    """``period``: the range, or the month, quarter or year that it comes to; None without one. ``refused``: why."""

    period: Period | None
    refused: str = ""


def chosen(period: Period, since: str, until: str, months: Sequence[Period]) -> Chosen:
    """The range from ``since`` up to and including ``until``, by default the last month of ``period``.

    ``months``: those with figures, in order; the range ends with the last of them at the latest.
    """
    if not since:
        return Chosen(None, NO_FIRST if until else "")
    first = parse("month", since)
    last = parse("month", until) if until else min(months_in(period)[-1], months[-1])
    if last < first:
        return Chosen(None, REVERSED if until else NO_LAST)
    return Chosen(as_calendar(months_between(first, last)))


def why_not(selection: Selection, measure: Measure) -> str:
    """Why a measure has no total over the range of months, and what is shown instead; empty where it has one."""
    if selection.instead is None or measure.code in PER_PERIOD:
        return ""
    return f"{WHY[measure.over_time]} Hier staat: {period_name(own_period(selection, measure).period)}."


def about(selection: Selection, measure: Measure) -> str:
    """What the figures of a measure are about, where a range of months was chosen."""
    if selection.period.kind != RANGE:
        return ""
    return why_not(selection, measure) or f"Totaal over {period_name(selection.period)}."
