"""The Kraljic class, on a region that can be checked by hand, at the borders and against loops."""

import datetime as dt
import random
from fractions import Fraction

import pandas as pd
import pytest

from kpi.calc.frames import to_date, to_day
from kpi.calc.kraljic import NO_SPEND, classify, millionths, spend_per_product, window


def spend(*rows: tuple[str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["provider", "product", "toegekend"])


def by_provider(*rows: tuple[str, str, int], providers: tuple[str, ...] = ()):
    return {position.provider: position for position in classify(spend(*rows), providers)}


@pytest.mark.parametrize(
    ("as_of", "first", "last"),
    [
        ("2026-11-25", "2025-11-01", "2026-10-31"),
        ("2026-11-30", "2025-12-01", "2026-11-30"),  # the month's last day counts
        ("2026-12-31", "2026-01-01", "2026-12-31"),
        ("2026-01-01", "2025-01-01", "2025-12-31"),
        ("2028-02-28", "2027-02-01", "2028-01-31"),  # leap year: not yet the last day
        ("2028-02-29", "2027-03-01", "2028-02-29"),
    ],
)
def test_the_window_is_twelve_whole_months(as_of, first, last):
    found = window(to_day(dt.date.fromisoformat(as_of)))
    assert [str(to_date(day)) for day in found] == [first, last]


def test_one_of_each_quadrant():
    found = by_provider(
        ("A", "alleen-a", 700),  # alone on its product, most of the money
        ("B", "breed", 200),
        ("C", "breed", 50),
        ("E", "breed", 40),
        ("D", "alleen-d", 10),
    )
    assert {code: position.proposed for code, position in found.items()} == {
        "A": "strategisch",  # 70%, risk 1
        "B": "hefboom",  # crosses 80%, three suppliers: risk 1/3
        "C": "routine",
        "E": "routine",
        "D": "knelpunt",  # small and alone
    }
    assert found["B"].cumulative_share == Fraction(9, 10)
    assert found["B"].supply_risk == Fraction(1, 3)


def test_risk_is_weighted_by_spend_over_products():
    found = by_provider(("A", "p", 300), ("A", "q", 100), ("B", "q", 100))
    assert found["A"].supply_risk == (300 * 1 + 100 * Fraction(1, 2)) / 400


@pytest.mark.parametrize(("small", "suppliers"), [(1, 2), (0, 1)])
def test_one_percent_makes_a_supplier(small, suppliers):
    found = by_provider(("A", "p", 99), ("B", "p", small))
    assert found["A"].supply_risk == Fraction(1, suppliers)


def test_under_one_percent_is_no_supplier_but_its_spend_counts():
    found = by_provider(("A", "p", 1000), ("B", "p", 10))
    assert found["A"].supply_risk == 1
    assert found["B"].supply_risk == 1


@pytest.mark.parametrize(("providers", "suppliers"), [(100, 100), (101, 101), (250, 250)])
def test_a_product_of_which_nobody_has_one_percent_has_many_suppliers(providers, suppliers):
    found = by_provider(*((f"{number:08d}", "p", 7) for number in range(providers)))
    assert {position.supply_risk for position in found.values()} == {Fraction(1, suppliers)}


@pytest.mark.parametrize(("risk_products", "high"), [(("p",), True), (("p", "p2"), True)])
def test_half_is_high_risk(risk_products, high):
    rows = [row for product in risk_products for row in (("A", product, 10), ("B", product, 10))]
    assert all(position.supply_risk_high is high for position in by_provider(*rows).values())


def test_the_one_that_crosses_eighty_percent_is_in_and_who_comes_after_is_not():
    found = by_provider(("A", "p", 80), ("B", "q", 20))
    assert [found[code].cost_effect_high for code in "AB"] == [True, False]
    found = by_provider(("A", "p", 79), ("B", "q", 21))
    assert [found[code].cost_effect_high for code in "AB"] == [True, True]


def test_ties_go_by_agb_code_and_no_spend_is_routine():
    found = classify(spend(("C", "p", 50), ("A", "q", 50)), ["B", "A"])
    assert [position.provider for position in found] == ["A", "C", "B"]
    assert (found[-1].proposed, found[-1].remark) == ("routine", NO_SPEND)


def test_near_a_border_is_said():
    found = by_provider(("A", "p", 76), ("B", "q", 24))
    assert [found[code].near_border for code in "AB"] == [True, False]


def test_no_claims_at_all():
    assert classify(spend(), []) == []
    assert classify(spend(), ["A"])[0].proposed == "routine"


def test_only_lines_in_the_window_and_domain_count_and_a_net_credit_is_nothing():
    day = to_day(dt.date(2026, 5, 1))
    rows = [
        ("A", "p", "ggz", day, 100),
        ("A", "p", "ggz", day, -150),
        ("A", "q", "wmo", day, 70),
        ("A", "p", "ggz", to_day(dt.date(2025, 10, 31)), 900),
        ("B", "p", "ggz", to_day(dt.date(2026, 11, 1)), 900),
    ]
    lines = pd.DataFrame(rows, columns=["provider", "product", "domain", "begindatum", "toegekend"])
    as_of = to_day(dt.date(2026, 11, 25))
    found = spend_per_product(lines, as_of)
    assert found.to_dict("records") == [
        {"provider": "A", "product": "p", "toegekend": 0},
        {"provider": "A", "product": "q", "toegekend": 70},
    ]
    assert spend_per_product(lines, as_of, "ggz")["toegekend"].tolist() == [0]


def test_shares_are_rounded_half_up():
    assert millionths(Fraction(1, 3)) == 333333
    assert millionths(Fraction(1, 2_000_000)) == 1


@pytest.mark.parametrize("seed", range(5))
def test_loops_give_the_same(seed):
    rng = random.Random(seed)
    rows = [
        (f"{provider:08d}", f"p{product}", rng.choice([0, 5, 80, rng.randrange(1, 50_000)]))
        for provider in range(40)
        for product in rng.sample(range(12), 3)
    ]
    found = {p.provider: (p.proposed, p.supply_risk, p.cumulative_share) for p in classify(spend(*rows))}
    total = sum(amount for _, _, amount in rows)
    running = 0
    providers = {code: sum(a for p, _, a in rows if p == code) for code, _, _ in rows}
    for code in sorted(providers, key=lambda c: (-providers[c], c)):
        high_cost = providers[code] > 0 and running * 100 < total * 80
        running += providers[code]
        risk = Fraction(0)
        for p, product, amount in rows:
            if p == code and amount:
                whole = sum(a for _, other, a in rows if other == product)
                count = sum(1 for _, other, a in rows if other == product and a and a * 100 >= whole)
                risk += Fraction(amount, providers[code]) / count
        high_risk = providers[code] > 0 and risk >= Fraction(1, 2)
        names = {
            (True, True): "strategisch",
            (True, False): "hefboom",
            (False, True): "knelpunt",
            (False, False): "routine",
        }
        assert found[code] == (names[high_cost, high_risk], risk, Fraction(running, total))
