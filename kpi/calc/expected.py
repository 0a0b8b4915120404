"""Expected costs of allocations (indicator 15), in whole eurocents."""

import datetime as dt
from fractions import Fraction

import numpy as np
import pandas as pd

from kpi.calc.frames import NO_NUMBER, OPEN, to_date, to_day
from kpi.calc.periods import of_date
from kpi.calc.state import State, once
from kpi.calc.trajectories import HERSTEL

MINUTES = {"01": 1, "04": 60, "16": 240}
EUROS = "83"
MOST = 10**11  # a thousand million euro on one allocation is a mistake, and would drown all others


def half_up(value: Fraction) -> int:
    """Rounded to a whole number, half away from zero."""
    whole = (abs(value) + Fraction(1, 2)).__floor__()
    return whole if value >= 0 else -whole


def last_days(state: State) -> pd.Series:
    """The last day of each allocation; without one 31 December of the reference date's year."""
    year_end = to_day(dt.date(to_date(state.as_of).year, 12, 31))
    return state.allocations["einddatum"].where(state.allocations["einddatum"] != OPEN, year_end).astype(np.int64)


def expected_totals(state: State) -> pd.Series:
    """The total expected amount per allocation (its index); NO_NUMBER when there is none to be had."""
    table = state.allocations.assign(last=last_days(state))
    columns = [
        "budget",
        "kind",
        "arrangement_price",
        "volume",
        "eenheid",
        "frequentie",
        "tariff",
        "unit",
        "ingangsdatum",
        "last",
    ]
    totals = [_total(*values) for values in table[columns].itertuples(index=False, name=None)]
    return pd.Series(totals, index=table.index, dtype="int64")


def _total(
    budget: int,
    kind: str,
    price: int,
    volume: int,
    unit: str,
    frequency: str,
    tariff: int,
    own: str,
    first: int,
    last: int,
) -> int:  # noqa: E501, PLR0913
    if budget not in (NO_NUMBER, 0):
        return budget
    if kind == HERSTEL and price not in (NO_NUMBER, 0):
        return price
    if volume == NO_NUMBER or last < first:
        return NO_NUMBER
    rate = _rate(unit, own, tariff)
    times = _frequency_units(frequency, first, last)
    if rate is None or times is None:
        return NO_NUMBER
    total = half_up(volume * rate * times)
    return total if total <= MOST else NO_NUMBER


def _rate(unit: str, own: str, tariff: int) -> Fraction | None:
    """Eurocents per unit of the allocation; None when the units do not convert."""
    if unit == EUROS:
        return Fraction(1)
    if tariff == NO_NUMBER:
        return None
    if unit == own:
        return Fraction(tariff)
    if unit in MINUTES and own in MINUTES:
        return Fraction(tariff * MINUTES[unit], MINUTES[own])
    return None


def _frequency_units(frequency: str, first: int, last: int) -> Fraction | None:
    days = last - first + 1
    if frequency == "1":
        return Fraction(days)
    if frequency == "2":
        return Fraction(days, 7)
    if frequency == "3":
        return Fraction(days, 28)
    if frequency in ("4", "5"):
        return _calendar_share(first, last, "month" if frequency == "4" else "year")
    return Fraction(1) if frequency == "6" else None


def _calendar_share(first: int, last: int, kind: str) -> Fraction:
    """Over each calendar month (or year) the covered share of its days."""
    total, day = Fraction(0), first
    while day <= last:
        period = of_date(kind, to_date(day))
        total += Fraction(min(last, period.last) - day + 1, period.last - period.first + 1)
        day = period.last + 1
    return total


@once
def expected_months(state: State) -> pd.DataFrame:
    """The total of each allocation spread over its calendar months: its columns, ``day`` and ``amount``.

    Evenly over the days, months rounded half up, the remainder in the last month.
    """
    table = state.allocations.rename(columns={"gemeente": "municipality", "aanbieder": "provider"})
    table = table.assign(total=expected_totals(state), last=last_days(state))
    table = table[(table["total"] != NO_NUMBER) & (table["last"] >= table["ingangsdatum"])]
    row, day, amount = [], [], []
    for number, (first, last, total) in enumerate(
        table[["ingangsdatum", "last", "total"]].itertuples(index=False, name=None)
    ):
        for month, part in _spread(int(first), int(last), int(total)):
            row.append(number)
            day.append(month)
            amount.append(part)
    result = table.iloc[row].reset_index(drop=True)
    return result.assign(day=np.array(day, dtype=np.int64), amount=np.array(amount, dtype=np.int64))


def _spread(first: int, last: int, total: int) -> list[tuple[int, int]]:
    days, day, parts = last - first + 1, first, []
    while day <= last:
        month = of_date("month", to_date(day))
        covered = min(last, month.last) - day + 1
        parts.append((month.first, (2 * total * covered + days) // (2 * days)))
        day = month.last + 1
    final = total - sum(part for _, part in parts[:-1])
    return [*parts[:-1], (parts[-1][0], final)]
