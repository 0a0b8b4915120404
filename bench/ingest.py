"""Ingest against bare lxml on the same files, once and repeated, and how its time grows.

Bare lxml is one process that reads or unpacks each file and gives its bytes to ``lxml.etree.fromstring``. Beside it
stands the parse alone, as if all bytes were in memory.
"""

import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from bench.claims import write_claims
from bench.workbench import Workbench, show, title

MONTHS = 24
CLIENTS = 572  # 10,000 messages
TENFOLD = 10
CLAIM = 10_000_000  # bytes, parsed in memory
LARGE_CLAIM = 34_000_000  # too large for that: read piece by piece
GOALS = ">= 0.50", "<= 0.50", "<= 1.40"


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds for one set of files, and how many records it held; bare lxml took ``bare``, of which ``parse`` to parse.

    Both are 0 for what no tree should be made of.
    """

    bare: float
    parse: float
    first: float
    again: float
    records: int
    files: int


def run(bench: Workbench) -> None:
    """Print the ratios for small files, large claims and claims that are too large for memory."""
    title("Ingest (bare lxml on the same files by one process = 1)")
    small, large = (bench.region(CLIENTS * times, MONTHS, zipped=True) for times in (1, TENFOLD))
    _tell("small files in a ZIP", *(_measure(bench, region / "berichten.zip") for region in (small, large)))
    models = bench.region(CLIENTS, MONTHS) / "berichten"
    for name, size, files in (("claims of 10 MB", CLAIM, TENFOLD), ("a claim of 34 to 340 MB", LARGE_CLAIM, 1)):
        folders = [bench.folder / f"claims-{size}-{times}" for times in (1, TENFOLD)]
        write_claims(models, folders[0], files=1, size=size)
        write_claims(models, folders[1], files=files, size=size * TENFOLD // files)
        _tell(name, *(_measure(bench, folder) for folder in folders))


def _tell(name: str, small: Measured, large: Measured) -> None:
    speed, repeated, growth = GOALS
    print(f"  {name}: {large.files} files, {large.records} records", flush=True)
    times = 1 if large.bare else large.records / small.records  # its tree takes gigabytes
    base = large if large.bare else small
    bare = base.bare * times
    show("  speed of the first ingest", bare / large.first, speed)
    show("  the same, if bare lxml had all bytes in memory", base.parse * times / large.first)
    show("  speed of a repeated ingest", bare / large.again)
    show("  time of a repeated ingest over the first", large.again / large.first, repeated)
    show("  ten times as much: time per record grew", _growth(small.first, large.first, small, large), growth)
    show("  the same, repeated", _growth(small.again, large.again, small, large), growth)


def _growth(before: float, after: float, small: Measured, large: Measured) -> float:
    return after / before / (large.records / small.records)


def _measure(bench: Workbench, path: Path) -> Measured:
    data_dir = _data_dir(bench, path)
    first = bench.manage(data_dir, "ingest", str(path), "--json", json_line=True)
    again = bench.manage(data_dir, "ingest", str(path), "--json", json_line=True)
    if again["messages"] or first["rejected"]:
        raise SystemExit(f"{path}: {again['messages']} messages twice, {len(first['rejected'])} refused")
    fits = path.is_file() or _largest(path) <= 2 * LARGE_CLAIM
    bare, parse = min(_bare(path) for _ in range(2)) if fits else (0, 0)
    return Measured(bare, parse, first["seconds"], again["seconds"], first["records"], first["files"])


def _bare(path: Path) -> tuple[float, float]:
    """Seconds that reading and parsing take, and those of the parse alone."""
    parse, started = 0.0, time.perf_counter()
    for data in _contents(path):
        read = time.perf_counter()
        etree.fromstring(data)  # noqa: S320 - our own files
        parse += time.perf_counter() - read
    return time.perf_counter() - started, parse


def _largest(folder: Path) -> int:
    return max(file.stat().st_size for file in folder.iterdir())


def _contents(path: Path) -> Iterator[bytes]:
    if path.is_dir():
        yield from (file.read_bytes() for file in sorted(path.iterdir()))
    else:
        with zipfile.ZipFile(path) as archive:
            yield from map(archive.read, archive.namelist())


def _data_dir(bench: Workbench, path: Path) -> Path:
    return bench.folder / f"data-{path.parent.name}-{path.stem}"
