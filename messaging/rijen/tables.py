"""Delimited files among the sources: recognised by their first line, handed on in parts of a few thousand rows."""

import io
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from itertools import chain
from typing import IO

from messaging.rijen.header import UNKNOWN, HeaderError, Layouts, Reading, reading
from messaging.rijen.lines import (
    BOM,
    MAX_LINE,
    RecordError,
    cells,
    decoded,
    delimiter_of,
    first_record,
    numbered_lines,
    records,
)
from messaging.rijen.part import Part
from messaging.sources import READ_FAULTS, Source
from messaging.xml import NOT_XML, OFFICE_STARTS, is_archive

PART_ROWS = 2000
PART_CHARACTERS = 2_000_000  # in rows of ordinary width there are more than PART_ROWS of them
LEAST_CELLS = 3
SEPARATOR = re.compile(r'"?sep=([^\w\s"]|\t)"?', re.IGNORECASE)
LINE_END = re.compile(rb"[\r\n]")
UTF16 = (b"\xff\xfe", b"\xfe\xff")
SAVE_AS_UTF8 = "Het bestand is opgeslagen als UTF-16. Sla het op als CSV UTF-8 en upload het opnieuw"
OLD_MAC = "Het bestand heeft regeleinden van een oude Mac. Sla het op als CSV UTF-8 en upload het opnieuw"
NO_ROWS = "Het bestand heeft kolomnamen maar geen rijen. Exporteer het bestand opnieuw"

Lines = Iterator[tuple[int, bytes | None]]


def with_parts(sources: Iterable[Source], layouts: Layouts, unread: Collection[str] = ()) -> Iterator[Source]:
    """The sources, a delimited file replaced by its parts; one labelled in ``unread`` waits for its columns still.

    The parts of a file depend on its bytes only, so that an interrupted reading can go on where it stopped.
    """
    for source in sources:
        if source.fault or not _may_be_table(source):
            yield source
        elif source.label in unread:
            yield Source(source.label, fault=UNKNOWN)
        else:
            yield from _parts(source, layouts)


def _open(source: Source) -> IO[bytes]:
    return source.large.open() if source.large else io.BytesIO(source.data)


def _may_be_table(source: Source) -> bool:
    """Whether the first line has cells; what is no text at all, XML or an office file is for others to judge."""
    if source.data.startswith(b"<"):
        return False
    try:
        with closing(_open(source)) as opened:
            start = opened.read(MAX_LINE)
    except READ_FAULTS:
        return False
    if start.startswith(UTF16):
        text = start[2:].strip(b"\0 \r\n\t")
        return bool(text) and not text.startswith(b"<")
    text = start.removeprefix(BOM).lstrip()
    if not text or text.startswith((b"<", *OFFICE_STARTS)) or is_archive(start):
        return False
    first = LINE_END.split(text, 1)[0]
    return b"\0" not in first and bool(SEPARATOR.fullmatch(decoded(first).strip()) or delimiter_of(decoded(first)))


def _parts(source: Source, layouts: Layouts) -> Iterator[Source]:
    try:
        with closing(_open(source)) as opened:
            start = opened.read(MAX_LINE)
        if (
            fault := SAVE_AS_UTF8
            if start.startswith(UTF16)
            else OLD_MAC
            if b"\r" in start and b"\n" not in start
            else ""
        ):
            yield Source(source.label, fault=fault)
            return
        with closing(_open(source)) as opened:
            yield from _read(source.label, numbered_lines(opened), layouts)
    except READ_FAULTS:
        yield Source(source.label, fault="Het bestand is beschadigd. Maak het opnieuw")


def _read(label: str, lines: Lines, layouts: Layouts) -> Iterator[Source]:
    try:
        delimiter, header = _header(lines)
        if len(header) < LEAST_CELLS:
            yield Source(label, fault=NOT_XML)
            return
        found = reading(header, layouts)
    except RecordError as error:
        yield Source(label, fault=f"{error}, en dat is de regel met de kolomnamen. Exporteer het bestand opnieuw")
    except HeaderError as error:
        yield Source(label, fault=str(error), header=tuple(header) if error.asks else ())
    else:
        yield from _filled(label, found, delimiter, records(lines, delimiter, len(header)))


def _header(lines: Lines) -> tuple[str, list[str]]:
    """The delimiter and the cells of the first record; Excel may name the delimiter in a line before it."""
    text = first_record(lines)
    named = SEPARATOR.fullmatch(text.strip())
    if named:
        text = first_record(lines)
    delimiter = named[1] if named else delimiter_of(text)
    return delimiter, [" ".join(cell.split()) for cell in cells(text, delimiter)] if delimiter else [text]


def _filled(
    label: str, found: Reading, delimiter: str, rows: Iterator[tuple[int, str | RecordError]]
) -> Iterator[Source]:
    """Parts of PART_ROWS rows; the first one tells which columns nobody knows."""
    first = next(rows, None)
    if first is None:
        yield Source(label, fault=NO_ROWS)
        return
    part: list[tuple[int, str | RecordError]] = []
    unknown, size = found.unknown, 0
    for row in chain([first], rows):
        part.append(row)
        size += len(row[1]) if isinstance(row[1], str) else 0
        if len(part) == PART_ROWS or size > PART_CHARACTERS:
            yield Source(label, part=Part(found, delimiter, tuple(part), unknown))
            part, unknown, size = [], (), 0
    if part:
        yield Source(label, part=Part(found, delimiter, tuple(part), unknown))
