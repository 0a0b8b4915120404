"""Working days: Monday to Friday, save the holidays of the Algemene termijnenwet, art. 3."""

import datetime as dt
from functools import cache

import numpy as np
import numpy.typing as npt

Days = npt.NDArray[np.int32]


def easter(year: int) -> dt.date:
    """Easter Sunday (Gauss, in the form of Meeus, Jones and Butcher)."""
    golden, century, rest = year % 19, year // 100, year % 100
    leap = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - leap + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return dt.date(year, month, day + 1)


def holidays(year: int) -> list[dt.date]:
    """New Year, Good Friday, Easter Monday, King's Day, 5 May, Ascension, Whit Monday, Christmas."""
    sunday = easter(year)
    kings_day = dt.date(year, 4, 27)
    moved = kings_day - dt.timedelta(days=1) if kings_day.weekday() == 6 else kings_day
    around_easter = [sunday + dt.timedelta(days=days) for days in (-2, 1, 39, 50)]
    fixed = [dt.date(year, month, day) for month, day in ((1, 1), (5, 5), (12, 25), (12, 26))]
    return sorted([*around_easter, *fixed, moved])


@cache
def _holiday_array() -> npt.NDArray[np.datetime64]:
    return np.array([day for year in range(1990, 2101) for day in holidays(year)], dtype="datetime64[D]")


def between(first: Days, last: Days) -> npt.NDArray[np.int64]:
    """Working days d with first < d <= last; 0 when last is not after first. Day numbers in, counts out."""
    begin = (first.astype(np.int64) + 1).astype("datetime64[D]")
    end = (np.maximum(last, first).astype(np.int64) + 1).astype("datetime64[D]")
    return np.busday_count(begin, end, holidays=_holiday_array()).astype(np.int64)
