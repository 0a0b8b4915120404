"""Messages into the tables: each once, whole batches at a time, every batch one transaction with its progress.

Order of events per file: read, parse (in worker processes when there is much), COPY, commit with the number of
files done; a large message is parsed and copied at the same time. A killed run continues after the last commit; what
it repeats is recognised by identity.
"""

import shutil
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import psycopg2
from django.conf import settings
from django.db import DataError, IntegrityError, connection, transaction

from messaging import workers
from messaging.batches import Packed, pack_files, work
from messaging.berichten.persons import Pseudonymiser
from messaging.exceptions import SinkError, StoreError
from messaging.inserting import BY_INDEX, Ahead, array, insert, note_arrivals
from messaging.layouts import layouts_for
from messaging.models import PartlyReadTable, Rejection, UnreadTable, Upload, UploadFile, UploadState
from messaging.rijen.tables import with_parts
from messaging.sources import READ_FAULTS, Source, listed, opened, sources

BATCH_FILES = 1000
STORE_LOCK = 7244  # advisory: shared by batches, alone for an undo
REMARK_LENGTH = 500
MORE = " En meer."
BATCH_BYTES = 8 * 1024 * 1024
DIGEST_BYTES = 1024 * 1024
POOL_FROM_BATCHES = 2
POOL_FROM_BYTES = 4 * 1024 * 1024  # of a ZIP: there will be more batches than one
UNDER_WAY = 3  # batches parsed or waiting, besides the one being stored

Batch = list[tuple[Source, str]]
Known = list[tuple[Source, str]]


def store_file(upload_file: UploadFile, path: Path) -> None:
    """Take in one given file or directory; continues where an earlier, interrupted call stopped."""
    pseudonym = Pseudonymiser(settings.PSEUDONYM_KEY)
    with (
        workers.seldom_searched(),
        _spool(upload_file) as folder,
        _parser(pseudonym, path) as parse,
        opened(path) as archive,
    ):
        total = max(upload_file.files_done, len(upload_file.only) or listed(archive))
        UploadFile.objects.filter(pk=upload_file.pk).update(state=UploadState.RUNNING, files_total=total)
        todo = _sources(upload_file, path, archive)
        if path.exists():  # otherwise there is one source: the reason why there are no more
            todo = islice(todo, upload_file.files_done, None)
        for came in parse(_ahead(_batches((_spooling(source, folder) for source in todo), pseudonym))):
            store_batch(upload_file, came)
    UploadFile.objects.filter(pk=upload_file.pk).update(state=UploadState.DONE)
    upload_file.refresh_from_db()


@contextmanager
def _spool(upload_file: UploadFile) -> Iterator[Path]:
    """Where lines of a large message wait for their codes; the next call removes what a killed one left."""
    folder = Path(settings.SDF_DATA_DIR) / "spool" / str(upload_file.pk)
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _spooling(source: Source, folder: Path) -> Source:
    return source._replace(large=replace(source.large, spool=folder)) if source.large else source


def _sources(upload_file: UploadFile, path: Path, archive: ZipFile | None) -> Iterator[Source]:
    """What is in a file, exports in parts; only the exports to read again, when that is what is asked."""
    todo = sources(path, upload_file.name, archive)
    if upload_file.only:
        todo = (source for source in todo if source.label in upload_file.only)
    unread = set(upload_file.unread_tables.values_list("label", flat=True))
    return with_parts(todo, layouts_for(upload_file.upload), unread)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Files to parse with their digests, of which a large one is stored while it is parsed, and known files."""

    files: list[Source]
    digests: list[str]
    known: Known

    @property
    def large(self) -> bool:
        return any(file.large for file in self.files)

    def parsed(self, pseudonym: Pseudonymiser) -> Packed:
        """What came of the files; the lines of a large one are stored, in this transaction."""
        try:
            packed = pack_files(self.files, self.digests, pseudonym, Ahead() if self.large else None)
        except SinkError as error:
            raise (error.__cause__ or error) from None
        return _with_known(packed, self.known)


def store_batch(upload_file: UploadFile, came: Packed | Waiting) -> None:
    """One batch, its rejections and its progress, in one transaction; raises StoreError for what must not be there."""
    with _unquoted(), transaction.atomic():
        _lock("pg_advisory_xact_lock_shared")
        _commit_without_waiting()
        packed = came.parsed(Pseudonymiser(settings.PSEUDONYM_KEY)) if isinstance(came, Waiting) else came
        _note_known(upload_file.pk, packed)
        new, records = insert(upload_file.pk, packed)
        locked = UploadFile.objects.select_for_update().get(pk=upload_file.pk)
        locked.counts = dict(Counter(locked.counts) + new)
        locked.files_done += len(packed)
        locked.files_total = max(locked.files_total, locked.files_done)
        locked.messages += new.total()
        locked.records += records
        locked.duplicates += len(packed.rows) + len(packed.known) - new.total()
        locked.rejected += len(packed.rejected)
        locked.save()
        Rejection.objects.bulk_create(_rejections(locked, packed))
        UnreadTable.objects.bulk_create(
            UnreadTable(upload_file=locked, label=label, columns=list(columns)) for label, columns in packed.unread
        )
        PartlyReadTable.objects.bulk_create(_partly(locked, packed))
        _remark(locked, packed)
    upload_file.refresh_from_db()


@contextmanager
def _unquoted() -> Iterator[None]:
    """An error of the database quotes the row; in a log there is no place for it."""
    try:
        yield
    except (DataError, IntegrityError, psycopg2.DataError, psycopg2.IntegrityError) as error:
        cause = error if isinstance(error, psycopg2.Error) else error.__cause__  # COPY passes Django by
        diag = getattr(cause, "diag", None)
        where = [getattr(diag, name, None) for name in ("table_name", "column_name", "constraint_name")]
        raise StoreError(" ".join([type(cause).__name__, *filter(None, where)])) from None


def hold_off_stores() -> None:
    """Until the end of this transaction no batch is stored: what is undone may be what a batch just found known."""
    _lock("pg_advisory_xact_lock")


def _commit_without_waiting() -> None:
    """Messages and progress reach the disk together a moment later: after a crash the last batch is done again."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")


def _lock(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [STORE_LOCK])  # noqa: S608


def _rejections(upload_file: UploadFile, packed: Packed) -> Iterator[Rejection]:
    for label, reason in packed.rejected:
        yield Rejection(upload_file=upload_file, file=label[-500:], reason=reason[:500])


def _partly(upload_file: UploadFile, packed: Packed) -> Iterator[PartlyReadTable]:
    """One table of those with the same columns: a ZIP may hold hundreds."""
    if packed.partly:
        of_upload = PartlyReadTable.objects.filter(upload_file__upload=upload_file.upload_id)
        told = set(map(tuple, of_upload.values_list("columns", flat=True)))
        for label, columns, unknown in packed.partly:
            if columns not in told:
                told.add(columns)
                yield PartlyReadTable(
                    upload_file=upload_file, label=label, columns=list(columns), unknown=list(unknown)
                )


def _remark(upload_file: UploadFile, packed: Packed) -> None:
    """What was read with a remark, in the remark of the upload, as far as that goes."""
    if packed.remarks or packed.newer:
        upload = Upload.objects.select_for_update().get(pk=upload_file.upload_id)
        newer = [said for said in sorted(packed.newer) if said not in upload.remark]
        upload.remark = _joined(_joined("", newer), [*filter(None, [upload.remark]), *packed.remarks])
        upload.save(update_fields=["remark"])


def _joined(told: str, remarks: Iterable[str]) -> str:
    """Whole remarks only; MORE says that there were others."""
    for remark in remarks:
        if told.endswith(MORE):
            break
        longer = f"{told} {remark}".strip()
        told = longer if len(longer) + len(MORE) <= REMARK_LENGTH else told + MORE
    return told


def _batches(files: Iterator[Source], pseudonym: Pseudonymiser) -> Iterator[Batch]:
    """Files with the digest of their bytes, empty for one that has none or cannot be read."""
    batch: Batch = []
    size = 0
    for file in files:
        batch.append((file, _digest(file, pseudonym)))
        size += file.weight
        if len(batch) >= BATCH_FILES or size >= BATCH_BYTES or file.large:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _digest(file: Source, pseudonym: Pseudonymiser) -> str:
    if not file.large:
        return pseudonym.digest_of_bytes(file.data) if file.data else ""
    state = pseudonym.digesting()
    try:
        with file.large.open() as opened:
            while some := opened.read(DIGEST_BYTES):
                state.update(some)
    except READ_FAULTS:
        return ""
    return state.hexdigest()


def _ahead(batches: Iterator[Batch]) -> Iterator[Batch]:
    """The batches, the next one being read while the database works on this one."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = reader.submit(next, batches, None)
            yield batch


@contextmanager
def _parser(pseudonym: Pseudonymiser, path: Path) -> Iterator[Any]:
    """A function from batches to what came of them, in order; by worker processes once there is more than a little.

    For a large ZIP they start at once: they need as much time for it as the list of its files.
    """
    pool: list[ProcessPoolExecutor] = []

    def start() -> None:
        if not pool and workers.are_of_use():
            pool.append(workers.pool(2, settings.PSEUDONYM_KEY, "messaging.batches"))
            pool[0].submit(work, [], [])

    def run(batches: Iterator[Batch]) -> Iterator[Packed | Waiting]:
        first = list(islice(batches, POOL_FROM_BATCHES))
        starting = not pool
        if len(first) == POOL_FROM_BATCHES:
            start()
        if pool:
            yield from _in_order(pool[0], chain(first, batches), pseudonym, starting=starting)
            return
        for batch in chain(first, batches):
            waiting = _split(batch)
            yield _finished(None, waiting, pseudonym)

    try:
        if path.suffix.lower() == ".zip" and path.is_file() and path.stat().st_size > POOL_FROM_BYTES:
            start()
        yield run
    finally:
        for executor in pool:
            executor.shutdown(cancel_futures=True)


def _in_order(
    pool: ProcessPoolExecutor, batches: Iterator[Batch], pseudonym: Pseudonymiser, *, starting: bool
) -> Iterator[Packed | Waiting]:
    """What came of the batches in order, with a few under way at a time: memory stays bounded.

    While the pool is ``starting`` there is time to parse the first batch here.
    """
    running: deque[tuple[Future[Packed] | None, Waiting]] = deque()
    for number, batch in enumerate(batches):
        waiting = _split(batch)
        here = waiting.large or not waiting.files or (starting and number == 0)
        running.append((None if here else pool.submit(work, waiting.files, waiting.digests), waiting))
        if len(running) > UNDER_WAY:
            yield _finished(*running.popleft(), pseudonym)
    while running:
        yield _finished(*running.popleft(), pseudonym)


def _finished(coming: Future[Packed] | None, waiting: Waiting, pseudonym: Pseudonymiser) -> Packed | Waiting:
    if coming:
        return _with_known(coming.result(), waiting.known)
    return waiting if waiting.large else waiting.parsed(pseudonym)


def _with_known(packed: Packed, known: Known) -> Packed:
    packed.known = known
    return packed


def _split(batch: Batch) -> Waiting:
    """The files to parse, and those whose message is stored."""
    with connection.cursor() as cursor:
        stored = _stored(cursor, [digest for _, digest in batch if digest])
    todo = [pair for pair in batch if pair[1] not in stored]
    known = [pair for pair in batch if pair[1] in stored]
    return Waiting([file for file, _ in todo], [digest for _, digest in todo], known)


def _stored(cursor: Any, digests: Iterable[str]) -> dict[str, int]:
    """The ids of the messages that came in files with these digests, by digest."""
    cursor.execute(
        f"{BY_INDEX} SELECT replace(bestand::text, '-', ''), id FROM messaging_message"  # noqa: S608
        " WHERE bestand = ANY(%s::uuid[])",
        [array(digests)],
    )
    return dict(cursor.fetchall())


def _note_known(upload_file_id: int, packed: Packed) -> None:
    """The arrival of files that were known; one whose message an undo has taken since is parsed after all."""
    if not packed.known:
        return
    with connection.cursor() as cursor:
        stored = _stored(cursor, [digest for _, digest in packed.known])
        note_arrivals(cursor, upload_file_id, stored.values())
    gone = [pair for pair in packed.known if pair[1] not in stored]
    if gone:
        pseudonym = Pseudonymiser(settings.PSEUDONYM_KEY)
        packed.known = [pair for pair in packed.known if pair[1] in stored]
        packed.add(Waiting([file for file, _ in gone], [digest for _, digest in gone], []).parsed(pseudonym))
