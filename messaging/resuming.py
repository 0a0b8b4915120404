"""Who works on an upload, and which uploads nobody works on any more though they are not done.

A worker holds the advisory lock of an upload for as long as its session with the database lives: whoever is killed, or
loses the database, holds none. Its upload is taken up again by the task that is tried again, by a worker that starts
or, when the queue forgot about it, by the scheduler.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import Error, connection
from django.db.models import F

from accounts.audit import record
from messaging.exceptions import UploadInterrupted
from messaging.models import Upload, UploadState

UPLOAD_LOCK = 7242  # the first half of the advisory lock of an upload
PATIENCE = dt.timedelta(minutes=1)  # for an upload that waits: it may be asked for right now


@contextmanager
def alone_with(upload_id: int) -> Iterator[None]:
    """Until the end of the block no other process works on the upload; raises UploadInterrupted without a database."""
    try:
        _lock("pg_advisory_lock", upload_id)
        yield
    except Exception:
        if _gone():
            connection.close()
            raise UploadInterrupted(f"The database went away during upload {upload_id}") from None
        raise
    finally:
        if not _gone():
            with suppress(Error):
                _lock("pg_advisory_unlock", upload_id)


def begin(upload: Upload, now: dt.datetime) -> None:
    """Take up an upload that waits, or one that was interrupted: that is noted."""
    running = {"state": UploadState.RUNNING}
    if upload.state == UploadState.RUNNING:
        record(by=None, action="upload hervat", subject=f"upload {upload.pk}")
        Upload.objects.filter(pk=upload.pk).update(interruptions=F("interruptions") + 1, resumed_at=now, **running)
    else:
        Upload.objects.filter(pk=upload.pk).update(**running)


def is_worked_on(upload_id: int) -> bool:
    """Whether a process works on the upload at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid = %s AND objid = %s)",
            [UPLOAD_LOCK, upload_id],
        )
        return bool(cursor.fetchone()[0])


def left_behind(now: dt.datetime) -> list[int]:
    """Uploads that were interrupted, and those that have waited for longer than PATIENCE."""
    waiting = Upload.objects.filter(state=UploadState.WAITING, created_at__lt=now - PATIENCE)
    unfinished = waiting | Upload.objects.filter(state=UploadState.RUNNING)
    numbers = unfinished.order_by("pk").values_list("pk", flat=True)
    return [number for number in numbers if not is_worked_on(number)]


def _gone() -> bool:
    """Whether this process has no session with the database: it was lost, or could not be had."""
    return connection.connection is None or bool(connection.connection.closed)


def _lock(function: str, upload_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [UPLOAD_LOCK, upload_id])  # noqa: S608
