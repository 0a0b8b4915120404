"""A claim too large to hold as a tree: read in pieces or line by line, its records stored as they are read.

The message is one all the same: its lines enter the tables in one transaction, with the message itself.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import IO, Protocol, Self

from lxml import etree

from messaging.berichten.errors import REPAIR, MessageError
from messaging.berichten.interpret import (
    Bericht,
    Kind,
    expect_records,
    hide_in_header,
    interpreted,
    kind_of,
    unfit,
)
from messaging.berichten.persons import Pseudonymiser
from messaging.berichten.reading import Raw, Row, local_name, read_bsn, read_part
from messaging.berichten.records import add_records, some_of
from messaging.exceptions import SinkError, StoreError
from messaging.pieces import told
from messaging.shapes import IrregularError
from messaging.sources import Large
from messaging.xml import root_tag, stream

TOO_LARGE = "Het bericht is groter dan 32 MB; dat kan alleen bij een declaratie. Lever kleinere berichten aan"
MOST_REMARKS = 20  # of one message; an upload tells of fewer
MOST_CODES = 1000  # of one message, those that repeat aside
ROWS = 1000  # at a time
TAB = "\t"
PIECES = {
    *(("Bericht", "Header"), ("Client", "Bsn"), ("Prestaties", "Prestatie"), ("Clienten", "Client")),
    *(("Client", "RetourCodes"), ("DeclaratieAntwoord", "RetourCodes")),
}
HELD = 4 * 1024 * 1024  # characters of lines that wait in memory
AT_ONCE = 256 * 1024  # characters of lines to a sink


class Sink(Protocol):
    """Where the lines of a message go while it is read, before it is known which message it is.

    ``number`` tells them apart from those of others. Raises SinkError when they cannot go there.
    """

    number: int

    def add(self, record: str, text: str) -> None: ...

    def discard(self, record: str) -> None: ...


class Spool:
    """Lines of text: in memory as long as they are few, in a file in ``folder`` from then on."""

    def __init__(self, folder: Path | None) -> None:
        self.held: list[str] = []  # texts of some lines each
        self.count = self.size = 0
        self.path: Path | None = None
        self._folder = folder

    def add_rows(self, rows: Sequence[str]) -> None:
        if rows:
            text = "\n".join(rows)
            self.held.append(text)
            self.count += len(rows)
            self.size += len(text)
            if self.size > HELD:
                self._flush()

    def _flush(self) -> None:
        """To disk with what is held; raises StoreError when that is full."""
        try:
            if self.path is None:
                if self._folder:
                    self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                handle, name = tempfile.mkstemp(dir=self._folder)
                os.close(handle)
                self.path = Path(name)
            with self.path.open("a", encoding="utf-8", newline="\n") as target:
                target.writelines(f"{text}\n" for text in self.held)
        except OSError as error:
            raise StoreError(f"No room for the records of a large message: {error.strerror}") from None
        self.held, self.size = [], 0

    def __iter__(self) -> Iterator[str]:
        if self.path:
            with self.path.open(encoding="utf-8", newline="\n") as rows:
                yield from (row[:-1] for row in rows)
        for text in self.held:
            yield from text.split("\n")

    def discard(self) -> None:
        if self.path:
            self.path.unlink(missing_ok=True)
        self.held, self.count, self.size, self.path = [], 0, 0, None


class Lines:
    """The lines of one table, with their digest: to the sink, if there is one, once they are many."""

    def __init__(self, record: str, sink: Sink | None, pseudonym: Pseudonymiser) -> None:
        self.held: list[str] = []  # texts of some lines each
        self.count = self.size = 0
        self._record, self._sink = record, sink
        self._gone = False
        self._digest = pseudonym.digesting()

    def add(self, text: str, lines: int) -> None:
        if lines:
            self._digest.update((f"\n{text}" if self.count else text).encode())
            self.held.append(text)
            self.count += lines
            self.size += len(text)
            if self.size > AT_ONCE and self._sink:
                self._send(self._sink)

    def add_rows(self, rows: Sequence[str]) -> None:
        self.add("\n".join(rows), len(rows))

    def _send(self, sink: Sink) -> None:
        self._gone = True
        sink.add(self._record, "\n".join(self.held))
        self.held, self.size = [], 0

    def hexdigest(self) -> str:
        return self._digest.hexdigest()

    def give(self, found: Bericht) -> None:
        """Say in the message what its lines are, or where they went."""
        if self._gone and self._sink:
            if self.held:
                self._send(self._sink)
            found.sent = self._record, self._sink.number, self.count
        elif self.held:
            found.records = {self._record: "\n".join(self.held).split("\n")}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, fault: type[BaseException] | None, *_: object) -> None:
        """Have the sink forget the lines of what could not be read."""
        if fault and not issubclass(fault, SinkError) and self._gone and self._sink:
            self._sink.discard(self._record)


class Reader:
    """Reads a claim or its answer, line by line, and says what is wrong with it: one client may have all the lines.

    The codes of a client may come after its lines: ``waiting`` are lines of a client that has not ended yet.
    """

    def __init__(self, kind: Kind, folder: Path | None, lines: Lines, pseudonym: Pseudonymiser) -> None:
        self.kind, self.pseudonym = kind, pseudonym
        self.raw = Raw(kind.soort.soort)
        self.record = _record(kind)
        self.lines, self.waiting = lines, Spool(folder)
        self._client_path, self._line_path = _paths(kind)
        self._client: Row = {}
        self._early: Row = {}  # codes of a client whose BSN is still to come

    def read(self, opened: IO[bytes]) -> None:
        """All of it; raises MessageError, SinkError, and StoreError when there is no room."""
        try:
            for element in stream(opened, PIECES):
                self._take(element)
                if max(len(self.raw.rows), len(self.raw.bsns)) >= ROWS:
                    self._keep()
            self._keep()
        finally:
            self.waiting.discard()

    def _take(self, element: etree._Element) -> None:
        name = local_name(element.tag)
        if name == "Header":
            read_part(element, "Header", self.raw)
        elif name == "RetourCodes":
            self._read_codes(element)
        elif name == "Bsn":
            self._end_client()
            self._client, self._early = read_bsn(element, self.raw) | self._early, {}
        elif not self._client:
            raise MessageError(f"Het BSN ontbreekt. {REPAIR}", line=element.sourceline, element="Bsn")
        elif name == "Prestatie":
            read_part(element, self._line_path, self.raw, self._client)
        else:
            self._end_client()

    def _read_codes(self, element: etree._Element) -> None:
        if not self.kind.soort.answers:
            return
        if local_name(element.getparent().tag) != "Client":
            read_part(element, "DeclaratieAntwoord/RetourCodes", self.raw)
        else:
            client = self._client or self._early
            read_part(element, f"{self._client_path}/RetourCodes", self.raw, client)
            client["codes"] = _some(client.get("codes", []))

    def _end_client(self) -> None:
        if self.waiting.count:
            self._keep()
            codes = some_of(self._client.get("codes", []))
            complete = (_with_codes(row, codes) for row in self.waiting)
            while some := list(islice(complete, ROWS)):
                self.lines.add_rows(some)
            self.waiting.discard()
        self._client = {}

    def _keep(self) -> None:
        """Move what was read to the lines; of persons no more stays than tells whether there is one or several."""
        raw = self.raw
        hide_in_header(raw, self.pseudonym)
        answers = self.kind.soort.answers
        ended = sum(not answers or client is not self._client for _, _, client in raw.rows)
        rows = add_records({}, raw, self.pseudonym, self.lines.count + self.waiting.count).get(self.record, [])
        self.lines.add_rows(rows[:ended])
        self.waiting.add_rows(rows[ended:])
        raw.bsns[:] = list(dict.fromkeys(raw.bsns))[-2:]
        del raw.remarks[MOST_REMARKS:]
        for codes in raw.codes.values():
            codes[:] = _some(codes)


def _with_codes(row: str, codes: str) -> str:
    """The line with the codes of its client, which are the last column."""
    return f"{row.rpartition(TAB)[0]}{TAB}{codes}"


def read_large(file: Large, pseudonym: Pseudonymiser, sink: Sink | None = None) -> Bericht:
    """The message in a large file, its lines to the sink; raises MessageError, StoreError or SinkError.

    What went to the sink is not the message's when it raises.
    """
    with file.open() as opened:
        kind = kind_of(root_tag(opened))
    if kind.soort.soort not in ("303", "304", "323", "325"):
        raise MessageError(TOO_LARGE)
    try:
        return _of_pieces(file, kind, pseudonym, sink)
    except (IrregularError, MessageError):
        return _of_lines(file, kind, pseudonym, sink)


def _of_pieces(file: Large, kind: Kind, pseudonym: Pseudonymiser, sink: Sink | None) -> Bericht:
    """The message as its pieces tell; raises IrregularError or MessageError when it must be read line by line."""
    raw, clients = Raw(kind.soort.soort), set[int]()
    with Lines(_record(kind), sink, pseudonym) as lines:
        with file.open() as opened, closing(told(opened, pseudonym)) as pieces:
            for found in pieces:
                raw.header = raw.header or found.header
                if found.header != raw.header:
                    raise IrregularError
                lines.add(found.text, found.lines)
                clients = set(sorted(clients | found.clients)[:2])
                for level, codes in found.codes.items():
                    raw.codes[level] = _some(raw.codes.get(level, []) + codes)
        return _bericht(kind, raw, clients, lines, pseudonym)


def _of_lines(file: Large, kind: Kind, pseudonym: Pseudonymiser, sink: Sink | None) -> Bericht:
    """The message as its lines tell one by one; raises MessageError."""
    try:
        with Lines(_record(kind), sink, pseudonym) as lines:
            reader = Reader(kind, file.spool, lines, pseudonym)
            with file.open() as opened:
                reader.read(opened)
            clients = {pseudonym(bsn) for bsn in reader.raw.bsns}
            return _bericht(kind, reader.raw, clients, lines, pseudonym)
    except MessageError as error:
        raise unfit(kind, error) from None


def _record(kind: Kind) -> str:
    return kind.soort.classes[0].record


def _some(codes: list[str]) -> list[str]:
    """Those that differ, as far as a message can have them."""
    return list(dict.fromkeys(codes))[:MOST_CODES]


def _bericht(kind: Kind, raw: Raw, clients: set[int], lines: Lines, pseudonym: Pseudonymiser) -> Bericht:
    if not lines.count:
        expect_records(kind)
    found = interpreted(kind, raw, clients, pseudonym, lines.hexdigest())
    lines.give(found)
    return found


def _paths(kind: Kind) -> tuple[str, str]:
    """Where a client and where a line stands in this release."""
    for path in kind.soort.classes[0].paths:
        if path.startswith("Clienten/") == (kind.major == 2):
            return path.rpartition("/Prestaties/")[0], path
    raise AssertionError(kind)
