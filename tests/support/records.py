"""From message texts to the frames of the calculation, through the reading of ``messaging``, without a database."""

import datetime as dt
from collections.abc import Iterable

import pandas as pd

from kpi.calc.frames import CATALOGUE, NO_DAY, NO_NUMBER, RECORD_CONTRACTS, Records, Reference, to_day
from kpi.calc.state import State, build_state
from messaging.batches import parse_batch
from messaging.berichten.columns import COLUMNS, MESSAGE_COLUMNS
from messaging.berichten.interpret import Bericht
from messaging.berichten.persons import Pseudonymiser
from messaging.sources import Source
from tests.support.xmlmessages import Message

PSEUDONYM = Pseudonymiser("test-pseudonym-key")
FRAMES = {
    "toewijzingen": "toewijzing",
    "starts": "start",
    "stops": "stop",
    "prestaties": "prestatie",
    "verzoeken": "verzoek",
    "retour_regels": "retour_regel",
    "antwoord_regels": "antwoord_regel",
}
DTYPES = {"day": "int32", "int": "int64", "text": "str"}


def day(text: str) -> int:
    """The day number of an ISO date."""
    return to_day(dt.date.fromisoformat(text))


def parsed(*messages: Message | bytes) -> list[Bericht]:
    """The messages as they are stored; a message that is refused fails the test."""
    files = [
        Source(f"{number}.xml", item.xml() if isinstance(item, Message) else item)
        for number, item in enumerate(messages)
    ]
    found = []
    for outcome in parse_batch(files, PSEUDONYM):
        assert outcome.parsed is not None, outcome.reason
        found.append(outcome.parsed)
    return found


def columns_of(line: str) -> list[str | None]:
    """The values of one line of COPY text."""
    return [None if value == "\\N" else value for value in line.split("\t")]


def records(*messages: Message | bytes) -> Records:
    """Record frames of messages: each (identity, content) once, and of one identity the lowest content."""
    kept: dict[str, Bericht] = {}
    for item in parsed(*messages):
        if item.identity not in kept or item.content < kept[item.identity].content:
            kept[item.identity] = item
    numbered = list(enumerate(kept.values(), start=1))
    tables = {
        "messages": [
            {"message_id": number, **dict(zip(MESSAGE_COLUMNS, columns_of(item.row), strict=True))}
            for number, item in numbered
        ]
    }
    for frame, record in FRAMES.items():
        names = ("regel", *COLUMNS[record])
        tables[frame] = [
            {"message_id": number, **dict(zip(names, columns_of(line), strict=True))}
            for number, item in numbered
            for line in item.records.get(record, ())
        ]
    return Records(**{name: _frame(name, rows) for name, rows in tables.items()})


def _frame(name: str, rows: list[dict]) -> pd.DataFrame:
    contract = RECORD_CONTRACTS[name]
    return pd.DataFrame(
        {
            column: pd.Series([_value(row[column], kind) for row in rows], dtype=DTYPES[kind])
            for column, kind in contract.items()
        }
    )


def _value(value: str | int | None, kind: str) -> str | int:
    if kind == "day":
        return NO_DAY if value is None else day(str(value))
    if kind == "int":
        return NO_NUMBER if value is None else int(value)
    return "" if value is None else str(value)


def catalogue(*rows: dict) -> pd.DataFrame:
    """A product catalogue; each row says only what matters."""
    default = {
        "wet": "jeugdwet",
        "categorie": "45",
        "code": "45A04",
        "domain": "jeugd-ggz",
        "kind": "herstel",
        "delivery_form": "zin",
        "unit": "",
        "weight": NO_NUMBER,
        "tariff": NO_NUMBER,
        "tariff_per": 1,
        "arrangement_price": NO_NUMBER,
        "valid_from": NO_DAY,
        "valid_to": NO_DAY,
    }
    filled = [{**default, **row} for row in rows] or [default]
    return pd.DataFrame(
        {column: pd.Series([row[column] for row in filled], dtype=DTYPES[kind]) for column, kind in CATALOGUE.items()}
    )


def state(
    *messages: Message | bytes,
    as_of: str = "2026-06-30",
    products: Iterable[dict] = (),
    outcomes: dict[tuple[str, str], str] | None = None,
) -> State:
    """The true state that messages add up to."""
    reference = Reference(catalogue(*products), outcomes or {})
    return build_state(records(*messages), reference, day(as_of))
