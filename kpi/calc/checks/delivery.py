"""Checks on start and stop messages."""

from typing import Any

import numpy as np
import pandas as pd

from kpi.calc import workdays
from kpi.calc.checks.frame import PARTIES, PROVIDER, SOUND, Bools, examined, has_allocation, who_misses_it
from kpi.calc.frames import OPEN
from kpi.calc.leadtimes import reported_starts, reported_stops, start_reports, stop_reports
from kpi.calc.returns import accepted
from kpi.calc.spells import START_KEY, STOP_KEY, live
from kpi.calc.state import State

IGNORED = ("2", "9")  # changed, not applicable: values of status_aanlevering that deliver nothing


def start_without_allocation(state: State) -> pd.DataFrame:
    """Live starts; wrong: not on a known allocation of that client."""
    return _without_allocation(state, _live_starts(state))


def stop_without_allocation(state: State) -> pd.DataFrame:
    """Live stops; wrong: not on a known allocation of that client."""
    return _without_allocation(state, _live_stops(state))


def stop_without_start(state: State) -> pd.DataFrame:
    """Live stops on a known allocation; wrong: no live start has their begindatum, so that they do not count."""
    stops = _live_stops(state)
    stops = stops[has_allocation(stops, state)].reset_index(drop=True)
    link = ["wet", "gemeente", "toewijzing_nummer", "client", "begindatum"]
    begun = state.starts[link].drop_duplicates().assign(begun=True)
    wrong = stops[link].merge(begun, how="left", on=link)["begun"].isna().to_numpy()
    return _of_headers(state, stops, wrong)


def start_reported_late(state: State) -> pd.DataFrame:
    """Live starts; wrong: reported after the norm, counted from the start or from the allocation when that is later."""
    starts = reported_starts(state)
    return examined(starts, day=starts["dagtekening"], wrong=_late(start_reports(starts, state.parameters)))


def stop_reported_late(state: State) -> pd.DataFrame:
    """Counted stops; wrong: reported after the norm."""
    stops = reported_stops(state)
    return examined(stops, day=stops["dagtekening"], wrong=_late(stop_reports(stops, state.parameters)))


def stop_missing(state: State) -> pd.DataFrame:
    """Spells whose allocation ended longer ago than the norm for a stop; wrong: they still run.

    The end of an allocation ends no delivery: the stop is compulsory on the planned date too (OP288).
    """
    spells = state.spells[state.spells["allocation_end"] != OPEN]
    origin = state.allocations.loc[spells["row"], ["message_id", "dagtekening"]].set_index(spells.index)
    due = np.maximum(spells["allocation_end"].to_numpy(), origin["dagtekening"].to_numpy())
    limit = spells["wet"].astype(str).map(state.parameters.days_of("meldtijd_307")).to_numpy(np.int64)
    past = workdays.between(due, np.full(len(due), state.as_of)) > limit
    late = spells.assign(message_id=origin["message_id"])[past]
    return examined(late, day=late["allocation_end"], wrong=(late["end"] == OPEN).to_numpy())


def status_ignored(state: State) -> pd.DataFrame:
    """Accepted start and stop records; wrong: a status that neither delivers nor takes back."""
    tables = [_accepted(state, state.records.starts, "305"), _accepted(state, state.records.stops, "307")]
    columns = [*PARTIES, "client", "toewijzing_nummer", "message_id", "dagtekening", "status_aanlevering"]
    rows = pd.concat([table[columns] for table in tables], ignore_index=True).rename(columns=PARTIES)
    wrong = rows["status_aanlevering"].isin(IGNORED).to_numpy()
    return examined(rows, day=rows["dagtekening"], wrong=wrong)


def _live_starts(state: State) -> pd.DataFrame:
    return live(state.records.starts, state.records.messages, state.returns, "305", START_KEY)


def _live_stops(state: State) -> pd.DataFrame:
    return live(state.records.stops, state.records.messages, state.returns, "307", STOP_KEY)


def _without_allocation(state: State, rows: pd.DataFrame) -> pd.DataFrame:
    wrong = ~has_allocation(rows, state)
    party = np.full(len(rows), SOUND, dtype=object)
    party[wrong] = who_misses_it(rows[wrong], state)
    return _of_headers(state, rows, wrong, party)


def _of_headers(state: State, rows: pd.DataFrame, wrong: Bools, party: Any = PROVIDER) -> pd.DataFrame:
    """EXAMINED rows whose provider is the sender of the message."""
    senders = state.records.messages.set_index("message_id")["aanbieder"]
    named = rows.assign(municipality=rows["gemeente"], provider=senders.loc[rows["message_id"]].to_numpy())
    return examined(named, day=rows["dagtekening"], wrong=wrong, party=party)


def _late(cases: pd.DataFrame) -> Bools:
    return (cases["within"] == 0).to_numpy()


def _accepted(state: State, frame: pd.DataFrame, soort: str) -> pd.DataFrame:
    columns = ["message_id", "gemeente", "aanbieder", "dagtekening", "link"]
    rows = frame.merge(state.records.messages[columns], on="message_id")
    for column in ("categorie", "code", "status_aanlevering", "reden_beeindiging"):
        if column in rows:
            rows[column] = rows[column].astype("str")
    return accepted(rows, state.returns, soort)
