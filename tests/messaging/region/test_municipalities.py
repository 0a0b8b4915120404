"""The merger of two municipalities in the early period."""

import datetime as dt

from messaging.region.build import Region
from messaging.region.municipalities import CURRENT, SUCCESSOR, merger_day
from messaging.region.outcomes import MERGED
from messaging.region.world import FORMER_CODES


def day(text: str) -> int:
    return dt.date.fromisoformat(text).toordinal()


def test_the_merger_is_on_new_years_day_of_the_first_half() -> None:
    assert merger_day(day("2023-12-01"), 36) == day("2025-01-01")
    assert merger_day(day("2024-09-01"), 24) == day("2025-01-01")


def test_a_short_region_merges_after_a_third() -> None:
    assert merger_day(day("2026-03-01"), 6) == day("2026-05-01")
    assert merger_day(day("2026-11-01"), 1) == day("2026-12-01")


def test_there_are_eighteen_current_municipalities() -> None:
    assert len({code for code, _, _ in CURRENT}) == 18
    assert ("1900", "Súdwest-Fryslân") in {(code, name) for code, name, _ in CURRENT}


def test_no_care_begins_at_a_former_municipality_after_the_merger(region: Region) -> None:
    merger = region.world.merger
    cares = {id(v.care): v.care for m in region.messages if m.soort == "301" for v in m.records}.values()
    former = [care for care in cares if care.municipality.code in FORMER_CODES]
    assert former
    assert not [care for care in former if care.begin is not None and care.begin >= merger]
    merged = [care for care in former if care.outcome == MERGED]
    assert merged
    assert {care.end for care in merged} == {merger - 1}
    taken_over = [care for care in cares if care.follows in merged]
    assert {(care.municipality.code, care.begin) for care in taken_over} == {(SUCCESSOR, merger)}
