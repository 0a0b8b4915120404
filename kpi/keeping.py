"""Computing a run for one date, to be kept beside the current one."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone

from kpi import actions, storing
from kpi.calc.findings import counts
from kpi.calc.scopes import ALL_SCOPES
from kpi.calc.values import compute_values
from kpi.kraljic import all_positions
from kpi.loading import last_message_id
from kpi.models import KraljicPosition, Run, RunState

KEEP_LOCK = 7252  # advisory, of the session: it goes with a killed worker


def keep(run: Run) -> None:
    """Compute and write a run for one date, unless another worker is at it; on any fault it is marked as failed.

    Raises what the computation raises.
    """
    with _alone(run) as first:
        if not first:
            return
        Run.objects.filter(pk=run.pk).update(state=RunState.BUILDING, last_message_id=last_message_id())
        try:
            _compute(run)
        except BaseException as error:
            Run.objects.filter(pk=run.pk).update(
                state=RunState.FAILED, remark=storing._remark(error), finished_at=timezone.now()
            )
            raise


def _compute(run: Run) -> None:
    periods = actions._periods(run.as_of, None, None)
    state = actions.state_on(run.as_of)
    values = compute_values(state, periods, scopes=list(ALL_SCOPES))
    positions = all_positions(state.lines, state.as_of)
    findings = counts(state, [period for period in periods if period.kind == "month"])
    now = timezone.now()
    with transaction.atomic():
        storing._write(run, values)
        for position in positions:
            position.run = run
        KraljicPosition.objects.bulk_create(positions, batch_size=2000)
        storing._write_findings(run, findings)
        Run.objects.filter(pk=run.pk).update(
            state=RunState.KEPT, values_count=len(values), finished_at=now, kept_at=now, remark=""
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
