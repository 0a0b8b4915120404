"""Calendar arithmetic on day numbers, working days, rounding half up and quantiles."""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

from kpi.calc.frames import to_date, to_day

ONE_DAY = timedelta(days=1)
HALF = Fraction(1, 2)


def last_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def add_months(day: int, months: int) -> int:
    """The same day number so many months later, or that month's last day."""
    start = to_date(day)
    index = start.year * 12 + start.month - 1 + months
    last = last_of_month(index // 12, index % 12 + 1)
    return to_day(last.replace(day=min(start.day, last.day)))


def end_of_year(day: int) -> int:
    return to_day(date(to_date(day).year, 12, 31))


def covered_months(first: int, last: int) -> Iterator[tuple[date, int, int]]:
    """Per calendar month between two days: its first date, the days covered and the days it has."""
    begin, end = to_date(first), to_date(last)
    for index in range(begin.year * 12 + begin.month - 1, end.year * 12 + end.month):
        month = date(index // 12, index % 12 + 1, 1)
        month_end = last_of_month(month.year, month.month)
        covered = (min(end, month_end) - max(begin, month)).days + 1
        yield month, covered, month_end.day


def covered_years(first: int, last: int) -> Iterator[Fraction]:
    """Per calendar year between two days: the share of its days that is covered."""
    begin, end = to_date(first), to_date(last)
    for year in range(begin.year, end.year + 1):
        new_year, new_years_eve = date(year, 1, 1), date(year, 12, 31)
        covered = (min(end, new_years_eve) - max(begin, new_year)).days + 1
        yield Fraction(covered, (new_years_eve - new_year).days + 1)


def easter_sunday(year: int) -> date:
    """The Sunday after the first full moon of spring (the anonymous Gregorian computus of 1876)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    moon_correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon_correction + 15) % 30
    leaps, year_rest = divmod(rest, 4)
    weekday = (32 + 2 * century_rest + 2 * leaps - epact - year_rest) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> dict[date, str]:
    """Algemene termijnenwet art. 3."""
    easter = easter_sunday(year)
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == calendar.SUNDAY:
        kings_day -= ONE_DAY
    return {
        date(year, 1, 1): "New Year",
        easter - 2 * ONE_DAY: "Good Friday",
        easter + ONE_DAY: "Easter Monday",
        kings_day: "King's Day",
        date(year, 5, 5): "Liberation Day",
        easter + 39 * ONE_DAY: "Ascension",
        easter + 50 * ONE_DAY: "Whit Monday",
        date(year, 12, 25): "Christmas",
        date(year, 12, 26): "Boxing Day",
    }


@cache
def is_working_day(day: int) -> bool:
    found = to_date(day)
    return found.weekday() < calendar.SATURDAY and found not in holidays(found.year)


def working_days(begin: int, end: int) -> int:
    """Days d with begin < d <= end, Monday to Friday, not a holiday; 0 when end comes first."""
    return sum(is_working_day(day) for day in range(begin + 1, end + 1))


def calendar_days(begin: int, end: int) -> int:
    """Days from begin to end, 0 when end comes first."""
    return max(0, end - begin)


def half_up(amount: Fraction | int) -> int:
    """Rounded to a whole number; a half goes away from zero, as ROUND_HALF_UP of ``decimal``."""
    rounded = (abs(Fraction(amount)) + HALF).__floor__()
    return rounded if amount >= 0 else -rounded


def quantile(values: list[int], share: Fraction) -> Fraction:
    """Type 7: linear between the order statistics around position (n - 1) * share."""
    ordered = sorted(values)
    position = (len(ordered) - 1) * share
    below = position.__floor__()
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])
