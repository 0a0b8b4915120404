"""Messages and their records into the tables, each message once, by COPY.

Which messages are there already is asked first; what is new goes straight to its place. When another process brings
one of them in between, the unique constraint refuses the batch, and it is asked anew.
"""

import io
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg2
from django.db import Error, connection, transaction
from psycopg2.errors import UniqueViolation

from messaging.batches import Packed
from messaging.berichten.columns import COLUMNS, MESSAGE_COLUMNS
from messaging.exceptions import SinkError

ATTEMPTS = 5  # each is lost to another process only, that came first
COPY_BYTES = 256 * 1024
TABLES = {
    "toewijzing": "messaging_toewijzing",
    "start": "messaging_startproduct",
    "stop": "messaging_stopproduct",
    "prestatie": "messaging_prestatie",
    "verzoek": "messaging_verzoek",
    "antwoord": "messaging_antwoord",
    "besluit": "messaging_besluit",
    "retour_regel": "messaging_retourregel",
    "antwoord_regel": "messaging_antwoordregel",
}

# A table that just came to be filled looks small to Postgres, which would read all of it for each batch.
BY_INDEX = "SET LOCAL enable_seqscan TO off;"

Key = tuple[str, str]  # identity and content of a message


def insert(upload_file_id: int, packed: Packed) -> tuple[Counter[str], int]:
    """Store messages; returns those that were new per soort, and the number of their records.

    A message whose identity is known with other content is stored too (the calculation takes one of
    them whatever the order of arrival) but counts as known.
    """
    if not packed.rows:
        return Counter(), 0
    for _ in range(ATTEMPTS - 1):
        with suppress(UniqueViolation):
            return _insert(upload_file_id, packed)
    return _insert(upload_file_id, packed)


def _insert(upload_file_id: int, packed: Packed) -> tuple[Counter[str], int]:
    with transaction.atomic(), connection.cursor() as cursor:
        return _asked_and_copied(cursor, upload_file_id, packed)


def _asked_and_copied(cursor: Any, upload_file_id: int, packed: Packed) -> tuple[Counter[str], int]:
    keys = [_key(row) for row in packed.rows]
    stored = _stored(cursor, keys)
    new: dict[Key, int] = {}
    for place, key in enumerate(keys):
        if key not in stored:
            new.setdefault(key, place)
    numbers = dict(zip(new.values(), _numbers(cursor, len(new)), strict=True))
    records = _adopt(cursor, packed.sent, numbers)
    _copy_messages(cursor, packed.rows, new, numbers)
    records += _copy_records(cursor, packed.records, numbers)
    _copy_arrivals(cursor, upload_file_id, numbers.values())
    note_arrivals(cursor, upload_file_id, {stored[key] for key in keys if key in stored})
    return _firsts(packed.rows, new, {identity for identity, _ in stored}), records


def note_arrivals(cursor: Any, upload_file_id: int, messages: Collection[int]) -> None:
    """That messages which are stored, by their ids, arrived in a file, perhaps not for the first time."""
    if messages:
        cursor.execute(
            "INSERT INTO messaging_occurrence (upload_file_id, message_id) SELECT %s, unnest(%s::bigint[])"
            " ON CONFLICT DO NOTHING",
            [upload_file_id, array(map(str, messages))],
        )


def array(values: Iterable[str]) -> str:
    """Values without special signs as one text, which Postgres reads faster than a list of a thousand."""
    return f"{{{','.join(values)}}}"


def _key(row: str) -> Key:
    """The identity and content in a COPY line of a message and the digest of its file."""
    _, identity, content, _, _ = row.rsplit("\t", 4)
    return identity, content


def _stored(cursor: Any, keys: Iterable[Key]) -> dict[Key, int]:
    """The ids of the messages that have one of these identities, by their own keys."""
    cursor.execute(
        f"{BY_INDEX} SELECT replace(identity::text, '-', ''), replace(content::text, '-', ''), id"  # noqa: S608
        " FROM messaging_message WHERE identity = ANY(%s::uuid[])",
        [array({identity for identity, _ in keys})],
    )
    return {(identity, content): number for identity, content, number in cursor.fetchall()}


def _numbers(cursor: Any, count: int) -> list[int]:
    """So many ids for new messages, ascending."""
    cursor.execute("SELECT nextval('messaging_message_id_seq') FROM generate_series(1, %s)", [count])
    return [number for (number,) in cursor.fetchall()]


def _copy_messages(cursor: Any, rows: Sequence[str], new: Mapping[Key, int], numbers: Mapping[int, int]) -> None:
    """In the order of their keys: processes that bring the same messages wait for each other, but not crosswise."""
    lines = [f"{numbers[new[key]]}\t{rows[new[key]]}" for key in sorted(new)]
    _copy(cursor, "messaging_message", ("id", *MESSAGE_COLUMNS, "bestand"), lines)


def _copy_arrivals(cursor: Any, upload_file_id: int, messages: Iterable[int]) -> None:
    lines = [f"{upload_file_id}\t{message}" for message in messages]
    _copy(cursor, "messaging_occurrence", ("upload_file_id", "message_id"), lines)


def _copy_records(cursor: Any, records: Mapping[str, tuple[list[int], str]], numbers: Mapping[int, int]) -> int:
    """Copy the records of the messages that are new; their number."""
    total = 0
    for record, (places, text) in records.items():
        if places[0] != places[-1]:
            pairs = zip(places, text.split("\n"), strict=True)
            lines = [f"{numbers[place]}\t{row}" for place, row in pairs if place in numbers]
            _copy_to(cursor, record, lines)
            total += len(lines)
        elif places[0] in numbers:
            _copy_to(cursor, record, [_of_one(numbers[places[0]], text)])
            total += len(places)
    return total


class Ahead:
    """The sink that copies the lines of a message into their table before it is known which message it is.

    They are in the transaction of the batch, under a number that becomes the message's id when it is a new one.
    """

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            (self.number,) = _numbers(cursor, 1)

    def add(self, record: str, text: str) -> None:
        with _sinking() as cursor:
            _copy_to(cursor, record, [_of_one(self.number, text)])

    def discard(self, record: str) -> None:
        with _sinking() as cursor:
            _remove(cursor, record, self.number)


@contextmanager
def _sinking() -> Iterator[Any]:
    try:
        with connection.cursor() as cursor:
            yield cursor
    except (Error, psycopg2.Error) as error:
        raise SinkError from error


def _remove(cursor: Any, record: str, number: int) -> None:
    cursor.execute(f"DELETE FROM {TABLES[record]} WHERE message_id = %s", [number])  # noqa: S608


def _adopt(cursor: Any, sent: Iterable[tuple[int, str, int, int]], numbers: dict[int, int]) -> int:
    """Give new messages the number under which their records went ahead, and remove the records of others."""
    total = 0
    for place, record, number, count in sent:
        if place in numbers:
            numbers[place] = number
            total += count
        else:
            _remove(cursor, record, number)
    return total


def _of_one(number: int, text: str) -> str:
    """The lines of one message, whose id each of them begins with."""
    start = f"{number}\t"
    return start + text.replace("\n", f"\n{start}")


def _copy_to(cursor: Any, record: str, lines: Sequence[str]) -> None:
    _copy(cursor, TABLES[record], ("message_id", "regel", *COLUMNS[record]), lines)


def _copy(cursor: Any, table: str, columns: Iterable[str], lines: Sequence[str]) -> None:
    if lines:
        text = "\n".join(lines) + "\n"
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", io.BytesIO(text.encode()), COPY_BYTES)


def _firsts(rows: Sequence[str], new: Mapping[Key, int], known: set[str]) -> Counter[str]:
    """Of new messages, the number per soort of those whose identity no earlier message had."""
    first = {identity: place for (identity, _), place in reversed(new.items()) if identity not in known}
    return Counter(rows[place].split("\t", 2)[1] for place in first.values())
