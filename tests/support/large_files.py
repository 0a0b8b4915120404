"""Files that are too large to make in memory: one claim of any size, and a ZIP that says it holds gigabytes."""

import struct
import zlib
from itertools import count
from pathlib import Path

from messaging.berichten.persons import is_bsn
from tests.support.xmlmessages import Line, claim_answer, message, tag

LINES_PER_CLIENT = 12
ZEROS = bytes(1024 * 1024)


def write_claim(path: Path, size: int, lines_per_client: int = LINES_PER_CLIENT) -> int:
    """One 323 of ``size`` bytes or a little more; gives the number of its lines."""
    head, _, rest = message("323", Line("R0", 1), day="2025-02-01").xml().decode().partition("<Client>")
    people = (str(number) for number in count(100_000_000) if is_bsn(str(number)))
    lines = count(1)
    with path.open("w") as file:
        file.write(head)
        while file.tell() < size:
            who = next(people)
            parts = [Line(f"R{next(lines)}", 100, bsn=who).part("3").xml() for _ in range(lines_per_client)]
            file.write(tag("Client", tag("Bsn", who), tag("Prestaties", *parts)) + "\n")
        file.write(rest.partition("</Client>")[2])
    return next(lines) - 1


def write_answer(path: Path, size: int) -> int:
    """One 325 of ``size`` bytes or a little more, all about one client; gives the number of its lines."""
    line = Line("R0", 100)
    claim = message("323", line, day="2025-02-01")
    answered = claim_answer(claim, "2025-02-10", whole=("0200",), listed=((line, "8004"),), client=("8187",))
    head, _, rest = answered.xml().decode().partition("<Prestatie>")
    one, end, tail = f"<Prestatie>{rest}".partition("</Prestatie>")
    lines = count(1)
    with path.open("w") as file:
        file.write(head)
        while file.tell() < size:
            file.writelines(f"{one.replace('R0', f'R{next(lines)}')}{end}\n" for _ in range(100))
        file.write(tail)
    return next(lines) - 1


def bomb(name: str, megabytes: int) -> bytes:
    """A ZIP with one file of that many megabytes of zeros; made in no time, since all its blocks are alike."""
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = press.compress(ZEROS) + press.flush(zlib.Z_FULL_FLUSH)
    block = press.compress(ZEROS) + press.flush(zlib.Z_FULL_FLUSH)
    packed = first + block * (megabytes - 1) + press.flush()
    size, label = megabytes * len(ZEROS), name.encode()
    sizes = struct.pack("<HHQQ", 1, 16, size, len(packed))  # zip64
    shared = (0, zlib.DEFLATED, 0, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF, len(label), len(sizes))
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 45, *shared) + label + sizes + packed
    listed = struct.pack("<4s6H3L5H2L", b"PK\1\2", 45, 45, *shared, 0, 0, 0, 0, 0) + label + sizes
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(listed), len(local), 0)
    return local + listed + end
