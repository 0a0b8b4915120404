"""Thousands of messages in a ZIP, of several types; some come twice, some are refused."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.support.xmlmessages import ANNA, Line, allocation, answer, message, start, stop

DAY = "2025-01-06"
CASE = "8@@8"  # stands for the number of a case: making each message anew takes longer than ingesting it


def write_traffic(path: Path, count: int, name: str = "F") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for place, data in enumerate(traffic(count, name)):
            archive.writestr(f"{place:05}.xml", data)
    return path


def traffic(count: int, name: str) -> Iterator[bytes]:
    """``count`` of them, a multiple of five; no two ``name``s have a message in common."""
    allocated, returned, begun, claimed, ended = _models(name)
    for item in range(count // 5):
        number = str(item + 1).encode()
        filled = [model.replace(CASE.encode(), number) for model in (allocated, returned, begun, claimed, ended)]
        yield from filled[:4]
        yield (filled[4], filled[0], filled[4].replace(ANNA.encode(), b"999900001"))[item % 3]


def _models(name: str) -> list[bytes]:
    """A message of each type, with CASE for its number."""
    item = CASE
    allocated = message("301", allocation(item), day=DAY, identification=f"{name}M{item}T")
    return [
        allocated.xml(),
        answer(allocated, "2025-01-07", identification=f"{name}M{item}R").xml(),
        message("305", start(item, DAY), day=DAY, identification=f"{name}M{item}S").xml(),
        message("323", Line(f"R{item}", 100), Line(f"Q{item}", 7), day=DAY, identification=f"{name}M{item}D").xml(),
        message("307", stop(item, DAY, "2025-03-01"), day=DAY, identification=f"{name}M{item}E").xml(),
    ]
