"""Saving what columns mean, and reading again what waited for it. Keyword-only, atomic, audited."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.audit import record
from messaging.actions import remove_payload
from messaging.models import ColumnLayout, PartlyReadTable, UnreadTable, Upload, UploadFile, UploadState
from messaging.rijen.header import Layout, fingerprint

KEPT_DAYS = 30  # a file that waits for its columns holds persons; no longer than somebody may need to look


def save_layout(*, by: Any, columns: Iterable[str], gemeente: str, layout: Layout) -> list[int]:
    """Keep what the columns mean; the uploads that must be read again because of it."""
    columns = list(columns)
    with transaction.atomic():
        saved, _ = ColumnLayout.objects.update_or_create(
            gemeente=gemeente,
            fingerprint=fingerprint(columns),
            defaults={
                "columns": columns,
                "soort": layout.soort,
                "fields": dict(layout.fields),
                "constants": dict(layout.constants),
                "saved_by": by.get_username(),
            },
        )
        record(
            by=by, action="kolommen vastgelegd", subject=f"indeling {saved.pk}", soort=layout.soort, gemeente=gemeente
        )
        PartlyReadTable.objects.filter(pk__in=_answered(saved)).delete()
        return _read_again(by, saved)


def _answered(saved: ColumnLayout) -> list[int]:
    """Exports that were partly read, of which it is now said what all columns mean."""
    tables = PartlyReadTable.objects.all()
    if saved.gemeente:
        tables = tables.filter(upload_file__upload__gemeente__in=("", saved.gemeente))
    return [table.pk for table in tables if fingerprint(table.columns) == saved.fingerprint]


def _read_again(by: Any, saved: ColumnLayout) -> list[int]:
    """Have the files wait again of finished uploads with these columns, for those exports only."""
    waiting = UnreadTable.objects.filter(upload_file__upload__state=UploadState.DONE).select_related(
        "upload_file__upload"
    )
    if saved.gemeente:
        waiting = waiting.filter(upload_file__upload__gemeente__in=("", saved.gemeente))
    tables: dict[int, list[UnreadTable]] = defaultdict(list)
    for table in waiting:
        if fingerprint(table.columns) == saved.fingerprint:
            tables[table.upload_file_id].append(table)
    uploads = {table.upload_file.upload_id for found in tables.values() for table in found}
    for upload in Upload.objects.select_for_update().filter(pk__in=uploads).order_by("pk"):
        for file in upload.files.filter(pk__in=tables):
            _wait_again(file, tables[file.pk])
        Upload.objects.filter(pk=upload.pk).update(state=UploadState.WAITING, finished_at=None)
        record(by=by, action="upload opnieuw gelezen", subject=f"upload {upload.pk}")
    return sorted(uploads)


def _wait_again(file: UploadFile, tables: list[UnreadTable]) -> None:
    labels = [table.label for table in tables]
    removed, _ = file.rejections.filter(file__in=[label[-500:] for label in labels]).delete()
    UploadFile.objects.filter(pk=file.pk).update(
        only=labels, files_done=0, files_total=len(labels), rejected=F("rejected") - removed, state=UploadState.WAITING
    )
    UnreadTable.objects.filter(pk__in=[table.pk for table in tables]).delete()


def discard_table(*, by: Any, table: UnreadTable) -> None:
    """Give up an export that waits; its file is removed when nothing in the upload waits any more."""
    with transaction.atomic():
        upload = table.upload_file.upload
        record(by=by, action="csv niet ingelezen", subject=f"upload {upload.pk}")
        _give_up(upload, UnreadTable.objects.filter(pk=table.pk))


def discard_old(now: dt.datetime) -> None:
    """Give up what waited for KEPT_DAYS."""
    before = now - dt.timedelta(days=KEPT_DAYS)
    for upload in Upload.objects.filter(created_at__lt=before, files__unread_tables__isnull=False).distinct():
        with transaction.atomic():
            record(by=None, action="csv niet ingelezen", subject=f"upload {upload.pk}")
            _give_up(upload, UnreadTable.objects.filter(upload_file__upload=upload))


def _give_up(upload: Upload, tables: Any) -> None:
    tables.delete()
    if not UnreadTable.objects.filter(upload_file__upload=upload).exists() and upload.state == UploadState.DONE:
        files = list(upload.files.all())
        transaction.on_commit(lambda: remove_payload(files))
