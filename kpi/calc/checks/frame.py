"""The rows that every check yields: what was examined, and who can repair it when it is wrong."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi.calc.allocations import KEY, versions
from kpi.calc.frames import NO_NUMBER, Contract, check
from kpi.calc.state import State

MUNICIPALITY, PROVIDER, SOUND = "gemeente", "aanbieder", ""
PARTIES = {"gemeente": "municipality", "aanbieder": "provider"}
BEHIND = {"client": 0, "toewijzing_nummer": NO_NUMBER, "message_id": NO_NUMBER}  # what stands where there is none
Bools = npt.NDArray[np.bool_]

# One row per thing examined. ``day`` says to which month it belongs.
EXAMINED: Contract = {
    "day": "day",
    "municipality": "text",
    "provider": "text",
    "client": "int",
    "toewijzing_nummer": "int",
    "message_id": "int",
    "party": "text",  # who can repair it; SOUND when nothing is wrong
}


def examined(frame: pd.DataFrame, *, day: Any, wrong: Bools, party: Any = PROVIDER) -> pd.DataFrame:
    """The rows of ``frame`` (municipality, provider and what it has of BEHIND) as EXAMINED."""
    columns = {
        "day": np.asarray(day, dtype=np.int32),
        **{name: frame[name].astype("str").to_numpy() for name in PARTIES.values()},
        **{
            name: frame[name].to_numpy(np.int64) if name in frame else np.full(len(frame), blank, dtype=np.int64)
            for name, blank in BEHIND.items()
        },
        "party": np.where(wrong, party, SOUND).astype(object),
    }
    return check(pd.DataFrame(columns).astype({"party": "str"}), EXAMINED, "examined")


def has_allocation(frame: pd.DataFrame, state: State) -> Bools:
    """Whether each row (KEY and client) is about a known allocation of that client that was not withdrawn."""
    owners = state.allocations[[*KEY, "client"]].assign(known=True)
    found = frame[[*KEY, "client"]].merge(owners, how="left", on=[*KEY, "client"])
    return found["known"].notna().to_numpy()


def who_misses_it(frame: pd.DataFrame, state: State) -> npt.NDArray[np.object_]:
    """Who can repair a row without an allocation.

    A number that no accepted allocation has was never sent or not delivered here: the municipality. A number that does
    exist, for another client or withdrawn, or no number at all: the provider named the wrong one.
    """
    numbers = versions(state.records, state.returns)[KEY].drop_duplicates().assign(known=True)
    found = frame[KEY].merge(numbers, how="left", on=KEY)["known"].notna().to_numpy()
    own_fault = found | (frame["toewijzing_nummer"] == NO_NUMBER).to_numpy()
    return np.where(own_fault, PROVIDER, MUNICIPALITY).astype(object)
