"""A large claim, cut between its clients into messages of some megabytes that other processes read as any other.

A piece is what stands before the first client, some of the clients, and the ends of what is open around them. When all
pieces are well-formed the claim is, and it says what they say. Nothing is guessed: as soon as a file is not as regular
as that, or a piece has a fault or a remark (with the number of a line), the claim is read by ``large`` instead.
"""

import re
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import nullcontext
from dataclasses import dataclass
from typing import IO

from messaging import workers
from messaging.berichten.errors import MessageError
from messaging.berichten.interpret import hide_in_header
from messaging.berichten.persons import Pseudonymiser
from messaging.berichten.reading import Row
from messaging.claims import records_in
from messaging.shapes import IrregularError
from messaging.xml import MAX_PART

SIZE = 2 * 1024 * 1024  # bytes of a piece, which ends with a client
OTHERS = 2  # processes that read; this one cuts, and hands on what they tell
AHEAD = 8  # pieces that they read or have waiting, or that were read
CLIENT = re.compile(rb"<((?:[\w.-]+:)?)Client>")
TAG = re.compile(rb"<(/?)([^\s<>/!?]+)[^<>]*?(/?)>")


@dataclass(frozen=True, slots=True)
class Piece:
    """A message with some of the clients; ``before`` tells how many of the ``lines`` stand in earlier pieces."""

    data: bytes
    before: int
    lines: int


@dataclass(slots=True)
class Told:
    """What a piece says: its lines as COPY text, and of the persons no more than tells whether there is one."""

    header: Row
    codes: dict[str, list[str]]
    clients: set[int]
    text: str
    lines: int


def cut(opened: IO[bytes]) -> Iterator[Piece]:
    """The pieces of a claim, in order; raises IrregularError."""
    start = opened.read(SIZE)
    first = CLIENT.search(start)
    if not first:
        raise IrregularError
    head, waiting = start[: first.start()], start[first.start() :]
    end, line = (b"</" + first[1] + name for name in (b"Client>", b"Prestatie>"))
    ends, before = _ends(head), 0
    while more := opened.read(SIZE):
        clients, found, rest = (waiting + more).rpartition(end)
        if len(rest) > MAX_PART:
            raise IrregularError
        if found:
            lines = clients.count(line)
            yield Piece(head + clients + found + ends, before, lines)
            before += lines
        waiting = rest
    yield Piece(head + waiting, before, waiting.count(line))


def _ends(head: bytes) -> bytes:
    """The end tags of what is open after the head."""
    around: list[bytes] = []
    for closing, name, empty in TAG.findall(head):
        if not closing and not empty:
            around.append(name)
        elif around and not empty:
            around.pop()
    return b"".join(b"</" + name + b">" for name in reversed(around))


def tell(piece: Piece, pseudonym: Pseudonymiser) -> Told | None:
    """What a piece says, None for one that is not all right."""
    try:
        kind, raw, records = records_in(piece.data, pseudonym, piece.before)
        hide_in_header(raw, pseudonym)
        clients = {pseudonym(bsn) for bsn in raw.bsns}
        rows = records.get(kind.soort.classes[0].record, [])
    except MessageError:
        return None
    if raw.remarks or len(rows) != piece.lines:
        return None
    return Told(raw.header, raw.codes, clients, "\n".join(rows), len(rows))


def told(opened: IO[bytes], pseudonym: Pseudonymiser) -> Generator[Told, None, None]:
    """What the pieces of a claim say, in order; raises IrregularError."""
    with workers.pool(OTHERS, pseudonym.key, __name__) if workers.are_of_use() else nullcontext() as others:
        try:
            yield from _in_order(cut(opened), others, pseudonym)
        except BrokenExecutor:  # somebody ended another process
            raise IrregularError from None
        finally:
            if others:
                others.shutdown(cancel_futures=True)


def _in_order(pieces: Iterator[Piece], others: Executor | None, pseudonym: Pseudonymiser) -> Iterator[Told]:
    """The other processes have always pieces waiting; meanwhile this one has stored what was told."""
    if others is None:
        yield from (_all_right(tell(piece, pseudonym)) for piece in pieces)
        return
    coming: deque[Future[Told | None]] = deque()
    for piece in pieces:
        coming.append(others.submit(_tell, piece))
        if len(coming) > AHEAD:
            yield _all_right(coming.popleft().result())
    yield from (_all_right(one.result()) for one in coming)


def _tell(piece: Piece) -> Told | None:
    return tell(piece, workers.pseudonym())


def _all_right(found: Told | None) -> Told:
    if found is None:
        raise IrregularError
    return found
