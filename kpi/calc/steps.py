"""From the figures of one reference date to those of a later one, in steps that each have one cause.

Every step is a whole state, so that the differences between the steps add up to the difference between the dates. What
a record causes is decided in a fixed order: a new event that hangs on a late allocation shows with the late messages.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi.calc.explain import cases_behind
from kpi.calc.frames import NO_DAY, Records, Reference
from kpi.calc.periods import Period
from kpi.calc.scopes import DIMENSIONS
from kpi.calc.state import State, build_state
from kpi.calc.values import compute_values

RULES, LOADED, TIME, EVENTS, LATE, CORRECTIONS, RETURNS = (
    *("regels", "later_ingelezen", "tijd", "nieuw", "te_laat", "correcties", "retour"),
)
CAUSES = (RULES, LOADED, TIME, EVENTS, LATE, CORRECTIONS, RETURNS)
RETURN_KINDS = ("302", "304", "306", "308", "316", "318", "320", "325")
EVENT_DAYS = {
    "toewijzingen": "ingangsdatum",
    "starts": "begindatum",
    "stops": "einddatum",
    "prestaties": "begindatum",
}
CAUSED = (*EVENT_DAYS, "verzoeken")  # a request is about nothing but itself: always a new event
WITHDRAWN, CREDIT = "3", "C"
NUMBER = ["wet", "gemeente", "toewijzing_nummer"]
WHO = ("client", "toewijzing_nummer", "municipality", "provider", "product")
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Asked:
    """Figures of which period, scope and reference dates (day numbers)."""

    period: Period
    chosen: Mapping[str, str]
    earlier: int
    later: int

    @property
    def scope(self) -> str:
        return "+".join(name for name in DIMENSIONS if name in self.chosen) or "region"


def states(before: Records, after: Records, reference: Reference, asked: Asked) -> Iterator[tuple[str, State]]:
    """The state after each cause, in the order of CAUSES.

    ``before``: the records that the earlier computation had, ``after``: those of the later one. Both are counted with
    the present ``reference``: what differs from the stored figures is then caused by other rules.
    """
    old = after.messages["datum"] <= asked.earlier
    known = _only(after, set(after.messages.loc[old, "message_id"]))
    yield RULES, build_state(before, reference, asked.earlier)
    yield LOADED, build_state(after, reference, asked.earlier)
    yield TIME, build_state(known, reference, asked.later)
    causes = {name: _causes(name, getattr(after, name), after.messages, known, asked.earlier) for name in CAUSED}
    for number, cause in enumerate((EVENTS, LATE, CORRECTIONS)):
        yield cause, build_state(_up_to(after, known, causes, number), reference, asked.later)
    yield RETURNS, build_state(after, reference, asked.later)


def figures(state: State, asked: Asked) -> pd.DataFrame:
    """The values (contract VALUES) of the selection."""
    found = compute_values(state, [asked.period], scopes=[asked.scope])
    for name, value in asked.chosen.items():
        found = found[found[name] == value]
    return found


def case_keys(state: State, measure: str, asked: Asked) -> dict[tuple[object, ...], Counter[tuple[object, ...]]] | None:
    """Per case who it is about, with what it counts for; None for a measure that is no sum of cases."""
    found = cases_behind(state, measure, asked.period, asked.chosen)
    if found is None:
        return None
    result: dict[tuple[object, ...], Counter[tuple[object, ...]]] = {}
    counted = found[["day", "numerator", "denominator"]].itertuples(index=False, name=None)
    for who, what in zip(found[list(WHO)].itertuples(index=False, name=None), counted, strict=True):
        result.setdefault(who, Counter())[what] += 1
    return result


def movement(
    before: dict[tuple[object, ...], Counter[tuple[object, ...]]],
    after: dict[tuple[object, ...], Counter[tuple[object, ...]]],
) -> dict[str, int]:
    """How many cases came, went and changed between two steps."""
    came = went = changed = 0
    for who in before.keys() | after.keys():
        old, new = before.get(who, Counter()), after.get(who, Counter())
        gone, fresh = (old - new).total(), (new - old).total()
        both = min(gone, fresh)
        changed, went, came = changed + both, went + gone - both, came + fresh - both
    return {"erbij": came, "weg": went, "gewijzigd": changed}


def _only(records: Records, numbers: set[int]) -> Records:
    kept = {name: frame[frame["message_id"].isin(numbers)] for name, frame in vars(records).items()}
    return replace(records, **kept)


def _causes(name: str, frame: pd.DataFrame, messages: pd.DataFrame, known: Records, earlier: int) -> Ints:
    """Per record the number of its cause: 0 a new event, 1 a late message, 2 a correction."""
    if name not in EVENT_DAYS:
        return np.zeros(len(frame), dtype=np.int64)
    days = frame[EVENT_DAYS[name]].to_numpy()
    late = (days <= earlier) & (days != NO_DAY)
    return np.where(_corrects(name, frame, messages, known), 2, late.astype(np.int64))


def _corrects(name: str, frame: pd.DataFrame, messages: pd.DataFrame, known: Records) -> Bools:
    """A withdrawal, a credit, or another version of an allocation that was known."""
    if name in ("starts", "stops"):
        return (frame["status_aanlevering"].astype(str) == WITHDRAWN).to_numpy()
    if name == "prestaties":
        return (frame["debet_credit"].astype(str) == CREDIT).to_numpy()
    return _numbers(frame, messages).isin(_numbers(known.toewijzingen, messages))


def _numbers(frame: pd.DataFrame, messages: pd.DataFrame) -> pd.MultiIndex:
    header = messages.set_index("message_id").loc[frame["message_id"], ["wet", "gemeente"]].astype(str)
    return pd.MultiIndex.from_arrays([header["wet"], header["gemeente"], frame["toewijzing_nummer"]], names=NUMBER)


def _up_to(after: Records, known: Records, causes: dict[str, Ints], number: int) -> Records:
    """What was known, with the new records of causes up to a number; returns come last."""
    old = set(known.messages["message_id"])
    returns = after.messages["soort"].astype(str).isin(RETURN_KINDS)
    kept = {"messages": after.messages[after.messages["message_id"].isin(old) | ~returns]}
    for name, frame in vars(after).items():
        if name in causes:
            kept[name] = frame[frame["message_id"].isin(old) | (causes[name] <= number)]
    return replace(known, **kept)
