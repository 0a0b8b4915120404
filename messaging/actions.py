"""Everything that changes uploads: bring in, process, undo. Keyword-only, atomic, audited."""

import glob
import os
import re
import shutil
import uuid
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import Error, connection, transaction
from django.utils import timezone

from accounts.audit import record
from messaging import statistics
from messaging.berichten.persons import without_bsn
from messaging.exceptions import UploadError
from messaging.inserting import TABLES
from messaging.models import UnreadTable, Upload, UploadFile, UploadState
from messaging.resuming import alone_with, begin
from messaging.signals import messages_changed
from messaging.store import hold_off_stores, store_file

MASKED, ANY_NUMBER = "*" * 9, "[0-9]" * 9
UNTEXT, ANY_SIGN = "\ufffd", "?"
NO_TEXT = re.compile("[\ud800-\udfff]")  # how Python writes the bytes of a name that are no UTF-8


def uploads_dir() -> Path:
    """Where files wait until they are processed; they are removed right after."""
    folder: Path = settings.SDF_DATA_DIR / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def create_upload(*, by: Any, uploader: str, files: Iterable[UploadedFile], gemeente: str = "") -> Upload:
    """Keep the files under random names and note them; nothing is kept when one of them cannot be.

    ``gemeente``: whose CSV exports these are, if told.
    """
    folder = uploads_dir() / uuid.uuid4().hex
    folder.mkdir(mode=0o700)
    try:
        with transaction.atomic():
            upload = Upload.objects.create(user=by, uploader=uploader, gemeente=gemeente)
            for number, file in enumerate(files):
                path = folder / f"{number}{Path(file.name or '').suffix.lower()[:5]}"
                _write(file, path)
                UploadFile.objects.create(
                    upload=upload, name=without_bsn(file.name or "")[:255], stored_path=str(path), size=file.size or 0
                )
            record(by=by, action="upload ontvangen", subject=f"upload {upload.pk}", bestanden=upload.files.count())
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise UploadError("De bestanden konden niet worden bewaard; waarschijnlijk is de schijf vol.") from error
        raise
    return upload


def _write(file: UploadedFile, path: Path) -> None:
    with path.open("xb") as target:
        for chunk in file.chunks():
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())


def create_upload_of_paths(*, uploader: str, paths: Iterable[Path], gemeente: str = "") -> Upload:
    """An upload of files that stay where they are, for the command line."""
    with transaction.atomic():
        upload = Upload.objects.create(uploader=uploader, gemeente=gemeente)
        for path in paths:
            UploadFile.objects.create(
                upload=upload,
                name=_noted(path.name)[:255],
                size=path.stat().st_size,
                files_total=0,
                stored_path=_noted(str(path)),
            )
    return upload


def _noted(path: str) -> str:
    """A name or path as it can be kept: without a BSN, and without what is no text."""
    return without_bsn(NO_TEXT.sub(UNTEXT, path))


def stored_file(stored: str) -> Path:
    """Where a file is that was noted as ``stored``, a BSN in its name being left out of the note.

    With two of such names in one folder nobody can tell which it was; then it counts as gone.
    """
    if MASKED not in stored and UNTEXT not in stored:
        return Path(stored)
    pattern = ANY_NUMBER.join(map(glob.escape, stored.split(MASKED))).replace(UNTEXT, ANY_SIGN)
    found = [path for path in glob.glob(pattern) if _noted(path) == stored]
    return Path(found[0] if len(found) == 1 else stored)


def process_upload(upload_id: int, *, paths: Iterable[Path] | None = None) -> Upload:
    """Take in every file of an upload that is not done; safe to call again after a kill, and twice at once.

    On an unexpected fault the upload is marked failed, keeps what was stored, and can be processed again or undone.
    Raises UploadInterrupted when the database goes away: the upload is still under way then, and can be taken up.
    """
    with alone_with(upload_id):
        try:
            return _process(Upload.objects.get(pk=upload_id), list(paths) if paths is not None else None)
        except Exception:
            with suppress(Error):  # the database itself may be what failed
                _mark_failed(upload_id)
            raise


def restart_upload(*, by: Any, upload: Upload) -> None:
    """A failed upload waits again, to go on after what it stored; any other is left as it is."""
    again = {"state": UploadState.WAITING}
    with transaction.atomic():
        if Upload.objects.filter(pk=upload.pk, state=UploadState.FAILED).update(**again, finished_at=None):
            upload.files.filter(state=UploadState.FAILED).update(**again)
            record(by=by, action="upload opnieuw gestart", subject=f"upload {upload.pk}")


def _mark_failed(upload_id: int) -> None:
    with transaction.atomic():
        running = {"state": UploadState.RUNNING}
        UploadFile.objects.filter(upload=upload_id, **running).update(state=UploadState.FAILED)
        Upload.objects.filter(pk=upload_id, **running).update(state=UploadState.FAILED, finished_at=timezone.now())


def _process(upload: Upload, paths: list[Path] | None) -> Upload:
    if upload.state in (UploadState.DONE, UploadState.UNDONE):
        return upload
    begin(upload, timezone.now())
    files = list(upload.files.order_by("pk"))
    for file, path in zip(files, paths or [stored_file(file.stored_path) for file in files], strict=True):
        if file.state != UploadState.DONE:
            store_file(file, path)
    if paths is None and not UnreadTable.objects.filter(upload_file__upload=upload).exists():
        remove_payload(files)
    brought = list(upload.files.all())
    statistics.renew(sum(file.messages for file in brought))
    if any(file.messages or file.duplicates for file in brought):
        messages_changed.send(sender=Upload, upload=upload)
    # Last of all: a kill before this line has it all done again, and one after it leaves nothing to do.
    Upload.objects.filter(pk=upload.pk).update(state=UploadState.DONE, finished_at=timezone.now())
    upload.refresh_from_db()
    return upload


def remove_payload(files: Iterable[UploadFile]) -> None:
    """Payloads are kept no longer than they are needed: until every column in them is known."""
    for folder in {Path(file.stored_path).parent for file in files if file.stored_path}:
        if folder.parent == uploads_dir():
            shutil.rmtree(folder, ignore_errors=True)


def undo_upload(*, by: Any, upload: Upload) -> None:
    """Take back an upload: its messages disappear unless another upload brought them too."""
    with transaction.atomic():
        hold_off_stores()
        locked = Upload.objects.select_for_update().get(pk=upload.pk)
        if locked.state not in (UploadState.DONE, UploadState.FAILED):
            raise UploadError("Deze upload is nog bezig of al teruggedraaid. Wacht tot de verwerking klaar is.")
        removed = _remove_messages(locked)
        UnreadTable.objects.filter(upload_file__upload=locked).delete()
        locked.state = UploadState.UNDONE
        locked.save(update_fields=["state"])
        record(by=by, action="upload teruggedraaid", subject=f"upload {upload.pk}", berichten=removed)
        files = list(locked.files.all())
        transaction.on_commit(lambda: remove_payload(files))
        transaction.on_commit(lambda: messages_changed.send(sender=Upload, upload=locked))


def _remove_messages(upload: Upload) -> int:
    """The number of messages that disappeared; by SQL, because an upload may hold a million of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM messaging_occurrence o USING messaging_uploadfile f"
            " WHERE f.id = o.upload_file_id AND f.upload_id = %s RETURNING o.message_id",
            [upload.pk],
        )
        brought = [number for (number,) in cursor.fetchall()]
        cursor.execute(
            "SELECT m.id FROM messaging_message m WHERE m.id = ANY(%s)"
            " AND NOT EXISTS (SELECT 1 FROM messaging_occurrence o WHERE o.message_id = m.id)",
            [brought],
        )
        orphans = [number for (number,) in cursor.fetchall()]
        for table in TABLES.values():
            cursor.execute(f"DELETE FROM {table} WHERE message_id = ANY(%s)", [orphans])  # noqa: S608
        cursor.execute("DELETE FROM messaging_message WHERE id = ANY(%s)", [orphans])
    return len(orphans)
