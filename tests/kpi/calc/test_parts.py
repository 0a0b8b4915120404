"""Clients counted in parts, put together again, are the clients counted in one go."""

from functools import cache

import pandas as pd

from kpi.calc.frames import VALUE_KEY
from kpi.calc.part import Part, negated, part_of, together
from kpi.calc.periods import periods
from kpi.calc.scopes import ALL_SCOPES
from kpi.calc.share import EVERYONE, Bucket, Share, Touched
from kpi.calc.state import State, build_state
from kpi.calc.values import Asked, finish
from tests.support.random_days import REFERENCE_DAYS
from tests.support.random_region import random_records, random_reference

PERIODS = [
    *periods("month", "2024-06", "2025-03"),
    *periods("quarter", "2024-Q1", "2025-Q1"),
    *periods("year", "2024", "2025"),
]
SCOPES = tuple(ALL_SCOPES)
SEED, RELEASE = 2, "3.2"


def state_of(share: Share) -> State:
    return build_state(random_records(SEED, RELEASE, 25), random_reference(SEED), REFERENCE_DAYS[SEED], share=share)


@cache
def part(share: Share) -> Part:
    return part_of(state_of(share), PERIODS, SCOPES)


def values(whole: Part) -> pd.DataFrame:
    state = state_of(EVERYONE)
    found = finish(whole.sums, Asked(PERIODS, SCOPES, state.as_of, state.parameters))
    return found.sort_values(list(VALUE_KEY), ignore_index=True)


def test_three_parts_are_the_whole() -> None:
    whole = part(EVERYONE)
    three = together([part(Bucket(number, 3)) for number in range(3)])
    pd.testing.assert_frame_equal(values(three), values(whole))
    pd.testing.assert_frame_equal(three.spend, whole.spend)
    pd.testing.assert_frame_equal(three.tallies, whole.tallies)


def test_a_part_taken_off_and_put_on_again_leaves_no_trace() -> None:
    whole = part(EVERYONE)
    state = state_of(EVERYONE)
    some = Touched(frozenset(state.allocations["client"][:9]), frozenset(state.records.messages["link"][:50]))
    changed = part(some)
    without = together([whole, negated(changed)])
    assert not values(without).equals(values(whole))
    again = together([without, changed])
    pd.testing.assert_frame_equal(values(again), values(whole))
    pd.testing.assert_frame_equal(again.tallies, whole.tallies)
