"""The messages inside what somebody hands over: XML and CSV files, ZIPs (nested), directories.

Names from a ZIP are only ever labels; nothing is unpacked to disk under them.
"""

import errno
import io
import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from messaging.berichten.persons import without_bsn
from messaging.rijen.part import Part
from messaging.xml import MAX_BYTES_IN_MEMORY, OFFICE

MAX_DEPTH = 3
MAX_RATIO = 200  # XML of messages packs 10 to 40 times
RATIO_FROM = 10 * 1024 * 1024  # of one file
TOTAL_RATIO_FROM = 1024**3  # of all in a ZIP
MAX_MEMBERS = 5_000_000
MAX_TOTAL = 64 * 1024**3
MAX_NESTED_ZIP = 512 * 1024 * 1024
MAX_NESTED_MEMBERS = 500_000  # of one ZIP in a ZIP: half a kilobyte of memory each, where packed they take a few bytes
SUFFIXES = (".xml", ".zip", ".csv")
OFFICE_PARTS = ({"[Content_Types].xml"}, {"mimetype", "content.xml"})  # in every workbook, of Microsoft or OpenDocument
LOCAL_HEADER = 30  # bytes before the name of a member
LISTED = b"PK\x01\x02"  # what a ZIP writes before each file in its list
LITTER = (".DS_Store", "Thumbs.db", "desktop.ini")  # what systems leave in folders by themselves
UNREADABLE = "{} is niet te lezen ({}). Controleer het pad en de rechten"
NO_FILES = "In de map staan geen XML-, ZIP- of CSV-bestanden. Controleer het pad"
DAMAGED = "De ZIP is beschadigd of onvolledig. Maak het bestand opnieuw"
DAMAGED_MEMBER = "Dit bestand in de ZIP is beschadigd. Maak de ZIP opnieuw"
TOO_LARGE = "De ZIP is uitgepakt te groot. Verdeel de export over meer bestanden"
SUSPECT = "Het bestand is verdacht sterk ingepakt en is niet geopend. Lever het uitgepakt aan"
SUSPECT_ZIP = "De ZIP is verdacht sterk ingepakt en is niet verder gelezen. Lever de bestanden uitgepakt aan"
NESTED_TOO_LARGE = "Een ZIP in een ZIP is te groot. Pak één laag uit"
# All that a damaged or hostile archive makes zipfile and its decompressors raise, found by flipping bytes.
READ_FAULTS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError)
ZIP_FAULTS = (*READ_FAULTS, struct.error, RuntimeError, OverflowError, ValueError)


class Source(NamedTuple):
    """One file with a message: its label, and its bytes or, when too large for memory, where to read them.

    ``fault`` is the Dutch reason why it cannot be read at all; ``header`` the column names that somebody must explain
    first. Of a CSV export it is a ``part`` of the rows. (A tuple, because a frozen dataclass takes thrice as long to
    make and to send to a worker process.)
    """

    label: str
    data: bytes = b""
    large: "Large | None" = None
    fault: str = ""
    header: tuple[str, ...] = ()
    part: Part | None = None

    @property
    def weight(self) -> int:
        """About the bytes of memory that it takes."""
        return self.part.weight if self.part else len(self.data)


@dataclass(frozen=True, slots=True)
class Large:
    """A message too large for memory: opened anew for each reading. ``spool`` is where its records may wait.

    ``member``: which file of a ZIP it is, by its place because two may have one name; None: no ZIP.
    """

    path: Path
    member: int | None = None
    spool: Path | None = None

    def open(self) -> IO[bytes]:
        if self.member is None:
            return self.path.open("rb")
        archive = zipfile.ZipFile(self.path)
        return archive.open(archive.infolist()[self.member])


@dataclass(slots=True)
class Allowance:
    """What a ZIP may still give, with all the ZIPs in it: bytes and files.

    One for all layers: a ZIP of ZIPs of ZIPs of half a megabyte could hold terabytes, each layer of them plausible.
    """

    left: int
    members: int
    spent: str  # what to say when the bytes are used up

    @classmethod
    def of(cls, archive: zipfile.ZipFile) -> "Allowance":
        most = max(TOTAL_RATIO_FROM, MAX_RATIO * _size(archive))
        return cls(min(most, MAX_TOTAL), MAX_MEMBERS, SUSPECT_ZIP if most < MAX_TOTAL else TOO_LARGE)

    def fault(self, size: int, members: int) -> str:
        """Why so much is more than what is left, "" when it is not."""
        if members > self.members:
            return TOO_LARGE
        return self.spent if size > self.left else ""

    def take(self, size: int) -> str:
        """The ``fault`` of one file, which counts when there is none."""
        fault = self.fault(size, 1)
        if not fault:
            self.left -= size
            self.members -= 1
        return fault


def sources(path: Path, name: str = "", archive: zipfile.ZipFile | None = None) -> Iterator[Source]:
    """The message files of a path, in a fixed order. A directory gives its XML, ZIP and CSV files, at any
    depth.

    Labels start with ``name``, by default that of the path; inside a directory they are relative to it. ``archive``:
    the path ``opened``, to be read no second time.
    """
    if archive:
        yield from _inside_zip(archive, _label(name or path.name), 1, path)
    elif path.is_dir():
        yield from _directory(path, _label(name or path.name))
    else:
        yield from _file(str(path), _label(name or path.name))


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile | None]:
    """The path as a ZIP, None for what is no sound ZIP: the list of its files takes as long as reading some of them."""
    try:
        archive = zipfile.ZipFile(path) if path.is_file() and zipfile.is_zipfile(path) else None
    except ZIP_FAULTS:
        archive = None
    with archive or nullcontext():
        yield archive


def listed(archive: zipfile.ZipFile | None) -> int:
    """How many files a ZIP lists, for the progress; a ZIP inside counts as one. 0: only the reading tells."""
    return sum(not _skipped(info) for info in archive.infolist()) if archive else 0


def _skipped(info: zipfile.ZipInfo) -> bool:
    name = info.filename
    return name.endswith("/") or name.startswith("__MACOSX/") or name.rpartition("/")[2] in LITTER


def _directory(folder: Path, label: str) -> Iterator[Source]:
    closed: list[OSError] = []
    files = sorted(_inside(folder, closed.append))
    for found in files:
        yield from _file(found, _below(folder, found))
    for error in closed:
        yield Source(_below(folder, error.filename) or label, fault=UNREADABLE.format("De map", error.strerror))
    if not files and not closed:
        yield Source(label, fault=NO_FILES)


def _below(folder: Path, path: str) -> str:
    return _label(path[len(str(folder)) :].lstrip(os.sep))


def _inside(folder: Path, closed: Callable[[OSError], object]) -> Iterator[str]:
    """The XML, ZIP and CSV files at any depth; plain text, since a large export has a hundred thousand of them.

    ``closed`` is told why a folder cannot be looked into.
    """
    for place, _, names in os.walk(folder, onerror=closed):
        yield from (os.path.join(place, name) for name in names if name.lower().endswith(SUFFIXES))


def _label(name: str) -> str:
    """A name that can be kept and shown: without a BSN, and without what is no text or steers a screen."""
    shown = name if name.isprintable() else "".join(sign if sign.isprintable() else "?" for sign in name)
    return without_bsn(shown)


def _file(path: str, label: str) -> Iterator[Source]:
    try:
        data, large = _content(path)
        if not data.startswith(b"<") and not path.lower().endswith(".xlsx") and zipfile.is_zipfile(path):
            yield from _archive(Path(path), label)
        else:
            yield Source(label, large=Large(Path(path))) if large else _loose(label, data)
    except OSError as error:
        yield Source(label, fault=UNREADABLE.format("Het bestand", error.strerror))


def _content(path: str) -> tuple[bytes, bool]:
    """The bytes of a file, the first four of one too large for memory; by system calls, half the cost of ``open``."""
    opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe is not waited for
    try:
        about = os.fstat(opened)
        if not stat.S_ISREG(about.st_mode):  # of a pipe or device there may be no end
            raise OSError(errno.EINVAL, "geen gewoon bestand")
        size = about.st_size
        large = size > MAX_BYTES_IN_MEMORY
        data = os.read(opened, 4 if large else size + 1)
        while len(data) < size and not large and (more := os.read(opened, size)):
            data += more
        return data, large
    finally:
        os.close(opened)


def _loose(label: str, data: bytes) -> Source:
    """A file that is no whole ZIP; half of one is called that."""
    half = data.startswith(b"PK\x03\x04") and label.lower().endswith(".zip")
    return Source(label, fault=DAMAGED) if half else Source(label, data)


def _archive(
    source: Path | io.BytesIO, label: str, depth: int = 1, allowance: Allowance | None = None
) -> Iterator[Source]:
    try:
        archive = zipfile.ZipFile(source)
    except ZIP_FAULTS:
        yield Source(label, fault=DAMAGED)
        return
    with archive:
        yield from _inside_zip(archive, label, depth, source if isinstance(source, Path) else None, allowance)


def _inside_zip(
    archive: zipfile.ZipFile, label: str, depth: int, path: Path | None, allowance: Allowance | None = None
) -> Iterator[Source]:
    listed = archive.infolist()
    if any(parts.issubset(archive.NameToInfo) for parts in OFFICE_PARTS):
        yield Source(label, fault=OFFICE)
    elif all(map(_skipped, listed)):
        yield Source(label, fault="De ZIP is leeg. Maak het bestand opnieuw")
    elif allowance is None:
        yield from _members(archive, label, depth, path, Allowance.of(archive))
    elif fault := allowance.fault(sum(info.file_size for info in listed if not _closed(info)), len(listed)):
        yield Source(label, fault=fault)  # before any of it is read: what stands beside it still can be
    else:
        yield from _members(archive, label, depth, path, allowance)


def _members(
    archive: zipfile.ZipFile, label: str, depth: int, path: Path | None, allowance: Allowance
) -> Iterator[Source]:
    for number, info in enumerate(archive.infolist()):
        name = f"{label}/{_label(info.filename)}"
        if _skipped(info):
            continue
        if fault := _closed(info):
            yield Source(name, fault=fault)
            continue
        if fault := allowance.take(info.file_size):
            yield Source(name, fault=fault)
            return
        if _is_large(info):
            fault = "" if path else "Het bestand is te groot voor een ZIP in een ZIP. Pak één laag uit"
            yield Source(name, large=Large(path, number) if path else None, fault=fault)
        else:
            yield from _member(archive, info, name, depth, allowance)


def _size(archive: zipfile.ZipFile) -> int:
    """The bytes of the whole archive."""
    assert archive.fp
    return archive.fp.seek(0, os.SEEK_END)


def _closed(info: zipfile.ZipInfo) -> str:
    """Why a file in a ZIP is left closed, "" for one that may be opened."""
    if info.flag_bits & 1:
        return "Het bestand is versleuteld. Maak een ZIP zonder wachtwoord"
    if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        return SUSPECT
    return ""


def _is_large(info: zipfile.ZipInfo) -> bool:
    return info.file_size > MAX_BYTES_IN_MEMORY and not info.filename.lower().endswith(".zip")


def _plainly(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | None:
    """The bytes of a member of the usual kind, at a third of the cost of ``ZipFile.open``, which judges all others."""
    assert archive.fp
    archive.fp.seek(info.header_offset)
    start = archive.fp.read(LOCAL_HEADER)
    if start[:4] != b"PK\x03\x04" or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return None
    before = int.from_bytes(start[26:28], "little") + int.from_bytes(start[28:30], "little")  # its name, and more
    packed = archive.fp.read(before + info.compress_size)[before:]
    if info.compress_type == zipfile.ZIP_DEFLATED:
        packed = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, info.file_size + 1)
    return packed if len(packed) == info.file_size and zlib.crc32(packed) == info.CRC else None


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, depth: int, allowance: Allowance
) -> Iterator[Source]:
    if info.file_size > MAX_NESTED_ZIP:
        yield Source(name, fault=NESTED_TOO_LARGE)
        return
    try:
        data = _plainly(archive, info)
        if data is None:
            with archive.open(info) as member:
                data = member.read(info.file_size + 1)
    except ZIP_FAULTS:
        yield Source(name, fault=DAMAGED_MEMBER)
        return
    if not _is_zip(data, info.filename):
        yield Source(name, data)
    elif depth >= MAX_DEPTH:
        yield Source(name, fault="ZIP in ZIP in ZIP gaat te diep. Pak de buitenste lagen uit")
    elif data.count(LISTED) > MAX_NESTED_MEMBERS:  # before zipfile makes something of each
        yield Source(name, fault=NESTED_TOO_LARGE)
    else:
        yield from _archive(io.BytesIO(data), name, depth + 1, allowance)


def _is_zip(data: bytes, name: str) -> bool:
    """Whether what is in a ZIP is one too; half of one is known by its name only."""
    begins = data.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    return begins and (name.lower().endswith(".zip") or zipfile.is_zipfile(io.BytesIO(data)))
