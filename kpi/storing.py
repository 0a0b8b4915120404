"""Publishing a computation: written whole under a new run, counted, then made current in one transaction.

A run that fails leaves the figures of the one before it on the pages.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pandas as pd
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from kpi import value_table
from kpi.calc.values import STORED
from kpi.copying import copy_frame
from kpi.exceptions import ComputationError
from kpi.models import Finding, KraljicPosition, Run, RunRest, RunState, Value
from sdf_portal import __version__

COLUMNS = ("run_id", *STORED)
PUBLISH_LOCK = 7243
INTERRUPTED = "De berekening is onderbroken; een latere heeft haar vervangen."
KEEP_RUNS = 2  # the current one and the one before it, for comparison
ROWS_PER_COPY = 200_000


@dataclass(frozen=True)
class Beside:
    """What a run has beside its values: per domain ("" for the region) Kraljic positions, what the data-quality checks
    counted (COUNTS), and packed what the next messages are added to."""

    positions: list[KraljicPosition]
    findings: pd.DataFrame
    rest: bytes


@dataclass(frozen=True)
class Computed:
    """What a run publishes; ``values`` as STORED, in blocks that are made one by one."""

    values: Iterable[pd.DataFrame]
    beside: Beside


def publish(compute: Callable[[Run], Computed], *, as_of: dt.date, **seen: Any) -> Run:
    """Compute, write and make current; on any fault the run is kept as failed, its values are not.

    ``seen``: the fields of a run that say what it was computed from.
    Raises what ``compute`` raises, and ComputationError when not all values arrived.
    """
    run = Run.objects.create(as_of=as_of, code_version=__version__, **seen)
    try:
        computed = compute(run)
        with transaction.atomic():
            one_at_a_time()
            _make_current(run, write(run, computed))
    except BaseException as error:
        Run.objects.filter(pk=run.pk).update(state=RunState.FAILED, remark=remark(error), finished_at=timezone.now())
        raise
    _forget_old()
    run.refresh_from_db()
    return run


def write(run: Run, computed: Computed) -> int:
    """Everything that a run publishes; how many values there are."""
    number = _write_values(run, computed.values)
    write_beside(run, computed.beside)
    return number


def write_beside(run: Run, beside: Beside) -> None:
    """What a run has beside its values, in the place of what it had."""
    for model in (KraljicPosition, Finding, RunRest):
        model.objects.filter(run=run).delete()
    for position in beside.positions:
        position.run = run
    KraljicPosition.objects.bulk_create(beside.positions, batch_size=2000)
    _write_findings(run, beside.findings)
    RunRest.objects.create(run=run, content=beside.rest)


def one_at_a_time() -> None:
    """Two computations that end together become current one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISH_LOCK])


def _write_values(run: Run, blocks: Iterable[pd.DataFrame]) -> int:
    number = 0
    with connection.cursor() as cursor:
        cursor.execute(value_table.create_partition(run.pk))
        for values in blocks:
            copy_values(cursor, run, values)
            number += len(values)
        cursor.execute(value_table.attach_partition(run.pk))
    return number


def copy_values(cursor: Any, run: Run, values: pd.DataFrame) -> None:
    """Add values (STORED) to the partition of a run."""
    for first in range(0, len(values), ROWS_PER_COPY):
        block = values.iloc[first : first + ROWS_PER_COPY].assign(run_id=run.pk)
        copy_frame(cursor, value_table.partition(run.pk), block[list(COLUMNS)], millionths="value")


def _write_findings(run: Run, findings: pd.DataFrame) -> None:
    with connection.cursor() as cursor:
        copy_frame(cursor, Finding._meta.db_table, findings.assign(run_id=run.pk))
        cursor.execute(f"ANALYZE {Finding._meta.db_table}")  # to pages it seemed empty: they sorted all to add them up


def _make_current(run: Run, expected: int) -> None:
    stored = Value.every.filter(run=run).count()
    if stored != expected:
        raise ComputationError(f"Van de {expected} waarden zijn er {stored} bewaard. Draai de berekening opnieuw.")
    earlier = Run.objects.filter(pk__lt=run.pk, one_date=False)
    earlier.filter(state=RunState.BUILDING).update(
        state=RunState.FAILED, remark=INTERRUPTED, finished_at=timezone.now()
    )
    Run.objects.filter(state=RunState.CURRENT).update(state=RunState.OLD)
    Run.objects.filter(pk=run.pk).update(
        state=RunState.CURRENT, values_count=stored, finished_at=timezone.now(), remark=""
    )


def _forget_old() -> None:
    """The figures of older runs go; the runs themselves stay in the list.

    Pages that read hold a lock for a moment: then the figures go after the next computation.
    """
    published = Run.objects.filter(state__in=(RunState.CURRENT, RunState.OLD), values_count__gt=0).order_by("-id")
    for run in published[KEEP_RUNS:]:
        with suppress(OperationalError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute(value_table.drop_partition(run.pk))
            KraljicPosition.objects.filter(run=run).delete()
            Finding.objects.filter(run=run).delete()
            RunRest.objects.filter(run=run).delete()
            Run.objects.filter(pk=run.pk).update(values_count=0)


def remark(error: BaseException) -> str:
    """The kind of fault and, when it is our own sentence, its text; never data."""
    return str(error)[:500] if isinstance(error, ComputationError) else f"Onverwachte fout: {type(error).__name__}."
