"""The records of a delimited file, one at a time from a stream: bounded whatever the file holds.

A cell in quotes may run over several lines. A quote that is never closed costs its own line and no other.
"""

import csv
from collections import deque
from collections.abc import Iterator
from typing import IO

MAX_LINE = 100_000  # bytes; the widest export of a back office has a tenth of it
MAX_SPAN = 60  # lines of one record
DELIMITERS = ";\t,|"
TOO_LONG = "De regel is langer dan 100.000 tekens"
LOOSE_END = "In de regel staat een los regeleinde"
OPEN_QUOTE = "Een aanhalingsteken is niet gesloten"
NUL = "De regel bevat tekens die geen tekst zijn"
UNFINISHED = "unexpected end of data"  # what csv calls a quote that is open at the end
BOM = b"\xef\xbb\xbf"


class RecordError(ValueError):
    """A record that is no row; the text is Dutch and holds nothing of it."""


def decoded(line: bytes) -> str:
    """UTF-8, else Windows-1252; per line, because some exports mix them."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def delimiter_of(line: str) -> str:
    """The sign that parts the cells of the first line; "" when there is none."""
    counts = {sign: _count(line, sign) for sign in DELIMITERS}
    best = max(counts, key=lambda sign: counts[sign])
    return best if counts[best] > 1 else ""


def _count(line: str, delimiter: str) -> int:
    try:
        return len(cells(line, delimiter))
    except RecordError:
        return 0


def cells(text: str, delimiter: str) -> list[str]:
    """The cells of one record; raises RecordError."""
    if "\0" in text:
        raise RecordError(NUL)
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        raise RecordError(LOOSE_END if "\r" in text else OPEN_QUOTE) from None


def numbered_lines(source: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """The lines with their numbers from 1, without their end; None for one that is too long to hold."""
    number = 0
    while line := source.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE and not line.endswith(b"\n"):
            while (rest := source.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        else:
            yield number, line.rstrip(b"\r\n")


def first_record(lines: Iterator[tuple[int, bytes | None]]) -> str:
    """The text of the first line that is not empty, with those that a cell in quotes runs on to; raises RecordError."""
    text = ""
    for span, (_, line) in enumerate(lines):
        if line is None:
            raise RecordError(TOO_LONG)
        text = f"{text}\n{decoded(line)}" if text else decoded(line.removeprefix(BOM))
        if text.strip() and _fault(text, delimiter_of(text) or ";") != UNFINISHED:
            return text
        if span >= MAX_SPAN or len(text) > MAX_LINE:
            raise RecordError(OPEN_QUOTE)
    if text.strip():
        raise RecordError(OPEN_QUOTE)
    return ""


def records(
    lines: Iterator[tuple[int, bytes | None]], delimiter: str, width: int
) -> Iterator[tuple[int, str | RecordError]]:
    """The text of each record that is not empty with the number of its first line, or why it is none."""
    ahead: deque[tuple[int, bytes | None]] = deque()
    while (first := ahead.popleft() if ahead else next(lines, None)) is not None:
        number, line = first
        if line is None:
            yield number, RecordError(TOO_LONG)
        elif line.count(b'"') % 2 and _fault(text := decoded(line), delimiter) == UNFINISHED:
            yield number, _spanning(text, ahead, lines, delimiter, width)
        elif line.strip(b" \t;,|"):
            yield number, decoded(line)


def _fault(text: str, delimiter: str) -> str:
    """What is wrong with the quotes of a record, "" for nothing: 5" is a measure, and opens nothing."""
    try:
        list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error as error:
        return str(error)
    return ""


def _spanning(
    text: str,
    ahead: deque[tuple[int, bytes | None]],
    lines: Iterator[tuple[int, bytes | None]],
    delimiter: str,
    width: int,
) -> str | RecordError:
    """A record over more lines, taken from those ahead; when they make no row of the right width they stay there."""
    size = len(text)
    for span in range(1, MAX_SPAN):
        while len(ahead) < span and (more := next(lines, None)) is not None:
            ahead.append(more)
        line = ahead[span - 1][1] if len(ahead) >= span else None
        size += len(line or b"")
        if line is None or size > MAX_LINE:
            break
        text = f"{text}\n{decoded(line)}"
        if (fault := _fault(text, delimiter)) != UNFINISHED:
            if fault or _count(text, delimiter) != width:  # closed in the midst of a row: that row is another
                break
            for _ in range(span):
                ahead.popleft()
            return text
    return RecordError(OPEN_QUOTE)
