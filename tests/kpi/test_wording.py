"""Figures as people write them: no line ends between an amount and its sign, or a number and its unit."""

import pytest

from kpi.calc.definition import Unit
from kpi.calc.indicators import DEFINITIONS, MEASURES
from kpi.narrowing import REFERRERS
from kpi.wording import parts_text, points, unbroken, value_text
from providers.cells import decimal

NO_BREAK = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (123_456_00, Unit.EURO, "€~123.456"),
        (0.1234, Unit.PERCENT, "12,3%"),
        (1234.5, Unit.DAYS, "1.234,5~dagen"),
        (3, Unit.WORKDAYS, "3,0~werkdagen"),
    ],
)
def test_a_number_and_its_unit_stand_together(value, unit, expected):
    assert value_text(value, unit) == expected.replace("~", NO_BREAK)


def test_a_line_may_end_between_a_numerator_and_a_denominator_and_nowhere_else():
    assert parts_text(500, 700, MEASURES["declaratiegraad"]).split(" ") == [f"€{NO_BREAK}5", "/", f"€{NO_BREAK}7"]
    assert parts_text(None, 12, MEASURES["duur_mediaan"]).split(" ") == [f"n{NO_BREAK}={NO_BREAK}12"]
    assert " " not in points("+1,5")


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda one: one.code)
def test_no_amount_of_an_example_breaks(definition):
    shown = unbroken(definition.example)
    assert "€ " not in shown
    assert shown.split() == definition.example.split()


def test_an_amount_that_is_copied_from_a_page_is_a_number_again():
    assert decimal({"grens": value_text(500_00, Unit.EURO)}, "grens") == 500


def test_the_part_that_stands_for_an_indicator_is_named_in_words_and_not_by_its_code():
    assert MEASURES["verwijzers"].headline_name == "Jeugdigen in zorg via de huisarts of medisch specialist"
    assert MEASURES["verwijzers"].name_of("") == "Jeugdigen in zorg per verwijzer"
    for definition in DEFINITIONS:
        measure = definition.headline
        assert (measure.headline_name == measure.name) == (not measure.headline_detail)


def test_each_referrer_has_a_name_of_its_own():
    names = {MEASURES["verwijzers"].name_of(code) for code in REFERRERS}
    assert len(names) == len(REFERRERS)
    assert MEASURES["verwijzers"].name not in names
