"""Expected costs of allocations (indicator 15), in whole eurocents."""

import datetime as dt

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi.calc.cases import BEHIND
from kpi.calc.frames import NO_NUMBER, OPEN, to_date, to_day
from kpi.calc.scopes import DIMENSIONS
from kpi.calc.state import State, once
from kpi.calc.trajectories import HERSTEL

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

MINUTES = {"01": 1, "04": 60, "16": 240}
EUROS = "83"
MOST = 10**11  # a thousand million euro on one allocation is a mistake, and would drown all others
# Least common multiples of the lengths of months and of years: calendar shares become whole numbers of them.
MONTH_PARTS, YEAR_PARTS = 377_580, 365 * 366
DAYS_PER = {"1": 1, "2": 7, "3": 28}


def last_days(state: State) -> pd.Series:
    """The last day of each allocation; without one 31 December of the reference date's year."""
    year_end = to_day(dt.date(to_date(state.as_of).year, 12, 31))
    return state.allocations["einddatum"].where(state.allocations["einddatum"] != OPEN, year_end).astype(np.int64)


def expected_totals(state: State) -> pd.Series:
    """The total expected amount per allocation (its index); NO_NUMBER when there is none to be had."""
    table = state.allocations
    budget, price = table["budget"].to_numpy(), table["arrangement_price"].to_numpy()
    arranged = (table["kind"] == HERSTEL).to_numpy() & (price != NO_NUMBER) & (price != 0)
    total = np.where(arranged, price, _by_volume(table, last_days(state).to_numpy()))
    return pd.Series(np.where((budget != NO_NUMBER) & (budget != 0), budget, total), index=table.index)


def _by_volume(table: pd.DataFrame, last: Ints) -> Ints:
    """Volume × tariff × frequency units, rounded half away from zero; NO_NUMBER where one of them is not known."""
    volume, first = table["volume"].to_numpy(np.int64), table["ingangsdatum"].to_numpy(np.int64)
    rate, per, priced = _rate(table)
    units, parts, timed = _frequency_units(table["frequentie"].astype(str).to_numpy(), first, np.maximum(first, last))
    rough = volume.astype(float) * rate * units / (per * parts)  # says what 64 bits can hold
    fit = (volume != NO_NUMBER) & (last >= first) & priced & timed & (np.abs(rough) <= MOST * (1 + 1e-9))
    total = _rounded(np.where(fit, volume, 0), rate, np.where(fit, units, 0), per * parts)
    return np.where(fit & (np.abs(total) <= MOST), total, NO_NUMBER)


def _rounded(volume: Ints, rate: Ints, units: Ints, bottom: Ints) -> Ints:
    """volume × rate × units / bottom, rounded half away from zero; Python's own numbers where 64 bits are too few."""
    wide = np.abs(volume.astype(float) * rate * units) > 2.0**61
    top = np.where(wide, 0, volume) * rate * units
    whole, rest = np.divmod(np.abs(top), bottom)
    total: Ints = np.sign(top) * (whole + (2 * rest >= bottom))
    for at in np.flatnonzero(wide):
        exact, part = int(volume[at]) * int(rate[at]) * int(units[at]), int(bottom[at])
        total[at] = (2 * abs(exact) + part) // (2 * part) * (1 if exact > 0 else -1)
    return total


def _rate(table: pd.DataFrame) -> tuple[Ints, Ints, Bools]:
    """Eurocents per unit of the allocation as a fraction, and whether the units convert."""
    unit, own = table["eenheid"].astype(str), table["unit"].astype(str)
    tariff, of_units = table["tariff"].to_numpy(np.int64), np.maximum(table["tariff_per"].to_numpy(np.int64), 1)
    minutes, own_minutes = (part.map(MINUTES).fillna(0).to_numpy(np.int64) for part in (unit, own))
    same, euros = (unit == own).to_numpy(), (unit == EUROS).to_numpy()
    converts = (minutes > 0) & (own_minutes > 0) & ~same
    known = euros | ((tariff != NO_NUMBER) & (same | converts))
    shared = np.gcd(minutes, own_minutes)
    rate = np.where(converts, tariff * (minutes // np.maximum(shared, 1)), tariff)
    per = np.where(converts, own_minutes // np.maximum(shared, 1), 1) * of_units
    return np.where(euros, 1, np.where(known, rate, 0)), np.where(euros, 1, per), known


def _frequency_units(frequency: npt.NDArray[np.object_], first: Ints, last: Ints) -> tuple[Ints, Ints, Bools]:
    """How often the volume is given between two days, as a fraction, and whether the frequency is known."""
    units, parts = np.ones(len(first), dtype=np.int64), np.ones(len(first), dtype=np.int64)
    known = frequency == "6"
    for code, days in DAYS_PER.items():
        own = frequency == code
        units[own], parts[own], known = (last - first + 1)[own], days, known | own
    for code, span, whole in (("4", "M", MONTH_PARTS), ("5", "Y", YEAR_PARTS)):
        own = frequency == code
        units[own], parts[own], known = _calendar_share(first[own], last[own], span, whole), whole, known | own
    return units, parts, known


def _calendar_share(first: Ints, last: Ints, span: str, whole: int) -> Ints:
    """Over each calendar month (M) or year (Y) the covered share of its days, in parts of which one has ``whole``."""
    opening, closing = (days.astype("datetime64[D]").astype(f"datetime64[{span}]") for days in (first, last))
    begin, end = (_first_day(each) for each in (opening, closing))
    length, last_length = _first_day(opening + 1) - begin, _first_day(closing + 1) - end
    # All of every month from the first to the last, without what lies before the first day or after the last.
    spanned: Ints = (closing - opening).astype(np.int64) + 1
    before, after = (first - begin) * (whole // length), (end + last_length - 1 - last) * (whole // last_length)
    return spanned * whole - before - after


def _first_day(spans: npt.NDArray[np.datetime64]) -> Ints:
    return spans.astype("datetime64[D]").astype(np.int64)


@once
def expected_months(state: State) -> pd.DataFrame:
    """The total of each allocation spread over its calendar months: its dimensions, ``day`` and ``amount``.

    Evenly over the days, months rounded half up, the remainder in the last month.
    """
    table = state.allocations.rename(columns={"gemeente": "municipality", "aanbieder": "provider"})
    total, last = expected_totals(state).to_numpy(), last_days(state).to_numpy()
    kept = (total != NO_NUMBER) & (last >= table["ingangsdatum"].to_numpy())
    table = table.loc[kept, [*DIMENSIONS, *BEHIND, "ingangsdatum"]]
    row, day, amount = _spread(table["ingangsdatum"].to_numpy(np.int64), last[kept], total[kept])
    result: pd.DataFrame = table.drop(columns="ingangsdatum").iloc[row].reset_index(drop=True)
    return result.assign(day=day, amount=amount)


def _spread(first: Ints, last: Ints, total: Ints) -> tuple[Ints, Ints, Ints]:
    """Per month of each row: the row, the month's first day and the month's part of the total."""
    if len(first) == 0:
        return first, first, first
    opening = first.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    count = last.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) - opening + 1
    row = np.repeat(np.arange(len(first)), count)
    starts = np.cumsum(count) - count
    month = (np.arange(len(row)) - starts[row] + opening[row]).astype("datetime64[M]")
    day, following = _first_day(month), _first_day(month + 1)
    covered = np.minimum(last[row], following - 1) - np.maximum(first[row], day) + 1
    days = (last - first + 1)[row]
    amount = (2 * total[row] * covered + days) // (2 * days)
    finals = starts + count - 1
    amount[finals] += total - np.add.reduceat(amount, starts)
    return row, day, amount
