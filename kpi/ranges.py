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
    OverTime.STOCK: "Geen totaal over maanden: dit is de stand op de laatste dag.",
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


def comes_to(period: Period) -> str:
    """What is said where only a range that is a month, quarter or year is followed, and this is the one."""
    return (
        f"De reeks maanden die u koos, is precies {period_name(period)}: daarover gaan deze cijfers. Haal het filter"
        " Vanaf weg om een andere periode te zien."
    )


def why_not(selection: Selection, measure: Measure) -> str:
    """Why a measure has no total over the range of months, and what is shown instead; empty where it has one."""
    if selection.period.kind != RANGE or measure.code in PER_PERIOD:
        return ""
    shown = other_period(selection, measure)
    return f"{WHY[measure.over_time]} Hier staat: {shown}." if shown else WHY[measure.over_time]


def named(selection: Selection, measure: Measure) -> str:
    """A measure by name, with its period where that is not the selection's."""
    other = other_period(selection, measure)
    return f"{measure.name} ({other})" if other else measure.name


def other_period(selection: Selection, measure: Measure) -> str:
    """The name of the period that a measure is about where it is not that of the selection; else empty."""
    own = own_period(selection, measure).period
    return "" if own == selection.period else period_name(own)


def about(selection: Selection, *measures: Measure) -> str:
    """What the figures of measures are about, where a range of months was chosen."""
    if selection.period.kind != RANGE:
        return ""
    by_reason: dict[str, list[str]] = {}
    for measure in measures:
        by_reason.setdefault(why_not(selection, measure), []).append(measure.name)
    if len(measures) == 1 and "" not in by_reason:
        return next(iter(by_reason))
    told = [f"{', '.join(names)}: {reason[0].lower()}{reason[1:]}" for reason, names in by_reason.items() if reason]
    return " ".join([f"Totaal over {period_name(selection.period)}.", *told])
