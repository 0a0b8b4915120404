"""From records to the true state on a reference date (indicators, section 2)."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import wraps
from weakref import WeakKeyDictionary

import pandas as pd

from kpi.calc import allocations as allocation_rules
from kpi.calc.claims import claim_answers, claim_lines
from kpi.calc.frames import Records, Reference
from kpi.calc.parameters import Parameters
from kpi.calc.returns import Returns, judge
from kpi.calc.share import EVERYONE, Share
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
    share: Share  # whose clients the frames above hold
    every_allocation: pd.DataFrame  # KEY of all allocations that were read, of other clients too
    every_line: pd.DataFrame  # all claim lines that were read


def build_state(
    records: Records, reference: Reference, as_of: int, parameters: Parameters | None = None, share: Share = EVERYONE
) -> State:
    """The state on ``as_of`` (day number): messages with a later date do not exist.

    ``parameters``: others than those of the reference data. ``share`` keeps it to some clients; ``records`` then hold
    theirs and all that bears on them.
    """
    parameters = parameters or reference.parameters
    known = _of_share(known_on(records, as_of), share)
    returns = judge(known)
    every_allocation = allocation_rules.allocations(known, reference, returns)
    allocations = every_allocation[share.has_client(every_allocation["client"])].reset_index(drop=True)
    starts = live_starts(known, returns, allocations)
    stops = counted_stops(known, returns, starts, reference.outcomes)
    spell = spells(starts, stops, allocations, as_of)
    herstel, trajectory = trajectories(spell, parameters.adjoin_days)
    every_line = claim_lines(known, reference, every_allocation)
    lines = every_line[share.has_client(every_line["client"])].reset_index(drop=True)
    return State(
        *(as_of, parameters, known, returns, claim_answers(known), allocations, starts, stops, spell, herstel),
        *(trajectory, lines, share, every_allocation[allocation_rules.KEY], every_line),
    )


def _of_share(records: Records, share: Share) -> Records:
    """Starts and stops bear on their own client only; the rest may bear on others."""
    own = {
        name: frame[share.has_client(frame["client"])]
        for name, frame in (("starts", records.starts), ("stops", records.stops))
    }
    return replace(records, **own)


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
