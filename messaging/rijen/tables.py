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
    numbered_lines,
    records,
)
from messaging.rijen.part import Part
from messaging.sources import READ_FAULTS, Source
from messaging.xml import NOT_XML, OFFICE_STARTS

PART_ROWS = 2000
LEAST_CELLS = 3
SEPARATOR = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
UTF16 = (b"\xff\xfe", b"\xfe\xff")
SAVE_AS_UTF8 = "Het bestand is opgeslagen als UTF-16. Sla het op als CSV UTF-8 en upload het opnieuw"
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
    try:
        with closing(_open(source)) as opened:
            start = opened.read(MAX_LINE)
    except READ_FAULTS:
        return False
    if start.startswith(UTF16):
        return not start[2:].strip(b"\0 \r\n\t").startswith(b"<")
    text = start.removeprefix(BOM).lstrip()
    if not text or text.startswith((b"<", *OFFICE_STARTS)):
        return False
    first = text.split(b"\n", 1)[0]
    return b"\0" not in first and bool(SEPARATOR.fullmatch(decoded(first).strip()) or delimiter_of(decoded(first)))


def _parts(source: Source, layouts: Layouts) -> Iterator[Source]:
    try:
        with closing(_open(source)) as opened:
            if opened.read(2) in UTF16:
                yield Source(source.label, fault=SAVE_AS_UTF8)
                return
        with closing(_open(source)) as opened:
            yield from _read(source.label, numbered_lines(opened), layouts)
    except READ_FAULTS:
        yield Source(source.label, fault="Het bestand is beschadigd. Maak het opnieuw")


def _read(label: str, lines: Lines, layouts: Layouts) -> Iterator[Source]:
    delimiter, header = _header(lines)
    if len(header) < LEAST_CELLS:
        yield Source(label, fault=NOT_XML)
        return
    try:
        found = reading(header, layouts)
    except HeaderError as error:
        yield Source(label, fault=str(error), header=tuple(header) if error.asks else ())
        return
    yield from _filled(label, found, delimiter, records(lines, delimiter, len(header)))


def _header(lines: Lines) -> tuple[str, list[str]]:
    """The delimiter and the cells of the first line that is not empty; Excel may name the delimiter before it."""
    given = ""
    for _, line in lines:
        text = decoded((line or b"").removeprefix(BOM))
        if named := SEPARATOR.fullmatch(text.strip()):
            given = named[1]
        elif text.strip():
            delimiter = given or delimiter_of(text)
            try:
                return delimiter, cells(text, delimiter) if delimiter else []
            except RecordError:
                return delimiter, []
    return given, []


def _filled(
    label: str, found: Reading, delimiter: str, rows: Iterator[tuple[int, str | RecordError]]
) -> Iterator[Source]:
    """Parts of PART_ROWS rows; the first one tells which columns nobody knows."""
    first = next(rows, None)
    if first is None:
        yield Source(label, fault=NO_ROWS)
        return
    part: list[tuple[int, str | RecordError]] = []
    unknown = found.unknown
    for row in chain([first], rows):
        part.append(row)
        if len(part) == PART_ROWS:
            yield Source(label, part=Part(found, delimiter, tuple(part), unknown))
            part, unknown = [], ()
    if part:
        yield Source(label, part=Part(found, delimiter, tuple(part), unknown))
