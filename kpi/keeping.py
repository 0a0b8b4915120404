"""Computing a run for one date, to be kept beside the current one."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone

from kpi import actions, question, storing
from kpi.loading import load_reference
from kpi.models import Run, RunState

KEEP_LOCK = 7252  # advisory, of the session: it goes with a killed worker


def keep(run: Run) -> None:
    """Compute and write a run for one date, unless another worker is at it; on any fault it is marked as failed.

    Raises what the computation raises.
    """
    with _alone(run) as first:
        if not first:
            return
        Run.objects.filter(pk=run.pk).update(state=RunState.BUILDING)
        try:
            _compute(run)
        except BaseException as error:
            Run.objects.filter(pk=run.pk).update(
                state=RunState.FAILED, remark=storing.remark(error), finished_at=timezone.now()
            )
            raise


def _compute(run: Run) -> None:
    reference = load_reference(run.as_of)
    Run.objects.filter(pk=run.pk).update(**question.fields(run.as_of, None, None, reference))
    run.refresh_from_db()
    computed = actions.computed(run, reference)
    now = timezone.now()
    with transaction.atomic():
        number = storing.write(run, computed)
        Run.objects.filter(pk=run.pk).update(
            state=RunState.KEPT, values_count=number, finished_at=now, kept_at=now, remark=""
        )


@contextmanager
def _alone(run: Run) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [KEEP_LOCK, run.pk])
        first = bool(cursor.fetchone()[0])
    try:
        yield first
    finally:
        if first:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [KEEP_LOCK, run.pk])
