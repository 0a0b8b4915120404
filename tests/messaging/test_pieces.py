"""A large claim in pieces says what it says as a whole; what cannot be cut is read line by line."""

import io
import os
import re

import pytest

from messaging import large, pieces, workers
from messaging import sources as source_module
from messaging.batches import parse_batch
from messaging.pieces import IrregularError, cut, told
from messaging.sources import Source, sources
from messaging.xml import parse
from tests.support.records import PSEUDONYM
from tests.support.xmlmessages import ANNA, Line, bsn, claim_answer, message

DAY = "2025-01-06"
LINES = [Line(f"R{number}", 10 + number, bsn=bsn(1 + number // 3)) for number in range(40)]


def claims():
    for soort, release in (("303", "2.3"), ("323", "3.2")):
        claim = message(soort, *LINES, day=DAY, release=release)
        granted = tuple(range(1, 41))
        listed = tuple((line, "8004") for line in LINES)
        yield claim.xml()
        yield claim_answer(claim, "2025-01-20", whole=("0200",), listed=listed, granted=granted, client=("8187",)).xml()


CLAIMS = list(claims())


@pytest.fixture
def read(tmp_path, monkeypatch):
    """The outcomes of the bytes as a large file and as a small one; the large one is told to cut at ``size``."""

    def look(data, size):
        monkeypatch.setattr(source_module, "MAX_BYTES_IN_MEMORY", 100)
        monkeypatch.setattr(pieces, "SIZE", size)
        (tmp_path / "a.xml").write_bytes(data)
        (source,) = sources(tmp_path)
        return parse_batch([source, Source("a.xml", data)], PSEUDONYM)

    return look


@pytest.fixture
def by_line(monkeypatch):
    """Whether a claim was read line by line."""
    found, really = [], large._of_lines

    def listening(*args):
        found.append(args)
        return really(*args)

    monkeypatch.setattr(large, "_of_lines", listening)
    return found


@pytest.mark.parametrize("size", [900, 1500, 5000, 10**6])
@pytest.mark.parametrize("number", range(4))
def test_pieces_of_any_size_tell_the_claim(monkeypatch, read, by_line, size, number):
    monkeypatch.setattr(workers, "are_of_use", lambda: False)
    head = CLAIMS[number].index(b"Client>")
    first, second = read(CLAIMS[number], max(size, head + 10))
    assert first.reason == second.reason == ""
    assert first.parsed == second.parsed
    assert not by_line


def test_other_processes_tell_it_in_order(read, by_line):
    for data in CLAIMS:
        first, second = read(data, 1500)
        assert first.parsed == second.parsed
    assert not by_line


def test_a_piece_is_a_message_with_whole_clients(monkeypatch):
    monkeypatch.setattr(pieces, "SIZE", 1500)
    found = list(cut(io.BytesIO(CLAIMS[0])))
    assert len(found) > 5
    assert sum(piece.lines for piece in found) == 40
    assert [piece.before for piece in found] == [sum(one.lines for one in found[:n]) for n in range(len(found))]
    clients = [len(parse(piece.data).findall(".//{*}Client")) for piece in found]
    assert sum(clients) == CLAIMS[0].count(b"<Client>")
    assert max(clients) < 6


REGULAR = CLAIMS[2].decode()
MIDDLE = REGULAR.index("<Client>", len(REGULAR) // 2)


@pytest.mark.parametrize(
    "data",
    [
        f"{REGULAR[:MIDDLE]}<!-- </Client> {'x' * 3000} <Client> -->{REGULAR[MIDDLE:]}",
        REGULAR.replace("<Client>", "<Client >"),
        REGULAR.replace("<Prestatie>", "<Prestatie x='1'>").replace("</Prestatie>", "</Prestatie >"),
        f"{REGULAR[:MIDDLE]}<!-- </Prestatie> -->{REGULAR[MIDDLE:]}",
    ],
    ids=["cut inside a comment", "other tags", "other lines", "a line in a comment"],
)
def test_what_is_not_regular_is_read_line_by_line(monkeypatch, read, by_line, data):
    monkeypatch.setattr(workers, "are_of_use", lambda: False)
    first, second = read(data.encode(), 1500)
    assert first.reason == second.reason == ""
    assert first.parsed == second.parsed
    assert by_line


@pytest.mark.parametrize("coding", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_a_claim_in_another_coding_is_read(monkeypatch, read, coding):
    monkeypatch.setattr(workers, "are_of_use", lambda: False)
    named = REGULAR.replace("UTF-8", {"utf-8-sig": "UTF-8"}.get(coding, coding))
    first, second = read(named.encode(coding), 3000)
    assert first.reason == second.reason == ""
    assert first.parsed == second.parsed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</Prestaties>", ""),
        ("<Bsn>", "<Bsn>1"),
        ("R30<", f"{'R' * 21}<"),
        ("<Clienten>", '<!DOCTYPE x [<!ENTITY y "z">]><Clienten>'),
    ],
    ids=["not well-formed", "no BSN", "a value that does not fit", "a DOCTYPE"],
)
def test_a_fault_is_told_with_its_place_in_the_file(monkeypatch, read, by_line, old, new):
    monkeypatch.setattr(workers, "are_of_use", lambda: False)
    lined = REGULAR.replace("><", ">\n<")
    assert old in lined
    head, _, tail = lined.rpartition(old)
    first, second = read(f"{head}{new}{tail}".encode(), 1500)
    assert by_line
    assert first.parsed is second.parsed is None
    assert re.search(r"\(regel \d{2,4}\b", first.reason)
    assert first.reason.partition("(")[0] == second.reason.partition("(")[0]


def test_a_bsn_in_the_reference_of_the_message_is_taken_out_whoever_it_is(monkeypatch, read):
    monkeypatch.setattr(workers, "are_of_use", lambda: False)
    lines = [Line(f"R{number}", 10 + number, bsn=bsn(1 + number)) for number in range(40)] + [Line("R99", 1, bsn=ANNA)]
    data = message("323", *lines, day=DAY, identification=f"D{ANNA}").xml()
    first, second = read(data, 1500)
    assert ANNA not in first.parsed.row
    assert first.parsed == second.parsed


def test_when_the_other_process_is_gone_nothing_is_told(monkeypatch):
    monkeypatch.setattr(pieces, "SIZE", 1500)
    really = workers.pool

    def dying(*args):
        made = really(*args)
        made.submit(os._exit, 1)
        return made

    monkeypatch.setattr(workers, "pool", dying)
    with pytest.raises(IrregularError):
        list(told(io.BytesIO(CLAIMS[0]), PSEUDONYM))
