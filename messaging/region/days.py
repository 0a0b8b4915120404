"""Days as proleptic ordinals, so that the region is calculated in whole numbers."""

import datetime as dt
from functools import lru_cache

SATURDAY = 5


@lru_cache(maxsize=20_000)
def iso(day: int) -> str:
    """2025-03-01"""
    return dt.date.fromordinal(day).isoformat()


@lru_cache(maxsize=20_000)
def month_of(day: int) -> tuple[int, int]:
    """First and last day of the month that holds ``day``."""
    date = dt.date.fromordinal(day)
    first = date.replace(day=1)
    return first.toordinal(), add_months(first.toordinal(), 1) - 1


def add_months(first: int, months: int) -> int:
    """The first day of the month that lies ``months`` after the month of ``first``."""
    date = dt.date.fromordinal(first)
    index = date.year * 12 + date.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1).toordinal()


def working_day(day: int) -> int:
    """``day`` itself, or the Monday after it: messages are sent on weekdays."""
    weekday = (day - 1) % 7
    return day if weekday < SATURDAY else day + 7 - weekday


def after_workdays(day: int, count: int) -> int:
    """``count`` weekdays after ``day``, which moves to a weekday first."""
    day = working_day(day)
    weeks, rest = divmod(count, 5)
    day += 7 * weeks
    for _ in range(rest):
        day = working_day(day + 1)
    return day
