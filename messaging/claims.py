"""A message in bytes: a large claim by the shapes of its lines, any other parsed whole.

By shape there is no tree, and no step in Python per element, only per line. It is for claims without a fault or remark:
any other is parsed whole, which tells what is wrong with it, and where.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from xml.sax.saxutils import unescape

from messaging.berichten import alike
from messaging.berichten.columns import BLANK
from messaging.berichten.errors import MessageError
from messaging.berichten.fields import Field, FieldError
from messaging.berichten.interpret import Bericht, Kind, interpret, kind_of, unfit
from messaging.berichten.persons import Pseudonymiser
from messaging.berichten.reading import Raw, read
from messaging.berichten.records import BSN_LENGTH, NULL, REFERENCES, SPECIAL, add_records, without_persons
from messaging.berichten.soorten import PRESTATIE
from messaging.shapes import CELLS, IrregularError, Shapes
from messaging.xml import parse

RECORD = PRESTATIE.record
FROM_BYTES = 512 * 1024  # some hundreds of lines; with fewer the shapes take more time than they save
LONGEST = 20_000  # characters from the end of a line to the end of the next
CLIENT = re.compile(rb"<((?:[\w.-]+:)?)Client>")
NAMED = {"&quot;": '"', "&apos;": "'"}
NO_TEXT = "]]>", "\ufffe", "\uffff"  # what XML allows in none


def bericht_in(data: bytes, pseudonym: Pseudonymiser) -> Bericht:
    """The message of a file; raises MessageError."""
    kind, raw, records = records_in(data, pseudonym)
    try:
        return interpret(kind, raw, records, pseudonym)
    except MessageError as error:
        raise unfit(kind, error) from None


def records_in(data: bytes, pseudonym: Pseudonymiser, before: int = 0) -> tuple[Kind, Raw, dict[str, list[str]]]:
    """What a message is, its values, and its records as COPY text, before which ``before`` others came.

    Raises MessageError.
    """
    if len(data) >= FROM_BYTES:
        with suppress(IrregularError, FieldError, MessageError):
            return _by_shape(data, pseudonym, before)
    message = alike.split(data)
    if message:
        with suppress(alike.UnlikeError, MessageError):
            kind, raw = alike.followed(message)
            return kind, raw, add_records({}, raw, pseudonym, before)
    root = parse(data)
    kind = kind_of(root.tag)
    try:
        raw = read(root, kind.soort.soort)
        if message:
            alike.learn(message, root, kind, raw)
        return kind, raw, add_records({}, raw, pseudonym, before)
    except MessageError as error:
        raise unfit(kind, error) from None


def _by_shape(data: bytes, pseudonym: Pseudonymiser, before: int) -> tuple[Kind, Raw, dict[str, list[str]]]:
    """``records_in`` of a claim without fault or remark; raises IrregularError, FieldError or MessageError."""
    client = CLIENT.search(data)
    if not client:
        raise IrregularError
    line_end = b"</" + client[1] + b"Prestatie>"
    start, end = data.find(line_end, client.start()), data.rfind(line_end)
    if start < 0:
        raise IrregularError
    shapes = Shapes(data[:start], line_end, data[end + len(line_end) :])
    lines = _text(data[client.start() : end]).split(line_end.decode())
    if max(map(len, lines)) > LONGEST:
        raise IrregularError
    columns = dict(zip(CELLS, zip(*shapes.cells(lines), strict=True), strict=True))
    bsns = list(_of_each(columns.pop("bsn")))
    persons = {met: met.strip() for met in set(bsns)}
    shapes.raw.bsns += sorted(set(persons.values()))
    return shapes.kind, shapes.raw, {RECORD: _rows(columns, bsns, persons, pseudonym, before)}


def _text(data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise IrregularError from None
    if any(map(text.__contains__, NO_TEXT)):
        raise IrregularError
    return text


def _of_each(bsns: Iterable[str]) -> Iterator[str]:
    """The BSN of each line; only the first line of a client has it."""
    bsn = ""
    for met in bsns:
        bsn = met or bsn
        yield bsn


def _rows(
    columns: Mapping[str, Sequence[str]],
    bsns: list[str],
    persons: dict[str, str],
    pseudonym: Pseudonymiser,
    before: int,
) -> list[str]:
    """``add_records`` by column; ``persons`` are the BSNs by how they were met.

    Raises FieldError, MessageError for what is no BSN, and IrregularError when a line lacks what it must have.
    """
    clients = {met: str(pseudonym(bsn)) for met, bsn in persons.items()}
    told: list[Iterable[str]] = [map(str, range(before + 1, before + 1 + len(bsns))), map(clients.__getitem__, bsns)]
    numbers = {met: int(bsn) for met, bsn in persons.items()}
    fields = {item.column: item for item in PRESTATIE.fields}
    for column, met in columns.items():
        values = {text: _value(fields[column], text) for text in set(met)}
        if column == "toewijzing_nummer":
            met = _without_own(met, values, [numbers[bsn] for bsn in bsns], pseudonym)
        elif column in REFERENCES[RECORD] and max(map(len, met)) >= BSN_LENGTH:
            met = [_hidden(values[text], persons[bsn], pseudonym) for text, bsn in zip(met, bsns, strict=True)]
            values = {text: text or None for text in set(met)}
        nothing = NULL if BLANK[RECORD][column] is None else ""
        texts = {text: nothing if value is None else _copied(str(value)) for text, value in values.items()}
        told.append(map(texts.__getitem__, met))
    return list(map("\t".join, zip(*told, strict=True)))


def _value(item: Field, met: str) -> str | int | None:
    value = (unescape(met, NAMED) if "&" in met else met).strip()
    if value:
        return item.read(value)
    if item.required:
        raise IrregularError
    return None


def _copied(value: str) -> str:
    return value.translate(SPECIAL) if "\\" in value else value  # the other special signs are in no text of a shape


def _without_own(
    met: Sequence[str], values: dict[str, str | int | None], own: Sequence[int], pseudonym: Pseudonymiser
) -> Sequence[str]:
    """The numbers of the allocations of lines, ``own`` being their clients as numbers; adds to ``values``."""
    instead = {number: str(pseudonym.number(number)) for number in set(own).intersection(values.values())}
    if not instead:
        return met
    values |= {text: int(text) for text in instead.values()}
    return [instead[number] if values[text] == number else text for text, number in zip(met, own, strict=True)]


def _hidden(reference: str | int | None, bsn: str, pseudonym: Pseudonymiser) -> str:
    return without_persons(str(reference), (bsn,), pseudonym) if reference is not None else ""
