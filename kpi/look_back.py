"""Asking for the figures of a date of which none are kept, and computing them beside the current ones."""

import datetime as dt
import logging
from typing import Any

from django.db import connection, transaction
from django.db.models import Min
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from accounts.audit import record
from kpi import as_of
from kpi.exceptions import LookBackError
from kpi.keeping import keep
from kpi.models import Run, RunState
from messaging.models import Message
from sdf_portal import __version__

logger = logging.getLogger(__name__)
ASK_LOCK = 7251
UNFINISHED = (RunState.WAITING, RunState.BUILDING)


def ask_for(*, by: Any, date: dt.date, today: dt.date) -> Run:
    """Note that the figures of a date are wanted and ask the worker; raises LookBackError with what to do instead."""
    with transaction.atomic():
        _one_asker_at_a_time()
        _check(date, today)
        run = Run.objects.create(as_of=date, state=RunState.WAITING, code_version=__version__, one_date=True)
        record(by=by, action="peildatum gevraagd", subject=date.isoformat(), berekening=run.pk)
    _ask_worker(run)
    return run


def waiting() -> Run | None:
    """The date that is being computed, if any."""
    return Run.objects.filter(one_date=True, state__in=UNFINISHED).first()


def compute_date(run_id: int) -> None:
    """Compute the run that waits; doing it twice changes nothing, and a killed attempt is made anew."""
    run = Run.objects.filter(pk=run_id, one_date=True, state__in=UNFINISHED).first()
    if run is not None:
        keep(run)


def resume() -> None:
    """A worker began: what a killed one had taken up, or no broker took, is asked for again."""
    run = waiting()
    if run is not None:
        _ask_worker(run)


def _ask_worker(run: Run) -> None:
    """Without a broker the run waits until a worker begins."""
    from kpi.tasks import compute_date as task

    try:
        task.delay(run.pk)
    except (OperationalError, RedisError):
        logger.warning("Run %s waits: the broker cannot be reached.", run.pk)


def _one_asker_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ASK_LOCK])


def _check(date: dt.date, today: dt.date) -> None:
    if date > today:
        raise LookBackError("Deze peildatum ligt in de toekomst. Kies vandaag of een eerdere dag.")
    first = Message.objects.aggregate(first=Min("datum"))["first"]
    if first is None or date < first:
        since = f"Het eerste bericht is van {as_of.named(first)}." if first else "Er zijn nog geen berichten."
        raise LookBackError(f"Voor deze peildatum zijn er geen berichten. {since} Kies een latere dag.")
    if as_of.run_of_date(date):
        raise LookBackError("De cijfers van deze peildatum zijn er al. Kies de datum in de lijst.")
    busy = waiting()
    if busy is not None:
        raise LookBackError(
            f"Peildatum {as_of.named(busy.as_of)} wordt nu uitgerekend. Vraag deze datum aan als dat klaar is."
        )
