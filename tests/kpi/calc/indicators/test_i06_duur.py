"""6. Duur traject: days from first begin to last end, and who is far outside."""

from kpi.calc.periods import parse
from kpi.calc.values import compute_values
from tests.support.care import LASTING, care, delivered
from tests.support.facts import values
from tests.support.records import day


def quantile(found, measure):
    rows = compute_values(found, [parse("year", "2025")], scopes=["region"], measures=[measure])
    return rows["value"].iloc[0] / 1_000_000


def test_the_example():
    long = care(100, 100, "2025-01-01", "2025-04-11")  # 101 days
    found = delivered(*(care(who, who, "2025-01-01", "2025-01-01") for who in range(1, 100)), long)
    assert day("2025-04-11") - day("2025-01-01") + 1 == 101
    assert values(found, "duur_gemiddeld")[""] == (200, 100)
    assert quantile(found, "duur_mediaan") == 1
    assert values(found, "duur_uitschieters")[""] == (1, 100)


def test_quantiles_are_interpolated():
    found = delivered(*(care(who, who, "2025-01-01", f"2025-01-{who:02d}") for who in (1, 2, 3, 4)))
    assert quantile(found, "duur_mediaan") == 2.5
    assert quantile(found, "duur_p90") == 3.7


def test_a_trajectory_counts_once_from_its_first_begin():
    found = delivered(care(1, 1, "2025-01-01", "2025-01-10"), care(1, 2, "2025-01-11", "2025-01-20"))
    assert values(found, "duur_gemiddeld")[""] == (20, 1)


def test_lasting_care_counts_in_its_domains_and_running_care_does_not():
    found = delivered(care(1, 1, "2025-01-01", "2025-01-10", product=LASTING), care(2, 2, "2025-01-01"))
    assert values(found, "duur_gemiddeld")[""] == (10, 1)
