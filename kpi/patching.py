"""Adding new messages to the figures of a run: only the clients they touch are counted, only their cells written.

What those clients counted for before is taken off, what they count for now is put on; both are whole numbers, so that
the result is that of a computation from the start, to the last byte. Pages read the old figures until the end of the
transaction.
"""

from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pandas as pd
from django.db import connection, transaction
from django.utils import timezone

from kpi import value_table
from kpi.calc.frames import NO_NUMBER, Reference
from kpi.calc.part import negated, together
from kpi.calc.scopes import DIMENSIONS
from kpi.calc.sums import Sums, no_points
from kpi.calc.sums import together as sums_together
from kpi.calc.values import STORED, Asked, as_sums, finished_sums, quantile_values
from kpi.copying import copy_frame
from kpi.loading import load_touched
from kpi.models import Run
from kpi.packing import unpack
from kpi.publication import beside, without_rows
from kpi.question import Seen, asked, part_for
from kpi.storing import copy_values, one_at_a_time, write_beside

CELL = ("measure", "period", "scope", *DIMENSIONS)


def patch(run: Run, reference: Reference, now: Seen) -> Run:
    """Add the messages that there are now to a run that ``grows``; the run stays current, its version goes up."""
    began = timezone.now()
    touched, before, after = load_touched(run.last_message_id, now.last_message_id)
    question = asked(run)
    new, old = (part_for(run, records, reference, touched) for records in (after, before))
    change = together([new, negated(old)])
    with transaction.atomic():
        one_at_a_time()
        rest = unpack(Run.objects.select_for_update().get(pk=run.pk).rest.content)
        whole = together([rest, replace(change, sums=without_rows(change.sums))])
        difference = _write_cells(run, change.sums, whole.sums.points, question)
        write_beside(run, beside(whole, question))
        fields = asdict(now) | {"started_at": began, "finished_at": timezone.now()}
        fields |= {"version": run.version + 1, "values_count": run.values_count + difference}
        Run.objects.filter(pk=run.pk).update(**fields)
    run.refresh_from_db()
    return run


def seen_again(run: Run) -> Run:
    """Nothing came since: the figures are those of now."""
    now = timezone.now()
    Run.objects.filter(pk=run.pk).update(started_at=now, finished_at=now)
    run.refresh_from_db()
    return run


def _write_cells(run: Run, change: Sums, points: pd.DataFrame, question: Asked) -> int:
    """Write anew every cell that changed; how many more rows there are now."""
    added_up = _cells(change.labelled())
    measured = _cells(quantile_values(change.points.assign(cases=1), question))
    with connection.cursor() as cursor:
        _note(cursor, added_up)
        sums = finished_sums(
            sums_together([as_sums(_stored(cursor, run)), replace(change, points=no_points())]), question
        )
        again = _within(quantile_values(_bearing(points, change.points), question), measured)
        _note(cursor, pd.concat([added_up, measured], ignore_index=True))
        cursor.execute(f"DELETE FROM {value_table.partition(run.pk)} v USING cell c WHERE {_same('v', 'c')}")
        gone = cursor.rowcount
        rows = pd.concat([sums, again], ignore_index=True)
        copy_values(cursor, run, rows)
        cursor.execute("DROP TABLE cell")
    return len(rows) - gone


def _cells(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[list(CELL)].astype("str").drop_duplicates(ignore_index=True)


def _bearing(points: pd.DataFrame, changed: pd.DataFrame) -> pd.DataFrame:
    """The points of the measures that changed."""
    return points[points["measure"].isin(changed["measure"].unique())]


def _within(rows: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    return rows.merge(cells, on=list(CELL))[list(STORED)]


def _note(cursor: Any, cells: pd.DataFrame) -> None:
    """The cells as the temporary table ``cell``."""
    columns = ", ".join(f"{name} text" for name in CELL)
    cursor.execute(f"DROP TABLE IF EXISTS cell; CREATE TEMP TABLE cell ({columns}) ON COMMIT DROP")
    copy_frame(cursor, "cell", cells)
    cursor.execute("ANALYZE cell")


def _same(one: str, other: str) -> str:
    return " AND ".join(f"{one}.{name} = {other}.{name}" for name in CELL)


def _stored(cursor: Any, run: Run) -> pd.DataFrame:
    """The rows (STORED) of the noted cells."""
    whole = [name for name in STORED if name not in (*CELL, "detail", "shown", "value")]
    columns = [*CELL, "detail", *whole]
    cursor.execute(
        f"SELECT {', '.join(f'v.{name}' for name in columns)} FROM {value_table.partition(run.pk)} v"
        f" JOIN cell c ON {_same('v', 'c')}"
    )
    rows = pd.DataFrame(cursor.fetchall(), columns=columns, dtype=object)
    texts = {name: rows[name].astype("str") for name in (*CELL, "detail")}
    numbers = {name: rows[name].fillna(NO_NUMBER).astype(np.int64) for name in whole}
    return pd.DataFrame({**texts, **numbers})
