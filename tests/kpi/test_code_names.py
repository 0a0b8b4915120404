"""Codes are shown with what they mean in their law."""

import csv

from kpi.calc.allocations import REFERRERS
from kpi.calc.outcomes import DEFAULTS
from kpi.code_names import END_REASONS, end_reason, end_reason_of_law, product, referrer
from kpi.code_names import REFERRERS as NAMES


def test_every_code_with_an_outcome_or_a_group_has_a_name():
    assert all(code in END_REASONS[wet] for wet, code in DEFAULTS)
    assert set(REFERRERS) < set(NAMES)


def test_every_code_of_the_standard_has_a_name(shared_dir):
    listed = {}
    for name in ("reden_beeindiging", "verwijzer"):
        with (shared_dir / "istandaarden/codelists" / f"{name}.csv").open(encoding="utf-8") as rows:
            listed[name] = [row for row in csv.DictReader(rows, delimiter=";") if row["version"] in ("2.3", "3.2")]
    assert {row["code"] for row in listed["verwijzer"]} == set(NAMES)
    for wet, standard in (("jeugdwet", "iJw"), ("wmo", "iWmo")):
        codes = {row["code"] for row in listed["reden_beeindiging"] if row["standard"] == standard}
        assert codes == set(END_REASONS[wet])


def test_one_code_means_another_thing_in_the_other_law():
    assert end_reason("jeugdwet", "31") == "31 (volgens plan)"
    assert end_reason("wmo", "31") == "31 (verhuizing naar een andere gemeente)"
    assert end_reason_of_law("wmo:19") == "19 (volgens plan), Wmo"


def test_what_has_no_name_keeps_its_code():
    assert (end_reason("wmo", "99"), referrer("99"), referrer("")) == ("99", "99", "onbekend")
    assert product("jeugdwet:45:45A04", {"jeugdwet:45:45A04": "Begeleiding"}) == "45-45A04 (Begeleiding)"
    assert (product("wmo:15:", {}), product("", {})) == ("15", "")
