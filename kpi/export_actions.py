"""Long exports: asked for by a person, made by the worker, kept for some days. Keyword-only, audited."""

import datetime as dt
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from accounts.scope import Scope
from kpi.exceptions import ExportError
from kpi.exports import finding_file, paper
from kpi.exports.long import write
from kpi.models import ExportJob, ExportState, ExportWhat

EXPORT_LOCK = 7246  # the first half of the advisory lock of an export
SEARCH = "zoek"  # somebody may type a name there, so it is in no log and no name of a file
UNFINISHED = (ExportState.WAITING, ExportState.RUNNING)
MOST_UNFINISHED = 3  # of one person: the worker has other work too
MOST_ATTEMPTS = 3
KEPT_DAYS = 7
STRAY = dt.timedelta(days=1)  # a file that no export names may be in the making
TOO_MANY = (
    f"U hebt al {MOST_UNFINISHED} exports die nog niet klaar zijn. Wacht tot er een klaar is, of breek er een af."
)
TOO_OFTEN = f"De verwerking is {MOST_ATTEMPTS} keer gestopt voordat de export klaar was. Kies minder, bijvoorbeeld CSV."
NO_ROOM = (
    "Het bestand kon niet worden bewaard; waarschijnlijk is de schijf vol. Vraag uw technisch beheerder om ruimte."
)
FAULT = (
    "Er ging iets mis in het portaal; er is niets bewaard. Vraag de export opnieuw aan. Lukt het weer niet, neem dan"
    " contact op met uw technisch beheerder."
)


class CancelledError(Exception):
    """Somebody cancelled the export while it was being made."""


def exports_dir() -> Path:
    """Where the files are until they expire."""
    folder: Path = settings.SDF_DATA_DIR / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def scope_of_export(job: ExportJob) -> Scope:
    """What the asker might see when he asked."""
    return Scope(region=True) if job.region else Scope(municipality=job.municipality or None)


def expires_at(job: ExportJob) -> dt.datetime:
    return (job.finished_at or job.created_at) + dt.timedelta(days=KEPT_DAYS)


def request_export(
    *,
    by: User,
    scope: Scope,
    kind: str,
    period: str,
    with_parts: bool,
    filters: dict[str, str],
    what: str = ExportWhat.FIGURES,
) -> ExportJob:
    """An export that waits for the worker. Raises ExportError when this person has too many of them."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)  # two clicks at once are counted one after the other
        if ExportJob.objects.filter(user=by, state__in=UNFINISHED).count() >= MOST_UNFINISHED:
            raise ExportError(TOO_MANY)
        place = {"region": scope.region, "municipality": scope.municipality or ""}
        job = ExportJob.objects.create(
            user=by, what=what, kind=kind, period=period, with_parts=with_parts, filters=filters, **place
        )
        logged = {name: value for name, value in filters.items() if name != SEARCH}
        record(
            by=by, action="export aangevraagd", subject=f"export {job.pk} {period}", inhoud=what, soort=kind, **logged
        )
    return job


def cancel_export(*, by: User, job: ExportJob) -> bool:
    """Whether the export was still to be stopped; the worker notices at its next rows."""
    changes = {"state": ExportState.CANCELLED, "finished_at": timezone.now()}
    with transaction.atomic():
        stopped = ExportJob.objects.filter(pk=job.pk, state__in=UNFINISHED).update(**changes)
        if stopped:
            record(by=by, action="export afgebroken", subject=f"export {job.pk}")
    return bool(stopped)


def unfinished() -> list[int]:
    """The exports that wait or were begun, the oldest first."""
    return list(ExportJob.objects.filter(state__in=UNFINISHED).order_by("pk").values_list("pk", flat=True))


def run_export(job_id: int) -> None:
    """Make the file of an export that waits; safe to call again after a kill, and twice at once."""
    with _alone(job_id) as first:
        job = ExportJob.objects.filter(pk=job_id, state__in=UNFINISHED).first()
        if not first or job is None:
            return
        if job.attempts >= MOST_ATTEMPTS:
            _end(job_id, ExportState.FAILED, remark=TOO_OFTEN)
            return
        with suppress(CancelledError):
            _still(job_id, state=ExportState.RUNNING, attempts=F("attempts") + 1, rows_done=0)
            _make(job)


def _make(job: ExportJob) -> None:
    part = exports_dir() / f"{job.pk}.part"
    try:
        _keep(job, part, _written(job, part))
    except ExportError as error:
        _end(job.pk, ExportState.FAILED, remark=str(error))
    except (CancelledError, OperationalError):  # when the database went away the task is done again
        raise
    except OSError:
        _end(job.pk, ExportState.FAILED, remark=NO_ROOM)
        raise
    except Exception:
        _end(job.pk, ExportState.FAILED, remark=FAULT)
        raise
    finally:
        part.unlink(missing_ok=True)


def _written(job: ExportJob, part: Path) -> int:
    """The number of rows of the file that was made."""
    scope = scope_of_export(job)

    def progress(done: int) -> None:
        _still(job.pk, rows_done=done)

    def counted(total: int) -> None:
        _still(job.pk, rows_total=total)

    asked: dict[str, Any] = {"scope": scope, "period": job.period, "chosen": job.filters, "progress": progress}
    match job.what:
        case ExportWhat.PROVIDERS:
            return paper.write(part, by=job.user, **asked)
        case ExportWhat.FINDINGS:
            return finding_file.write(part, kind=job.kind, by=job.user, counted=counted, **asked)
        case _:
            return write(part, kind=job.kind, with_parts=job.with_parts, counted=counted, **asked)


def _keep(job: ExportJob, part: Path, rows: int) -> None:
    """The file under a name that cannot be guessed, then the export as done; a kill between them leaves a stray."""
    part.chmod(0o600)
    name = f"{uuid.uuid4().hex}.{job.kind}"
    size = part.stat().st_size
    os.replace(part, exports_dir() / name)
    if not _end(job.pk, ExportState.DONE, stored_name=name, size=size, rows_done=rows, rows_total=rows):
        (exports_dir() / name).unlink(missing_ok=True)


def _still(job_id: int, **changes: Any) -> None:
    """Note progress. Raises CancelledError when the export is no longer wanted."""
    if not ExportJob.objects.filter(pk=job_id, state__in=UNFINISHED).update(**changes):
        raise CancelledError


def _end(job_id: int, state: ExportState, **changes: Any) -> int:
    unfinished = ExportJob.objects.filter(pk=job_id, state__in=UNFINISHED)
    return unfinished.update(state=state, finished_at=timezone.now(), **changes)


@contextmanager
def _alone(job_id: int) -> Iterator[bool]:
    """Whether nobody else makes this export; the lock goes with a killed worker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [EXPORT_LOCK, job_id])
        first = bool(cursor.fetchone()[0])
    try:
        yield first
    finally:
        if first:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [EXPORT_LOCK, job_id])


def remove_old(*, now: dt.datetime) -> int:
    """Exports past their days lose their file, and files that no export names go; the number of files removed."""
    old = ExportJob.objects.filter(state=ExportState.DONE, finished_at__lte=now - dt.timedelta(days=KEPT_DAYS))
    old.update(state=ExportState.EXPIRED, stored_name="")
    named = set(ExportJob.objects.exclude(stored_name="").values_list("stored_name", flat=True))
    removed = 0
    for path in exports_dir().iterdir():
        made = dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC)
        if path.name not in named and (made <= now - STRAY):
            path.unlink(missing_ok=True)
            removed += 1
    return removed
