"""Starts and stops that are live, and the spells they make (indicators, 2.4 to 2.6)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from kpi.calc.allocations import KEY
from kpi.calc.frames import NO_NUMBER, OPEN, Records
from kpi.calc.outcomes import TEMPORARY, outcome
from kpi.calc.returns import Returns, accepted

START_KEY = ["wet", "gemeente", "client", "toewijzing_nummer", "categorie", "code", "begindatum"]
STOP_KEY = [*START_KEY, "reden_beeindiging", "einddatum"]
FROM_ALLOCATION = [
    *("aanbieder", "product", "domain", "kind", "delivery_form", "referrer", "weight", "ingangsdatum", "einddatum"),
    *("reden_wijziging", "first_301"),
]


def live(frame: pd.DataFrame, messages: pd.DataFrame, returns: Returns, soort: str, key: list[str]) -> pd.DataFrame:
    """The live keys of starts or stops, with ``dagtekening`` of the oldest delivery left and its ``message_id``."""
    columns = ["message_id", "wet", "gemeente", "dagtekening", "link"]
    rows = frame.merge(messages[columns], on="message_id")
    for column in ("wet", "gemeente", "categorie", "code", "status_aanlevering", "reden_beeindiging"):
        if column in rows:
            rows[column] = rows[column].astype("str")
    rows = accepted(rows, returns, soort)
    given = rows[rows["status_aanlevering"] == "1"].sort_values([*key, "dagtekening", "message_id"], kind="stable")
    taken = rows[rows["status_aanlevering"] == "3"].groupby(key, observed=True).size().rename("taken").reset_index()
    given = given.merge(taken, on=key, how="left")
    rank = given.groupby(key, observed=True).cumcount()
    return given[rank == given["taken"].fillna(0)][[*key, "dagtekening", "message_id"]].reset_index(drop=True)


def live_starts(records: Records, returns: Returns, allocations: pd.DataFrame) -> pd.DataFrame:
    """Live starts on a known, non-void allocation of that client; ``row`` is the allocation."""
    starts = live(records.starts, records.messages, returns, "305", START_KEY)
    starts = starts[starts["toewijzing_nummer"] != NO_NUMBER]
    owners = allocations[[*KEY, "client"]].reset_index(names="row")
    return starts.merge(owners, on=[*KEY, "client"]).reset_index(drop=True)


def counted_stops(
    records: Records, returns: Returns, starts: pd.DataFrame, overrides: Mapping[tuple[str, str], str]
) -> pd.DataFrame:
    """Live stops whose Begindatum is that of a live start of the allocation, with their outcome class."""
    stops = live(records.stops, records.messages, returns, "307", STOP_KEY)
    link = [*KEY, "client", "begindatum"]
    stops = stops.merge(starts[[*link, "row"]].drop_duplicates(link), on=link).reset_index(drop=True)
    return stops.assign(outcome=outcome(stops["wet"], stops["reden_beeindiging"], overrides))


def spells(starts: pd.DataFrame, stops: pd.DataFrame, allocations: pd.DataFrame, as_of: int) -> pd.DataFrame:
    """One row per spell: client, the allocation, begin, end (OPEN), reason, outcome, stop_day (dagtekening)."""
    begun = starts[starts["begindatum"] <= as_of].drop_duplicates(["row", "begindatum"])
    ended = stops[(stops["einddatum"] <= as_of) & (stops["outcome"] != TEMPORARY)]
    ended = ended.sort_values(["einddatum", "dagtekening", "reden_beeindiging"], kind="stable")
    best = ended.drop_duplicates(["row", "begindatum"], keep="last")
    best = best[["row", "begindatum", "einddatum", "dagtekening", "reden_beeindiging", "outcome"]]
    best = best.rename(columns={"einddatum": "end", "dagtekening": "stop_day", "reden_beeindiging": "reason"})
    rows = begun[["row", "begindatum"]].merge(best, on=["row", "begindatum"], how="left")
    rows = rows.sort_values(["row", "begindatum"], kind="stable").reset_index(drop=True)
    rows["end"] = rows["end"].fillna(OPEN).astype(np.int64)
    rows["spell"] = _chain(rows["row"].to_numpy(), rows["begindatum"].to_numpy(), rows["end"].to_numpy())
    begin = rows.groupby("spell")["begindatum"].min()
    last = rows[rows["end"] != OPEN].sort_values(["end", "stop_day", "reason"], kind="stable")
    last = last.drop_duplicates("spell", keep="last").set_index("spell")[["end", "stop_day", "reason", "outcome"]]
    found = (
        rows.drop_duplicates("spell")[["spell", "row"]].join(last, on="spell").join(begin.rename("begin"), on="spell")
    )
    return _dressed(found, allocations)


def _chain(row: np.ndarray, begin: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The spell number of each start: a start opens a spell if the current one has ended on or before it."""
    opens = np.diff(row, prepend=-1) != 0
    several = ~opens
    several[:-1] |= ~opens[1:]
    known_end = OPEN
    for position in np.flatnonzero(several):  # few allocations have more than one start
        if opens[position] or known_end <= begin[position]:
            opens[position], known_end = True, end[position]
        elif end[position] != OPEN:
            known_end = end[position] if known_end == OPEN else max(known_end, end[position])
    return np.cumsum(opens) - 1


def _dressed(found: pd.DataFrame, allocations: pd.DataFrame) -> pd.DataFrame:
    facts = allocations[[*KEY, "client", *FROM_ALLOCATION]].rename(
        columns={"einddatum": "allocation_end", "gemeente": "municipality", "aanbieder": "provider"}
    )
    spell = found.join(facts, on="row").reset_index(drop=True)
    spell["end"] = spell["end"].fillna(OPEN).astype(np.int32)
    spell["begin"] = spell["begin"].astype(np.int32)
    spell["stop_day"] = spell["stop_day"].fillna(OPEN).astype(np.int32)
    for column in ("reason", "outcome"):
        spell[column] = spell[column].fillna("").astype("str")
    return spell.drop(columns="spell")
