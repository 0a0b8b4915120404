"""The lead times of the message monitor: one case per pair of dates (indicators, table of 16)."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from kpi.calc import workdays
from kpi.calc.allocations import KEY
from kpi.calc.cases import ratio_cases
from kpi.calc.frames import NO_NUMBER, OPEN, Records
from kpi.calc.parameters import DEFAULT, Parameters
from kpi.calc.returns import accepted
from kpi.calc.state import State

NORMED = frozenset(measure for measure, *_ in DEFAULT.deadlines)
PARTIES = {"gemeente": "municipality", "aanbieder": "provider"}


def lead_times(state: State) -> pd.DataFrame:
    """Cases with measure, day, numerator (days, at least 0), denominator 1, within (1, 0 or −1 without a norm)."""
    return pd.concat(_all(state), ignore_index=True)


def _all(state: State) -> Iterator[pd.DataFrame]:
    yield _requests(state)
    yield from _starts(state)
    yield stop_reports(reported_stops(state), state.parameters)
    yield from _claims(state)
    yield from _returns(state)


def _case(
    frame: pd.DataFrame, measure: str, first: str, last: str, parameters: Parameters, *, work: bool, day: str = ""
) -> pd.DataFrame:
    begin, end = frame[first].to_numpy(np.int64), frame[last].to_numpy(np.int64)
    span = workdays.between(begin, end) if work else np.maximum(end - begin, 0)
    found = ratio_cases(frame, measure, frame[day or last], span)
    limits = parameters.days_of(measure)
    limit = frame["wet"].astype(str).map(limits).fillna(-1).to_numpy(np.int64)
    return found.assign(within=np.where(limit < 0, -1, span <= limit).astype(np.int64))


def _parties(state: State) -> pd.DataFrame:
    """Municipality, provider and dates of each allocation, by its row number."""
    return state.allocations[["gemeente", "aanbieder", "ingangsdatum", "first_301"]].rename(columns=PARTIES)


def _requests(state: State) -> pd.DataFrame:
    """Per requested product: the 315 to the earliest accepted 301 with that reference."""
    requests = _with_header(state.records.verzoeken, state.records)
    requests = accepted(requests[requests["soort"] == "315"], state.returns, "315")
    versions = _with_header(state.records.toewijzingen, state.records)
    versions = versions.assign(begindatum=versions["toewijzingsdatum"], sleutel=versions["toewijzingstijd"].astype(str))
    versions = _of_allocations(accepted(versions, state.returns, "301"), state)
    key = ["wet", "aanbieder", "referentie_aanbieder"]
    answers = versions[versions["referentie_aanbieder"] != ""].groupby(key, observed=True)["dagtekening"].min()
    first = requests.sort_values(["dagtekening", "identificatie", "regel"], kind="stable").drop_duplicates(key)
    first = first[state.share.has_client(first["client"])]
    found = first.merge(answers.rename("answered").reset_index(), on=key).rename(columns=PARTIES)
    return _case(found, "doorlooptijd_315_301", "dagtekening", "answered", state.parameters, work=True)


def _with_header(frame: pd.DataFrame, records: Records) -> pd.DataFrame:
    columns = ["message_id", "wet", "soort", "gemeente", "aanbieder", "identificatie", "dagtekening", "link"]
    rows = frame.merge(records.messages[columns], on="message_id")
    for column in ("wet", "soort", "gemeente", "aanbieder", "identificatie", "referentie_aanbieder"):
        rows[column] = rows[column].astype("str")
    return rows


def _of_allocations(versions: pd.DataFrame, state: State) -> pd.DataFrame:
    """Only versions of allocations that are not void."""
    return versions.merge(state.every_allocation, on=KEY)


def reported_starts(state: State) -> pd.DataFrame:
    """Live starts with the parties and dates of their allocation, and ``known``: from when they could be reported."""
    starts = state.starts.join(_parties(state), on="row")
    return starts.assign(known=np.maximum(starts["begindatum"], starts["first_301"]))


def reported_stops(state: State) -> pd.DataFrame:
    """Counted stops with the parties of their allocation."""
    return state.stops.join(_parties(state), on="row")


def start_reports(starts: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """How late each of ``reported_starts`` was reported."""
    return _case(starts, "meldtijd_305", "known", "dagtekening", parameters, work=True)


def stop_reports(stops: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """How late each of ``reported_stops`` was reported."""
    return _case(stops, "meldtijd_307", "einddatum", "dagtekening", parameters, work=True)


def _starts(state: State) -> Iterator[pd.DataFrame]:
    starts = reported_starts(state)
    first = starts.sort_values(["row", "begindatum", "dagtekening"], kind="stable").drop_duplicates("row")
    yield _case(first, "doorlooptijd_301_305", "first_301", "dagtekening", state.parameters, work=False)
    yield _case(first, "wachttijd_start", "ingangsdatum", "begindatum", state.parameters, work=False, day="dagtekening")
    yield start_reports(starts, state.parameters)
    ended = state.spells[state.spells["end"] != OPEN]
    yield _case(ended, "doorlooptijd_305_307", "begin", "end", state.parameters, work=False, day="stop_day")


def _claims(state: State) -> Iterator[pd.DataFrame]:
    lines = state.lines[state.lines["debit"] & (state.lines["toewijzing_nummer"] != NO_NUMBER)]
    lines = lines.rename(columns={"municipality": "gemeente"})[[*KEY, "client", "claim_day"]]
    owners = state.allocations[[*KEY, "client"]].reset_index(names="row")
    lines = lines.merge(owners, on=[*KEY, "client"])
    first = lines.groupby("row")["claim_day"].min().rename("claimed")
    found = _parties(state).join(state.allocations[["wet", "client"]]).join(first, how="inner")
    yield _case(found, "doorlooptijd_301_303", "first_301", "claimed", state.parameters, work=False)
    ended = state.spells[state.spells["end"] != OPEN].reset_index(names="spell")
    pairs = ended[["spell", "row", "stop_day"]].merge(lines[["row", "claim_day"]], on="row")
    after = pairs[pairs["claim_day"] > pairs["stop_day"]].groupby("spell")["claim_day"].min().rename("claimed")
    yield _case(
        ended.join(after, on="spell", how="inner"),
        "doorlooptijd_307_303",
        "stop_day",
        "claimed",
        state.parameters,
        work=False,
    )


def _returns(state: State) -> Iterator[pd.DataFrame]:
    for soort, part in answered(state).groupby("return_soort", observed=True):
        yield _case(part, f"reactietijd_{soort}", "dagtekening", "return_day", state.parameters, work=True)


def answered(state: State) -> pd.DataFrame:
    """Every answered heen message: its header, return_soort, return_day, whole, any (rejected, or any record)."""
    heen = state.records.messages
    heen = heen[state.share.has_link(heen["link"])]
    heen = heen[~heen["soort"].astype(str).isin([*("302", "304", "306", "308", "316", "318", "320", "325")])]
    heen = heen.drop_duplicates("link")  # of a message that came as rows every row has its link
    returns = pd.concat([state.returns.latest, state.answers.assign(any=state.answers["whole"])])
    returns = returns.rename(columns={"soort": "return_soort", "datum": "return_day"})
    found = heen.merge(returns[["link", "return_soort", "return_day", "whole", "any"]], on="link")
    found = found.assign(wet=found["wet"].astype("str"), return_soort=found["return_soort"].astype("str"))
    return found.rename(columns=PARTIES)
