"""One message with its returns: which return counts, which codes reject, and what became of every record in it."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from accounts.scope import Scope
from kpi import narrow
from kpi.calc.claims import CLAIM_RETURNS
from kpi.calc.frames import NO_NUMBER, to_date
from kpi.calc.indicators.i16_berichtenmonitor import judged
from kpi.calc.returns import HARMLESS, RECORD_RETURNS, latest_returns
from kpi.calc.state import State
from kpi.client_page import records_of
from kpi.models import Run
from messaging.presenters import soort_name

RETURNS = (*RECORD_RETURNS, *CLAIM_RETURNS)
LEVELS = (
    ("retourcodes_header", "Het hele bericht"),
    ("retourcodes_antwoord", "Het hele antwoord"),
    ("retourcodes_overig", "Een onderdeel van het bericht"),
)
OF_CLAIM = frozenset({"0200", "8001"})  # a claim line with another code was not simply granted


def of_message(scope: Scope, run: Run, link: int, names: dict[str, dict[str, str]]) -> dict[str, Any] | None:
    """The message with a link, its returns and its records; None where the scope may not see it."""
    state = narrow.of_message(run, link)
    same = state.records.messages[state.records.messages["link"] == link]
    sent = same[~same["soort"].astype(str).isin(RETURNS)]
    if sent.empty or not scope.allows(str(sent.iloc[0]["gemeente"])):
        return None
    head = sent.iloc[0]
    return {
        "name": soort_name(str(head["soort"])),
        "municipality": names["municipality"].get(head["gemeente"], head["gemeente"]),
        "provider": names["provider"].get(head["aanbieder"], head["aanbieder"]),
        "identification": head["identificatie"],
        "day": to_date(head["dagtekening"]),
        "release": head["release"],
        "verdict": _verdict(state, link),
        "codes": list(_codes(state, same)),
        "lines": records_of(scope, state, names, "link", link),
    }


def _verdict(state: State, link: int) -> str:
    found = judged(state)
    own = found[found["link"] == link]
    if own.empty:
        return "Er is nog geen antwoord bekend; het bericht telt nog niet mee in de uitval."
    row = own.iloc[0]
    if not row["bad"]:
        return "Goedgekeurd: geen enkele code in het laatste antwoord keurt iets af."
    if row["whole"]:
        return "Afgekeurd: het hele bericht, alsof het nooit is verstuurd."
    return "Deels afgekeurd: minstens één regel is afgekeurd of voor minder toegekend. Het bericht telt als uitval."


def _codes(state: State, same: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """The codes of all returns, the latest last, and whether each counts."""
    returns = same[same["soort"].astype(str).isin(RETURNS)].sort_values("datum", kind="stable")
    counting = set(latest_returns(returns, RETURNS)["message_id"])
    for row in returns.to_dict("records"):
        for column, place in LEVELS:
            yield from _code_lines(row, counting, place, str(row[column]), HARMLESS)
        for name in ("retour_regels", "antwoord_regels"):
            lines = getattr(state.records, name)
            for line in lines[lines["message_id"] == row["message_id"]].to_dict("records"):
                harmless = HARMLESS if name == "retour_regels" else OF_CLAIM
                yield from _code_lines(row, counting, _record(line), str(line["retourcodes"]), harmless)


def _code_lines(
    row: dict[str, Any], counting: set[int], place: str, codes: str, harmless: frozenset[str] | set[str]
) -> Iterator[dict[str, Any]]:
    for code in codes.split():
        objection = "geen bezwaar" if code in harmless else "keurt af"
        later = "" if row["message_id"] in counting else "; telt niet: er is een later antwoord"
        yield {
            "day": to_date(row["datum"]),
            "name": soort_name(str(row["soort"])),
            "place": place,
            "code": code,
            "verdict": f"{objection}{later}",
        }


def _record(line: dict[str, Any]) -> str:
    number = line.get("toewijzing_nummer", NO_NUMBER)
    if number != NO_NUMBER:
        return f"Regel bij toewijzing {number}"
    reference = str(line.get("referentie_nummer") or line.get("referentie_aanbieder") or "")
    return f"Regel met referentie {reference}" if reference else f"Regel {line['regel']}"
