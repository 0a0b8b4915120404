"""From records to the true state on a reference date (indicators, section 2)."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from weakref import WeakKeyDictionary

import pandas as pd

from kpi.calc import allocations as allocation_rules
from kpi.calc.claims import claim_answers, claim_lines
from kpi.calc.frames import Records, Reference
from kpi.calc.parameters import DEFAULT, Parameters
from kpi.calc.returns import Returns, judge
from kpi.calc.spells import counted_stops, live_starts, spells
from kpi.calc.trajectories import trajectories


@dataclass(frozen=True, eq=False)  # a state is itself: frames have no equality
class State:
    """What is true on ``as_of``; see the function that makes each frame for its columns."""

    as_of: int
    parameters: Parameters
    records: Records  # only messages known on as_of
    returns: Returns
    answers: pd.DataFrame
    allocations: pd.DataFrame
    starts: pd.DataFrame
    stops: pd.DataFrame
    spells: pd.DataFrame
    herstel: pd.DataFrame
    trajectories: pd.DataFrame
    lines: pd.DataFrame


def build_state(records: Records, reference: Reference, as_of: int, parameters: Parameters = DEFAULT) -> State:
    """The state on ``as_of`` (day number): messages with a later date do not exist."""
    known = known_on(records, as_of)
    returns = judge(known)
    allocations = allocation_rules.allocations(known, reference, returns)
    starts = live_starts(known, returns, allocations)
    stops = counted_stops(known, returns, starts, reference.outcomes)
    spell = spells(starts, stops, allocations, as_of)
    herstel, trajectory = trajectories(spell, parameters.adjoin_days)
    lines = claim_lines(known, reference, allocations)
    return State(
        *(as_of, parameters, known, returns, claim_answers(known), allocations, starts, stops, spell, herstel),
        *(trajectory, lines),
    )


def once(work: Callable[[State], pd.DataFrame]) -> Callable[[State], pd.DataFrame]:
    """Remember what a function makes of a state for as long as that state lives; nobody changes it."""
    known: WeakKeyDictionary[State, pd.DataFrame] = WeakKeyDictionary()

    @wraps(work)
    def remembered(state: State) -> pd.DataFrame:
        if state not in known:
            known[state] = work(state)
        return known[state]

    return remembered


def known_on(records: Records, as_of: int) -> Records:
    """Only the messages of ``as_of`` or before, and their records."""
    messages = records.messages[records.messages["datum"] <= as_of]
    if len(messages) == len(records.messages):
        return records
    kept = {
        field.name: frame[frame["message_id"].isin(messages["message_id"])]
        for field in fields(records)
        if field.name != "messages"
        for frame in [getattr(records, field.name)]
    }
    return Records(messages=messages, **kept)
