"""Months, quarters and calendar years, and ranges of months."""

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass
from functools import lru_cache

from kpi.calc.frames import to_date, to_day

MONTHS_PER = {"month": 1, "quarter": 3, "year": 12}
RANGE = "range"
_LABELS = {
    "month": re.compile(r"(\d{4})-(0[1-9]|1[0-2])"),
    "quarter": re.compile(r"(\d{4})-Q([1-4])"),
    "year": re.compile(r"(\d{4})"),
}


class PeriodError(ValueError):
    """A label that is no period; the text is Dutch and says how to write it."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A period by its first and last day (day numbers, both included).

    ``kind``: month, quarter or year, of which figures are computed, or RANGE: months in a row, whose figures add up.
    """

    first: int
    last: int
    kind: str
    label: str


def parse(kind: str, label: str) -> Period:
    """The period that a label (2025-03, 2025-Q1, 2025) names; raises PeriodError."""
    match = _LABELS[kind].fullmatch(label)
    if not match:
        shape = {"month": "2025-03", "quarter": "2025-Q1", "year": "2025"}[kind]
        raise PeriodError(f"“{label}” is geen periode. Schrijf haar als {shape}.")
    year = int(match[1])
    number = int(match[2]) if kind != "year" else 1
    return _period(kind, year, (number - 1) * MONTHS_PER[kind] + 1)


def of_date(kind: str, date: dt.date) -> Period:
    """The period of a kind in which a date lies."""
    length = MONTHS_PER[kind]
    return _period(kind, date.year, (date.month - 1) // length * length + 1)


def periods(kind: str, first_label: str, last_label: str) -> list[Period]:
    """The periods from the first to the last, both included; empty when the last is before the first."""
    first, last = parse(kind, first_label), parse(kind, last_label)
    found = []
    current = first
    while current.first <= last.first:
        found.append(current)
        current = of_date(kind, to_date(current.last + 1))
    return found


def months_in(period: Period) -> list[Period]:
    """The months of a period of any kind, in order."""
    return parts_of(period, "month")


def parts_of(period: Period, kind: str) -> list[Period]:
    """The periods of a kind that is not longer in a period, in order."""
    return periods(kind, *(of_date(kind, to_date(day)).label for day in (period.first, period.last)))


def months_between(first: Period, last: Period) -> Period:
    """The range from one month up to and including another, which is not before it."""
    return Period(first.first, last.last, RANGE, f"{first.label} t/m {last.label}")


def as_calendar(period: Period) -> Period:
    """The month, quarter or year that a range comes to; the range itself when it is none of these."""
    same = (of_date(kind, to_date(period.first)) for kind in MONTHS_PER)
    return next((found for found in same if (found.first, found.last) == (period.first, period.last)), period)


def previous(period: Period) -> Period:
    """The month, quarter or year just before."""
    return of_date(period.kind, to_date(period.first - 1))


def year_before(period: Period) -> Period:
    """The same period of the year before."""
    first = to_date(period.first)
    return of_date(period.kind, first.replace(year=first.year - 1))


def up_to(last: Period, count: int) -> list[Period]:
    """So many periods of one kind in order, of which ``last`` is the last."""
    found = [last]
    while len(found) < count:
        found.append(previous(found[-1]))
    return found[::-1]


@lru_cache(maxsize=1000)  # pages ask for the same few thousands of times
def _period(kind: str, year: int, month: int) -> Period:
    last_month = month + MONTHS_PER[kind] - 1
    label = {"month": f"{year}-{month:02d}", "quarter": f"{year}-Q{(month + 2) // 3}", "year": f"{year}"}[kind]
    last = dt.date(year, last_month, monthrange(year, last_month)[1])
    return Period(to_day(dt.date(year, month, 1)), to_day(last), kind, label)
