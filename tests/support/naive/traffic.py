"""From stored frames to the messages and records that count on the reference date (definitions, 2.1 and 2.2)."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from kpi.calc.frames import NO_DAY, NO_NUMBER, Records

Row = dict[str, Any]

RETURN_OF = {
    "301": "302",
    "303": "304",
    "305": "306",
    "307": "308",
    "315": "316",
    "317": "318",
    "319": "320",
    "323": "325",
}
ANSWERS = {answer: sent for sent, answer in RETURN_OF.items()}
SENT_BY_MUNICIPALITY = ("301", "319")
CLAIMS = ("303", "323")
NOT_REJECTING = ("0200", "0233", "8001")


def rows_of(frame: Any) -> list[Row]:
    """A frame as dicts: NO_DAY and NO_NUMBER as None, categories as text."""
    missing = {"int32": NO_DAY, "int64": NO_NUMBER}
    kinds = {column: str(frame[column].dtype) for column in frame.columns}
    return [
        {column: _plain(value, missing.get(kinds[column])) for column, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _plain(value: Any, missing: int | None) -> Any:
    if missing is None:
        return str(value)
    return None if value == missing else int(value)


def rejects(codes: str) -> bool:
    """A rejecting code is any code but 0200, 0233, 8001."""
    return any(code not in NOT_REJECTING for code in codes.split())


@dataclass(eq=False)
class Message:
    """A heen message, what came back on it, and its records by frame."""

    row: Row
    records: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    answer: Row | None = None
    answer_records: list[Row] = field(default_factory=list)

    @property
    def soort(self) -> str:
        return self.row["soort"]

    @property
    def wet(self) -> str:
        return self.row["wet"]

    @property
    def municipality(self) -> str:
        return self.row["gemeente"]

    @property
    def provider(self) -> str:
        return self.row["aanbieder"]

    @property
    def sent(self) -> int:
        """The dagtekening."""
        return self.row["dagtekening"]

    @property
    def release(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.row["release"].split("."))

    @property
    def judged_per_record(self) -> bool:
        return self.release[0] == 2 and self.soort not in CLAIMS

    @property
    def rejected(self) -> bool:
        """The whole message counts as never sent."""
        if self.answer is None:
            return False
        if rejects(self.answer["retourcodes_header"]) or rejects(self.answer["retourcodes_antwoord"]):
            return True
        if self.soort in CLAIMS:
            return False
        if rejects(self.answer["retourcodes_overig"]):
            return True
        return not self.judged_per_record and any(rejects(record["retourcodes"]) for record in self.answer_records)

    @property
    def rejected_records(self) -> list[Row]:
        """The records of the return that reject one record only (AFKEUR_PER_RECORD = 2.x)."""
        if not self.judged_per_record:
            return []
        return [
            record
            for record in self.answer_records
            if rejects(record["retourcodes"]) or "0233" in record["retourcodes"].split()
        ]

    def accepted(self, name: str) -> list[Row]:
        """The records of a frame that were not rejected."""
        if self.rejected:
            return []
        refused = [_answer_key(name, record) for record in self.rejected_records]
        return [row for row in self.records[name] if _own_key(name, row) not in refused]


def _own_key(name: str, row: Row) -> tuple[Any, ...]:
    if name == "toewijzingen":
        return row["toewijzing_nummer"], row["toewijzingsdatum"], row["toewijzingstijd"]
    return _shared_key(name, row)


def _answer_key(name: str, row: Row) -> tuple[Any, ...]:
    if name == "toewijzingen":
        return row["toewijzing_nummer"], row["begindatum"], row["sleutel"]
    return _shared_key(name, row)


def _shared_key(name: str, row: Row) -> tuple[Any, ...]:
    if name == "verzoeken":
        return (row["referentie_aanbieder"],)
    key = (row["toewijzing_nummer"], row["categorie"], row["code"], row["begindatum"], row["status_aanlevering"])
    return key if name == "starts" else (*key, row["reden_beeindiging"], row["einddatum"])


def identity(row: Row) -> tuple[Any, ...]:
    """Law, type, sender, Identificatie, Dagtekening; a return carries those of the message it answers."""
    soort = ANSWERS.get(row["soort"], row["soort"])
    sender = row["gemeente"] if soort in SENT_BY_MUNICIPALITY else row["aanbieder"]
    return row["wet"], soort, sender, row["identificatie"], row["dagtekening"]


def from_records(records: Records, as_of: int) -> list[Message]:
    """The heen messages that exist on the reference date, once each, with the latest return that exists."""
    rows = [row for row in rows_of(records.messages) if row["datum"] <= as_of]
    sent: dict[tuple[Any, ...], Message] = {}
    for row in sorted(rows, key=lambda row: row["message_id"]):
        if row["soort"] in RETURN_OF:
            sent.setdefault(identity(row), Message(row))
    for row in sorted(rows, key=lambda row: (row["datum"], row["retour_identificatie"])):
        if row["soort"] in ANSWERS and identity(row) in sent:
            sent[identity(row)].answer = row
    _attach_records(records, list(sent.values()))
    return list(sent.values())


def _attach_records(records: Records, messages: list[Message]) -> None:
    by_id = {message.row["message_id"]: message for message in messages}
    by_answer = {message.answer["message_id"]: message for message in messages if message.answer is not None}
    for name in ("toewijzingen", "starts", "stops", "prestaties", "verzoeken"):
        for row in rows_of(getattr(records, name)):
            if row["message_id"] in by_id:
                by_id[row["message_id"]].records[name].append(row)
    for row in rows_of(records.retour_regels) + rows_of(records.antwoord_regels):
        if row["message_id"] in by_answer:
            by_answer[row["message_id"]].answer_records.append(row)
