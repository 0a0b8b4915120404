"""A claim too large to hold as a tree: read piece by piece, its records kept on disk once there are many of them.

The message is one all the same: its lines enter the tables in one transaction, with the message itself.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from messaging.berichten.errors import REPAIR, MessageError
from messaging.berichten.interpret import (
    HEADER_REFERENCES,
    Bericht,
    Kind,
    add_records,
    expect_records,
    hide_persons,
    interpreted,
    kind_of,
    unfit,
)
from messaging.berichten.persons import Pseudonymiser
from messaging.berichten.reading import Raw, Row, local_name, read_bsn, read_part
from messaging.berichten.trie import trie
from messaging.exceptions import StoreError
from messaging.sources import Large
from messaging.xml import root_tag, stream

TOO_LARGE = "Het bericht is groter dan 32 MB; dat kan alleen bij een declaratie. Lever kleinere berichten aan"
MOST_REMARKS = 20  # of one message; an upload tells of fewer
MOST_CODES = 1000  # of one message, those that repeat aside
ROWS = 1000  # at a time
HELD = 4 * 1024 * 1024  # characters of lines in memory


class Lines:
    """The lines of one table: in memory as long as they are few, in a file in ``folder`` from then on."""

    def __init__(self, pseudonym: Pseudonymiser, folder: Path | None) -> None:
        self.held: list[str] = []
        self.count = self.size = 0
        self.path: Path | None = None
        self._folder, self._digest = folder, pseudonym.digesting()

    def add(self, lines: list[str]) -> None:
        if not lines:
            return
        text = "\n".join(lines)
        self._digest.update((f"\n{text}" if self.count else text).encode())
        self.held += lines
        self.count += len(lines)
        self.size += len(text)
        if self.size > HELD:
            self.flush()

    def flush(self) -> None:
        """To disk with what is held; raises StoreError when that is full."""
        try:
            if self.path is None:
                if self._folder:
                    self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                handle, name = tempfile.mkstemp(dir=self._folder)
                os.close(handle)
                self.path = Path(name)
            with self.path.open("a", encoding="utf-8", newline="\n") as target:
                target.writelines(f"{row}\n" for row in self.held)
        except OSError as error:
            raise StoreError(f"No room for the records of a large message: {error.strerror}") from None
        self.held, self.size = [], 0

    def discard(self) -> None:
        if self.path:
            self.path.unlink(missing_ok=True)

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


def read_large(file: Large, pseudonym: Pseudonymiser) -> Bericht:
    """The message in a large file; raises MessageError, and StoreError when there is no room for its lines."""
    with file.open() as opened:
        kind = kind_of(root_tag(opened))
    if kind.soort.soort not in ("303", "304", "323", "325"):
        raise MessageError(TOO_LARGE)
    lines = Lines(pseudonym, file.spool)
    try:
        raw = Raw(kind.soort.soort)
        with file.open() as opened:
            _read(opened, kind, raw, lines, pseudonym)
        return _bericht(kind, raw, lines, pseudonym)
    except BaseException as error:
        lines.discard()
        if isinstance(error, MessageError):
            raise unfit(kind, error) from None
        raise


def _bericht(kind: Kind, raw: Raw, lines: Lines, pseudonym: Pseudonymiser) -> Bericht:
    if not lines.count:
        expect_records(kind)
    found = interpreted(kind, raw, pseudonym, lines.hexdigest())
    record = kind.soort.classes[0].record
    if lines.path:
        lines.flush()
        found.spooled = record, str(lines.path), lines.count
    elif lines.held:
        found.records = {record: lines.held}
    return found


def _read(opened: object, kind: Kind, raw: Raw, lines: Lines, pseudonym: Pseudonymiser) -> None:
    pieces = _answers(opened, kind, raw) if kind.soort.answers else _claims(opened, kind, raw)
    record = kind.soort.classes[0].record
    for _ in pieces:
        if len(raw.rows) >= ROWS:
            _keep(raw, record, lines, pseudonym)
    _keep(raw, record, lines, pseudonym)


def _keep(raw: Raw, record: str, lines: Lines, pseudonym: Pseudonymiser) -> None:
    """Move what was read to the lines; of persons no more stays than tells whether there is one or several."""
    hide_persons(raw.header, HEADER_REFERENCES, set(raw.bsns), pseudonym)
    lines.add(add_records({}, raw, pseudonym, lines.count).get(record, []))
    raw.bsns[:] = list(dict.fromkeys(raw.bsns))[-2:]
    del raw.remarks[MOST_REMARKS:]
    for codes in raw.codes.values():
        codes[:] = list(dict.fromkeys(codes))[:MOST_CODES]


def _claims(opened: object, kind: Kind, raw: Raw) -> Iterator[None]:
    """Line by line: one client may have all the lines of a claim."""
    client, line = _paths(kind)
    person: Row = {}
    for element in stream(opened, ("Header", "Bsn", "Prestatie", "Client")):
        name = local_name(element.tag)
        if name == "Header":
            read_part(element, "Header", raw)
        elif name == "Bsn":
            if local_name(element.getparent().tag) == "Client":
                person = read_bsn(element, raw)
        elif name == "Prestatie" and person:
            read_part(element, line, raw, person)
        elif name in ("Prestatie", "Client"):
            if not person:
                raise MessageError(f"Het BSN ontbreekt. {REPAIR}", line=element.sourceline, element="Bsn")
            person = {}
        yield


def _answers(opened: object, kind: Kind, raw: Raw) -> Iterator[None]:
    """Client by client: its return codes may come after its lines."""
    client, _ = _paths(kind)
    for element in stream(opened, ("Header", "Client")):
        name = local_name(element.tag)
        if name == "Header":
            read_part(element, "Header", raw)
        elif name == "Client":
            read_part(element, client, raw)
        else:
            _read_rest(element, raw)
        yield


def _paths(kind: Kind) -> tuple[str, str]:
    """Where a client and where a line stands in this release."""
    for path in kind.soort.classes[0].paths:
        if path.startswith("Clienten/") == (kind.major == 2):
            return path.rpartition("/Prestaties/")[0], path
    raise AssertionError(kind)


def _read_rest(root: etree._Element, raw: Raw) -> None:
    """What stands beside header and clients: the codes of a DeclaratieAntwoord."""
    for child in root:
        if local_name(child.tag) in trie(raw.soort).children:
            read_part(child, local_name(child.tag), raw)
