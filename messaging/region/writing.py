"""Writes a region to a directory: whole or not at all, the same bytes every time."""

import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

from messaging.region.build import Region, documents
from messaging.region.reference import tables

MESSAGES, ARCHIVE, REFERENCE = "berichten", "berichten.zip", "referentie"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a ZIP can hold


class OccupiedError(ValueError):
    """The directory holds something that is not a region; the message is a Dutch sentence."""


def write(region: Region, directory: Path, *, zipped: bool) -> int:
    """Writes messages and reference files, replacing an earlier region; the number of message files."""
    _refuse_foreign(directory)
    draft = directory / ".region"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        count = _archive(draft / ARCHIVE, region) if zipped else _files(draft / MESSAGES, region)
        _texts(draft / REFERENCE, tables(region.world).items())
        _replace(draft, directory)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return count


def _refuse_foreign(directory: Path) -> None:
    if directory.exists() and not directory.is_dir():
        raise OccupiedError(f"{directory} is geen map. Geef een map op.")
    foreign = [path for path in (directory / MESSAGES).rglob("*") if path.is_file() and path.suffix != ".xml"]
    if foreign:
        raise OccupiedError(f"In {directory / MESSAGES} staan andere bestanden. Kies een lege map.")


def _files(directory: Path, region: Region) -> int:
    return _texts(directory, documents(region))


def _texts(directory: Path, texts: Iterable[tuple[str, str]]) -> int:
    directory.mkdir(parents=True)
    made, count = set[Path](), 0
    for name, text in texts:
        path = directory / name
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        path.write_bytes(text.encode())
        count += 1
    return count


def _archive(path: Path, region: Region) -> int:
    count = 0
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in documents(region):
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, text.encode(), zipfile.ZIP_DEFLATED, 6)
            count += 1
    return count


def _replace(draft: Path, directory: Path) -> None:
    shutil.rmtree(directory / MESSAGES, ignore_errors=True)
    (directory / ARCHIVE).unlink(missing_ok=True)
    for part in draft.iterdir():
        if part.name != REFERENCE:
            part.rename(directory / part.name)
    (directory / REFERENCE).mkdir(exist_ok=True)
    for table in (draft / REFERENCE).iterdir():
        table.replace(directory / REFERENCE / table.name)
