"""Messages into the tables: each once, whole batches at a time, every batch one transaction with its progress.

Order of events per file: read, parse (in worker processes when there is much), COPY, commit with the number of
files done. A killed run continues after the last commit; what it repeats is recognised by identity.
"""

import io
import multiprocessing
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from messaging.batches import Outcome, parse_batch, start_worker, work
from messaging.berichten.interpret import COLUMNS, MESSAGE_COLUMNS, Bericht
from messaging.berichten.persons import Pseudonymiser
from messaging.models import Rejection, Upload, UploadFile, UploadState
from messaging.sources import Source, listed, sources

BATCH_FILES = 1000
STORE_LOCK = 7244  # advisory: shared by batches, alone for an undo
REMARK_LENGTH = 500
MORE = " En meer."
BATCH_BYTES = 16 * 1024 * 1024
POOL_FROM_BATCHES = 2
TABLES = {
    "toewijzing": "messaging_toewijzing",
    "start": "messaging_startproduct",
    "stop": "messaging_stopproduct",
    "prestatie": "messaging_prestatie",
    "verzoek": "messaging_verzoek",
    "antwoord": "messaging_antwoord",
    "retour_regel": "messaging_retourregel",
    "antwoord_regel": "messaging_antwoordregel",
}


def store_file(upload_file: UploadFile, path: Path) -> None:
    """Take in one given file or directory; continues where an earlier, interrupted call stopped."""
    UploadFile.objects.filter(pk=upload_file.pk).update(
        state=UploadState.RUNNING, files_total=max(upload_file.files_done, listed(path))
    )
    todo = sources(path, upload_file.name)
    if path.exists():  # otherwise there is one source: the reason why there are no more
        todo = islice(todo, upload_file.files_done, None)
    with _parser() as parse:
        for outcomes in parse(_ahead(_batches(todo))):
            store_batch(upload_file, outcomes)
    UploadFile.objects.filter(pk=upload_file.pk).update(state=UploadState.DONE)
    upload_file.refresh_from_db()


def store_batch(upload_file: UploadFile, outcomes: list[Outcome]) -> None:
    """One batch, its rejections and its progress, in one transaction."""
    parsed = [outcome.parsed for outcome in outcomes if outcome.parsed]
    with transaction.atomic():
        _lock("pg_advisory_xact_lock_shared")
        _commit_without_waiting()
        new, records = _store(upload_file.pk, parsed)
        locked = UploadFile.objects.select_for_update().get(pk=upload_file.pk)
        counts = Counter(locked.counts) + Counter(message.soort for message in new)
        locked.counts = dict(counts)
        locked.files_done += len(outcomes)
        locked.files_total = max(locked.files_total, locked.files_done)
        locked.messages += len(new)
        locked.records += records
        locked.duplicates += len(parsed) - len(new)
        locked.rejected += len(outcomes) - len(parsed)
        locked.save()
        Rejection.objects.bulk_create(_rejections(locked, outcomes))
        _remark(locked, outcomes)
    upload_file.refresh_from_db()


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


def _rejections(upload_file: UploadFile, outcomes: Iterable[Outcome]) -> Iterator[Rejection]:
    for outcome in outcomes:
        if outcome.reason:
            yield Rejection(upload_file=upload_file, file=outcome.label[-500:], reason=outcome.reason[:500])


def _remark(upload_file: UploadFile, outcomes: Iterable[Outcome]) -> None:
    """What was read with a remark, in the remark of the upload, as far as that goes."""
    remarks = [f"{outcome.label}: {text}." for outcome in outcomes if outcome.parsed for text in outcome.parsed.remarks]
    if remarks:
        upload = Upload.objects.select_for_update().get(pk=upload_file.upload_id)
        upload.remark = _joined(upload.remark, remarks)
        upload.save(update_fields=["remark"])


def _joined(told: str, remarks: Iterable[str]) -> str:
    """Whole remarks only; MORE says that there were others."""
    for remark in remarks:
        if told.endswith(MORE):
            break
        longer = f"{told} {remark}".strip()
        told = longer if len(longer) + len(MORE) <= REMARK_LENGTH else told + MORE
    return told


def _batches(files: Iterator[Source]) -> Iterator[list[Source]]:
    batch: list[Source] = []
    size = 0
    for file in files:
        batch.append(file)
        size += len(file.data)
        if len(batch) >= BATCH_FILES or size >= BATCH_BYTES or file.large:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _ahead(batches: Iterator[list[Source]]) -> Iterator[list[Source]]:
    """The batches, the next one being read while the database works on this one."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = reader.submit(next, batches, None)
            yield batch


@contextmanager
def _parser() -> Iterator[Any]:
    """A function from batches to their outcomes, in order; with worker processes once there is more than a little."""
    pool: list[ProcessPoolExecutor] = []

    def run(batches: Iterator[list[Source]]) -> Iterator[list[Outcome]]:
        first = list(islice(batches, POOL_FROM_BATCHES))
        if len(first) < POOL_FROM_BATCHES or multiprocessing.current_process().daemon or (os.cpu_count() or 1) < 2:
            pseudonym = Pseudonymiser(settings.PSEUDONYM_KEY)
            for batch in (*first, *batches):
                yield parse_batch(batch, pseudonym)
            return
        context = multiprocessing.get_context("forkserver")
        pool.append(ProcessPoolExecutor(2, context, start_worker, (settings.PSEUDONYM_KEY,)))
        yield from _in_order(pool[0], (batch for group in (first, batches) for batch in group))

    try:
        yield run
    finally:
        for executor in pool:
            executor.shutdown(cancel_futures=True)


def _in_order(pool: ProcessPoolExecutor, batches: Iterator[list[Source]]) -> Iterator[list[Outcome]]:
    """The outcomes of the batches in order, with a few batches under way at a time: memory stays bounded."""
    running: list[Future[list[Outcome]]] = [pool.submit(work, batch) for batch in islice(batches, 4)]
    while running:
        yield running.pop(0).result()
        running.extend(pool.submit(work, batch) for batch in islice(batches, 1))


def _store(upload_file_id: int, parsed: list[Bericht]) -> tuple[list[Bericht], int]:
    """Store messages; returns those that were new and the number of their records.

    A message whose identity is known with other content is stored too (the calculation takes one of
    them whatever the order of arrival) but counts as known.
    """
    first: dict[tuple[str, str], Bericht] = {}
    for message in parsed:
        first.setdefault((message.identity, message.content), message)
    if not first:
        return [], 0
    with connection.cursor() as cursor:
        inserted = _insert_messages(cursor, first.values())
        new = {key: message for key, message in first.items() if key in inserted}
        records = _copy_records(cursor, [(inserted[key], message) for key, message in new.items()])
        cursor.execute(
            "INSERT INTO messaging_occurrence (upload_file_id, message_id) SELECT %s, m.id FROM incoming i"
            " JOIN messaging_message m ON m.identity = i.identity AND m.content = i.content ON CONFLICT DO NOTHING",
            [upload_file_id],
        )
        counted = _first_of_identity(cursor, list(inserted.values()))
    return [message for key, message in new.items() if inserted[key] in counted], records


def _insert_messages(cursor: Any, messages: Iterable[Bericht]) -> dict[tuple[str, str], int]:
    """The ids of the messages that were not there yet, by (identity, content)."""
    columns = ", ".join(MESSAGE_COLUMNS)
    cursor.execute(
        "CREATE TEMP TABLE IF NOT EXISTS incoming (LIKE messaging_message);"
        " ALTER TABLE incoming ALTER id DROP NOT NULL; TRUNCATE incoming"
    )
    _copy(cursor, "incoming", columns, (message.row for message in messages))
    cursor.execute(
        f"INSERT INTO messaging_message ({columns}) SELECT {columns} FROM incoming ORDER BY identity, content"  # noqa: S608
        " ON CONFLICT DO NOTHING RETURNING identity, content, id"
    )
    return {(identity.hex, content.hex): number for identity, content, number in cursor.fetchall()}


def _copy_records(cursor: Any, messages: list[tuple[int, Bericht]]) -> int:
    total = 0
    for record, table in TABLES.items():
        lines = [f"{number}\t{row}" for number, message in messages for row in message.records.get(record, ())]
        if lines:
            _copy(cursor, table, ", ".join(("message_id", "regel", *COLUMNS[record])), lines)
            total += len(lines)
    return total


def _first_of_identity(cursor: Any, ids: list[int]) -> set[int]:
    """Of new messages, those whose identity no earlier message had."""
    cursor.execute(
        "SELECT n.id FROM messaging_message n WHERE n.id = ANY(%s) AND NOT EXISTS (SELECT 1 FROM messaging_message o"
        " WHERE o.identity = n.identity AND o.id < n.id)",
        [ids],
    )
    return {number for (number,) in cursor.fetchall()}


def _copy(cursor: Any, table: str, columns: str, lines: Iterable[str]) -> None:
    text = "\n".join(lines) + "\n"
    cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.StringIO(text))
