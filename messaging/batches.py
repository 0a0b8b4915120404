"""From message files to the text that Postgres copies in. Runs in worker processes: no database here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from messaging import workers
from messaging.berichten.errors import MessageError
from messaging.berichten.interpret import NEWER, Bericht
from messaging.berichten.persons import Pseudonymiser
from messaging.berichten.records import NULL
from messaging.claims import bericht_in
from messaging.exceptions import SinkError, StoreError
from messaging.large import Sink, read_large
from messaging.rijen.part import Part
from messaging.rijen.rows import berichten
from messaging.sources import DAMAGED_MEMBER, READ_FAULTS, Source

OWN_FAULT = "Het portaal kan dit bericht door een eigen fout niet lezen. Meld dit aan de beheerder van het portaal"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file: a message, or the reason why not."""

    label: str
    parsed: Bericht | None
    reason: str = ""


@dataclass(slots=True)
class Packed:
    """What came of a batch of files, in few and large values because it travels between processes.

    ``rows`` are COPY lines of messages, each ended by the digest of its file; ``records`` per table the place in
    ``rows`` of the message of each record, and the records' lines as one text. ``known`` are files that were stored
    before, with their digests: they are looked up instead of parsed. ``unread`` are exports with column names that
    somebody must explain first, ``partly`` exports read but for the columns named last. ``sent`` are records of large
    messages that a sink took: place, table, the number they go by, how many. ``newer`` tells once of each release that
    the portal does not know. ``files`` counts what was read, a part of an export as one.
    """

    rows: list[str] = field(default_factory=list)
    records: dict[str, tuple[list[int], str]] = field(default_factory=dict)
    rejected: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    newer: set[str] = field(default_factory=set)
    known: list[tuple[Source, str]] = field(default_factory=list)
    unread: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    partly: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)
    sent: list[tuple[int, str, int, int]] = field(default_factory=list)
    files: int = 0

    def __len__(self) -> int:
        return self.files + len(self.known)

    def add(self, more: "Packed") -> None:
        """Take over what came of other files."""
        for table, (places, text) in more.records.items():
            mine, told = self.records.get(table, ([], ""))
            moved = [len(self.rows) + place for place in places]
            self.records[table] = [*mine, *moved], f"{told}\n{text}" if mine else text
        self.sent += [(len(self.rows) + place, *rest) for place, *rest in more.sent]
        self.rows += more.rows
        self.rejected += more.rejected
        self.remarks += more.remarks
        self.newer |= more.newer
        self.unread += more.unread
        self.partly += more.partly
        self.files += more.files


def pack(outcomes: Iterable[Outcome], digests: Sequence[str]) -> Packed:
    """The outcomes of files with these digests; a message that was read with a remark is read again each time."""
    packed = Packed(files=len(digests))
    records: dict[str, tuple[list[int], list[str]]] = {}
    for came, digest in zip(outcomes, digests, strict=True):
        if came.parsed is None:
            packed.rejected.append((came.label, came.reason))
            continue
        parsed, place = came.parsed, len(packed.rows)
        packed.rows.append(f"{parsed.row}\t{digest if digest and not parsed.remarks else NULL}")
        if parsed.sent:
            packed.sent.append((place, *parsed.sent))
        for remark in parsed.remarks:
            if remark.endswith(NEWER):
                packed.newer.add(f"{remark}.")
            else:
                packed.remarks.append(f"{came.label}: {remark}.")
        for table, lines in parsed.records.items():
            places, texts = records.setdefault(table, ([], []))
            places += [place] * len(lines)
            texts += lines
    packed.records = {table: (places, "\n".join(texts)) for table, (places, texts) in records.items()}
    return packed


def pack_files(
    files: Sequence[Source], digests: Sequence[str], pseudonym: Pseudonymiser, sink: Sink | None = None
) -> Packed:
    """What came of files with these digests: messages, and parts of exports of which each row is one.

    The lines of a large message go to the sink, of which there is one for one large message. Raises SinkError.
    """
    whole = [(file, digest) for file, digest in zip(files, digests, strict=True) if file.part is None]
    packed = pack((outcome(file, pseudonym, sink) for file, _ in whole), [digest for _, digest in whole])
    packed.unread = [(file.label, file.header) for file, _ in whole if file.header]
    for file in files:
        if file.part is not None:
            outcomes = _rows(file.label, file.part, pseudonym)
            packed.add(replace(pack(outcomes, [""] * len(outcomes)), files=1))
            if file.part.unknown:
                packed.partly.append((file.label, file.part.reading.names, file.part.unknown))
    return packed


def _rows(label: str, part: Part, pseudonym: Pseudonymiser) -> list[Outcome]:
    found = berichten(part, pseudonym)
    return [Outcome(label, None, f"{row}.") if isinstance(row, str) else Outcome(label, row) for row in found]


def parse_batch(files: Sequence[Source], pseudonym: Pseudonymiser) -> list[Outcome]:
    """The outcome of each file; a fault in one never touches its neighbours."""
    return [outcome(file, pseudonym) for file in files]


def work(files: Sequence[Source], digests: Sequence[str]) -> Packed:
    """``pack_files`` in a worker process; one that imports this module needs no Django set up."""
    return pack_files(files, digests, workers.pseudonym())


def outcome(file: Source, pseudonym: Pseudonymiser, sink: Sink | None = None) -> Outcome:
    if file.fault:
        return Outcome(file.label, None, f"{file.fault}.")
    try:
        found = read_large(file.large, pseudonym, sink) if file.large else bericht_in(file.data, pseudonym)
    except MessageError as error:
        return Outcome(file.label, None, f"{error}.")
    except (StoreError, SinkError):  # no fault of the file
        raise
    except READ_FAULTS:
        return Outcome(file.label, None, f"{DAMAGED_MEMBER}.")
    except Exception as error:  # a fault of the portal: not for the neighbours to pay
        return Outcome(file.label, None, f"{OWN_FAULT} ({type(error).__name__}).")
    return Outcome(file.label, found)
