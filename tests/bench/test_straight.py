"""The straight SQL that the calculation is timed against gives the same table, so that the ratio compares one thing."""

from fractions import Fraction

import pandas as pd
import pytest

from bench.nation import AS_OF, region
from bench.straight import KEY, Straight
from kpi.calc.frames import NO_NUMBER, Records, Reference
from kpi.calc.indicators import MEASURES
from kpi.calc.periods import Period, periods
from kpi.calc.state import build_state
from kpi.calc.values import compute_values
from tests.support.random_days import REFERENCE_DAYS
from tests.support.random_region import random_records, random_reference

PERIODS = [
    *periods("month", "2023-08", "2026-03"),
    *periods("quarter", "2023-Q3", "2026-Q1"),
    *periods("year", "2023", "2026"),
]
CLIENTS = 25
ALMOST = Fraction(1, 1_000_000)  # a quantile in SQL is a float, here millionths
Rows = dict[tuple[str, ...], tuple[int | None, int | None]]


def calculated(values: pd.DataFrame) -> Rows:
    """Numerator and denominator per key; sums of weights in hundredths, as in the SQL."""
    found = {}
    for row in values.to_dict("records"):
        whole = row["numerator"] * 100 + row["fraction"] if row["measure"] == "zwaarte_gemiddeld" else row["numerator"]
        pair = (whole, row["denominator"])
        found[tuple(str(row[name]) for name in KEY)] = tuple(
            None if row[name] == NO_NUMBER else number
            for name, number in zip(("numerator", "denominator"), pair, strict=True)
        )
    return found


def compared(records: Records, reference: Reference, as_of: int, asked: list[Period]) -> Rows:
    """The rows that both give; the test fails where one differs."""
    straight = Straight(reference, as_of, asked)
    straight.add(records)
    straight.compute()
    values = compute_values(build_state(records, reference, as_of), asked)
    ours, theirs = calculated(values), straight.rows()
    different = sorted(key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key))
    shown = [f"{key}: calculated {ours.get(key)}, in SQL {theirs.get(key)}" for key in different[:10]]
    assert not different, "\n".join([f"{len(different)} rows differ", *shown])
    quantiles = {tuple(str(row[name]) for name in KEY): row["value"] for row in values.to_dict("records")}
    for key, value in straight.quantiles().items():
        assert abs(Fraction(quantiles[key], 1_000_000) - Fraction(value)) <= ALMOST, key
    return ours


@pytest.mark.parametrize(("seed", "release"), [(0, "2.3"), (2, "3.2"), (3, "2.3")])
def test_straight_sql_gives_the_same_table_as_the_calculation(seed: int, release: str) -> None:
    as_of = REFERENCE_DAYS[seed % len(REFERENCE_DAYS)]
    found = compared(random_records(seed, release, CLIENTS), random_reference(seed), as_of, PERIODS)
    assert found


def test_a_region_of_the_nation_reaches_every_measure_alike() -> None:
    records, reference = region(1, share=0.02)
    asked = [*periods("quarter", "2025-Q1", "2025-Q4"), *periods("year", "2025", "2025")]
    found = compared(records, reference, AS_OF, asked)
    assert set(MEASURES) - {key[0] for key in found} == {f"reactietijd_{soort}" for soort in ("318", "320")}
