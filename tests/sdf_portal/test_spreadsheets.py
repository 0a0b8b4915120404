"""Whatever somebody typed, a spreadsheet that opens it runs nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdf_portal.spreadsheets import harmless

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "－2", "﹦1", "−1", "=cmd|' /C calc'!A0"]
BEFORE = ["", "  ", "\t", "\r\n", "\x00", "\xa0", "\u200b", "\ufeff", "\u2028", " \u3000"]


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("before", BEFORE)
def test_what_looks_like_a_formula_gets_an_apostrophe_whatever_stands_before_it(before, formula):
    assert harmless(before + formula).startswith("'")


@pytest.mark.parametrize("text", ["Beide Zorg", "Zorg = goed", "– geen –", "'t Huis", "", "€ 5", "a=", "  b"])
def test_other_texts_stay_as_they_are(text):
    assert harmless(text) == text


@given(st.text())
def test_no_text_breaks_the_line_or_loses_a_sign(text):
    shown = harmless(text)
    assert len(shown.splitlines()) <= 1
    assert len(shown) - shown.startswith("'") <= len(text) <= len(shown)
