"""The records of one client in time order, under a pseudonym, each with the reason why it counts or does not."""

from typing import Any

import pandas as pd

from accounts.scope import Scope
from kpi import code_names, narrow
from kpi.calc.allocations import KEY
from kpi.calc.frames import NO_DAY, NO_NUMBER, to_date
from kpi.calc.returns import accepted
from kpi.calc.state import State
from kpi.models import Run
from kpi.wording import euros
from messaging.presenters import SOORT_NAMES

RECORDS = {"301": "toewijzingen", "305": "starts", "307": "stops", "315": "verzoeken"}
CLAIMS = ("303", "323")
Names = dict[str, str]
HEADER = ["message_id", "wet", "gemeente", "aanbieder", "dagtekening", "link", "soort"]


def pseudonym(client: int) -> str:
    """A client's key as sixteen characters, for addresses and tables."""
    return f"{client & 0xFFFFFFFFFFFFFFFF:016x}"


def client_of(text: str) -> int:
    """The key that ``pseudonym`` wrote; raises ValueError."""
    number = int(text, 16)
    return number - 2**64 if number >= 2**63 else number


def of_client(scope: Scope, run: Run, client: int, names: dict[str, Names]) -> list[dict[str, Any]]:
    """The records of a client in time order, within a scope, with why each counts or does not."""
    return records_of(scope, narrow.of_client(run, client), names, "client", client)


def records_of(scope: Scope, state: State, names: dict[str, Names], column: str, value: int) -> list[dict[str, Any]]:
    """The records of one ``client`` or of the message with one ``link``, in time order, within a scope."""
    lines: list[dict[str, Any]] = []
    products = names.get("product", {})
    for soort, table in RECORDS.items():
        lines += _records(state, soort, _own(state, getattr(state.records, table), column, value), products)
    lines += _claims(state, _own(state, state.records.prestaties, column, value), products)
    seen = [line for line in lines if scope.allows(line["gemeente"])]
    for line in seen:
        line["municipality"] = names["municipality"].get(line["gemeente"], line["gemeente"])
        line["provider"] = names["provider"].get(line["aanbieder"], line["aanbieder"])
    return sorted(seen, key=lambda line: (line["datum"], line["soort"], line["what"]))


def _own(state: State, frame: pd.DataFrame, column: str, value: int) -> pd.DataFrame:
    """The records of a client or message with the header of their message."""
    headers = state.records.messages[HEADER]
    if column == "client":
        frame = frame[frame["client"] == value]
    else:
        headers = headers[headers[column] == value]
    return frame.merge(headers, on="message_id")


def _line(row: Any, soort: str, what: str, verdict: str) -> dict[str, Any]:
    return {
        "datum": to_date(row.dagtekening),
        "soort": soort,
        "name": SOORT_NAMES[soort],
        "client": pseudonym(row.client),
        "gemeente": str(row.gemeente),
        "aanbieder": str(row.aanbieder),
        "number": "" if row.toewijzing_nummer == NO_NUMBER else row.toewijzing_nummer,
        "link": pseudonym(row.link),
        "what": what,
        "verdict": verdict,
    }


def _records(state: State, soort: str, own: pd.DataFrame, products: Names) -> list[dict[str, Any]]:
    own = own[own["soort"].astype(str) == soort].reset_index(drop=True)
    if own.empty:
        return []
    keyed = own.assign(position=own.index)
    for column, key in (("toewijzingsdatum", "begindatum"), ("toewijzingstijd", "sleutel")):
        if column in keyed:
            keyed[key] = keyed[column]
    kept = set(accepted(keyed, state.returns, soort)["position"])
    answered = set(state.returns.latest["link"])
    return [
        _line(
            row, soort, _what(row, soort, products), _verdict(state, row, soort, position in kept, row.link in answered)
        )
        for position, row in enumerate(own.itertuples(index=False))
    ]


def _what(row: Any, soort: str, products: Names) -> str:
    """The record in words."""
    if soort == "315":
        return f"verzoek, verwijzer {code_names.referrer(str(row.verwijzer_type))}"
    product = _product(row, products)
    if soort == "301":
        return f"{product} vanaf {_day(row.ingangsdatum)} tot en met {_day(row.einddatum)}"
    if soort == "305":
        return f"{product} begonnen op {_day(row.begindatum)}"
    reason = code_names.end_reason(str(row.wet), str(row.reden_beeindiging))
    return f"{product} geëindigd op {_day(row.einddatum)}, reden {reason}"


def _product(row: Any, products: Names) -> str:
    return code_names.product(f"{row.wet}:{row.categorie}:{row.code}", products)


def _verdict(state: State, row: Any, soort: str, kept: bool, answered: bool) -> str:
    """Why a record counts or does not."""
    if not kept:
        return "telt niet: afgekeurd in het retourbericht"
    if soort == "301":
        return _verdict_of_allocation(state, row)
    if soort in ("305", "307"):
        if str(row.status_aanlevering) == "3":
            return "trekt een eerdere aanlevering in"
        counted = state.starts if soort == "305" else state.stops
        if row.message_id not in set(counted["message_id"]):
            return "telt niet: ingetrokken, of zonder toewijzing of start die erbij hoort"
    return "telt" if answered else "telt; er is nog geen antwoord bekend"


def _verdict_of_allocation(state: State, row: Any) -> str:
    own = state.allocations
    same = own[
        (own[KEY[0]].astype(str) == str(row.wet))
        & (own["gemeente"].astype(str) == str(row.gemeente))
        & (own["toewijzing_nummer"] == row.toewijzing_nummer)
    ]
    if same.empty:
        return "telt niet: de toewijzing is ingetrokken"
    last = same.iloc[0]
    current = last["ingangsdatum"] == row.ingangsdatum and last["einddatum"] == row.einddatum
    return "telt: de geldende versie" if current else "een eerdere versie van de toewijzing"


def _claims(state: State, own: pd.DataFrame, products: Names) -> list[dict[str, Any]]:
    """Claim lines, also those of a claim that was refused as a whole."""
    counted = state.lines.set_index(["message_id", "regel"])[["toegekend", "answered"]]
    found = own.join(counted, on=["message_id", "regel"])
    return [
        _line(row, str(row.soort), _what_is_claimed(row, products), _verdict_of_claim(row))
        for row in found.itertuples()
    ]


def _what_is_claimed(row: Any, products: Names) -> str:
    kind = "" if str(row.debet_credit) == "D" else ", credit"
    return f"{_product(row, products)} vanaf {_day(row.begindatum)}: {_euro(row.bedrag)}{kind}"


def _verdict_of_claim(row: Any) -> str:
    if pd.isna(row.answered):
        return "telt niet: de declaratie is als geheel afgekeurd"
    return f"telt: toegekend {_euro(row.toegekend)}" if row.answered else "telt als ingediend; nog geen antwoord bekend"


def _euro(cents: float) -> str:
    text = euros(abs(cents) / 100, 2)
    return f"\N{MINUS SIGN}{text}" if cents < 0 else text


def _day(day: int) -> str:
    return "onbepaald" if day == NO_DAY else to_date(day).strftime("%d-%m-%Y")
