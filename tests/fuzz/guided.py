"""Fuzzing that follows which code is reached: ``python -m tests.fuzz.guided TARGET CORPUS [OPTION]``.

An input that breaks something ends the run and is written beside the corpus; it becomes one of ``found.CASES``.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["messaging", "zipfile"]):
    from messaging import claims
    from messaging.batches import OWN_FAULT, pack_files
    from messaging.berichten import alike
    from messaging.rijen.header import Layouts
    from messaging.rijen.tables import with_parts
    from messaging.sources import Source, sources

from tests.support.records import PSEUDONYM
from tests.support.sentences import assert_discreet

FOLDER = Path(tempfile.mkdtemp())


def check(found: list[Source]) -> None:
    """All of it comes to messages or sentences, and no sentence tells of a fault of our own."""
    told = list(with_parts(found, Layouts()))
    packed = pack_files(told, [""] * len(told), PSEUDONYM)
    assert packed.files == len(told)
    for label, reason in packed.rejected:
        assert reason[0].isupper(), reason
        assert reason.endswith("."), reason
        assert OWN_FAULT not in reason, reason
        assert_discreet(reason)
        assert_discreet(label)


def in_memory(data: bytes) -> None:
    check([Source("a", data)])


def in_a_file(data: bytes) -> None:
    path = FOLDER / "a.zip"
    path.write_bytes(data)
    check(list(sources(path)))


def both_ways(data: bytes) -> None:
    """By the shapes of its lines a claim comes to what it comes to when it is parsed."""
    found = []
    for claims.FROM_BYTES in (0, len(data) + 1):
        found.append(pack_files([Source("a", data)], [""], PSEUDONYM))
    assert found[0] == found[1]


def thrice(data: bytes) -> None:
    """A message like one that was parsed comes to what it comes to parsed: both halves of the data, in turns."""
    half = len(data) // 2
    files = [Source("a", data[:half]), Source("a", data[half:])] * 3
    found = [pack_files([file], [""], PSEUDONYM) for file in files]
    largest, alike.LARGEST = alike.LARGEST, 0
    parsed = [pack_files([file], [""], PSEUDONYM) for file in files[:2]]
    alike.LARGEST = largest
    assert found == parsed * 3


TARGETS: dict[str, Callable[[bytes], None]] = {
    "message": in_memory,
    "claim": both_ways,
    "pair": thrice,
    "csv": in_memory,
    "zip": in_a_file,
}


def main() -> None:
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
