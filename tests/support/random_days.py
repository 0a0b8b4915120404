"""The days around which random regions gather: borders are where computations go wrong."""

import datetime as dt

from kpi.calc.frames import to_day
from tests.support.naive.days import add_months


def day(text: str) -> int:
    """The day number of an ISO date."""
    return to_day(dt.date.fromisoformat(text))


FIRST_DAY = day("2023-11-20")
DAYS = 640
CATALOGUE_TURN = day("2024-09-15")  # the last day of catalogue rows that are followed by others
REFERENCE_DAYS = tuple(map(day, ("2024-08-31", "2024-12-31", "2025-02-11", "2025-06-15", "2026-02-01")))
BEGINS = (
    *(CATALOGUE_TURN, CATALOGUE_TURN + 1),
    *(reference + step for reference in REFERENCE_DAYS for step in (-8, 0, 1, 5)),
    *map(day, ("2024-01-01", "2024-01-31", "2024-02-29", "2024-04-30", "2024-12-31", "2025-04-01")),
)
ENDS = (
    *(add_months(reference, -months) for reference in REFERENCE_DAYS for months in (4, 8)),
    *map(day, ("2024-02-29", "2024-03-31", "2024-06-30", "2024-08-31", "2024-10-31", "2024-12-31")),
)
