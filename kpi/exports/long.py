"""A long export as a file: all values of a period, with what a reader must know beside them."""

from collections.abc import Callable
from pathlib import Path

from django.utils import timezone

from accounts.scope import Scope
from kpi import selectors
from kpi.door import Asked
from kpi.exceptions import ExportError
from kpi.exports import whole
from kpi.exports.delimited import ENCODING, write_csv
from kpi.exports.notes import chosen as chosen_filters
from kpi.exports.notes import notes
from kpi.exports.workbook import write_xlsx
from kpi.filters import PageFilter, period_of
from kpi.models import Run

PARAMETERS = {"domain": "zorgdomein", "municipality": "gemeente", "provider": "aanbieder"}
WITH_PARTS = "Ook de maanden en kwartalen in deze periode"
NO_FIGURES = "Er zijn geen cijfers meer over deze periode. Kies een andere periode."


def write(
    path: Path,
    *,
    kind: str,
    scope: Scope,
    period: str,
    with_parts: bool,
    chosen: dict[str, str],
    counted: Callable[[int], None],
    progress: Callable[[int], None],
) -> int:
    """Write the values of the current run and give their number.

    ``with_parts``: of the months and quarters in the period too; ``counted`` hears how many rows there will be,
    ``progress`` how many are done; what they raise ends the work. Raises ExportError when there are no figures.
    """
    run = selectors.current_run()
    labels = labels_within(run, period, with_parts=with_parts) if run else []
    if run is None or not labels:
        raise ExportError(NO_FIGURES)
    values = whole.stored(scope, run, labels, chosen)
    total = values.count()
    counted(total)
    rows = whole.with_progress(whole.rows(values), progress)
    if kind == "csv":
        with path.open("w", encoding=ENCODING, newline="") as out:
            write_csv(out, whole.HEADS, rows)
        return total
    question = _question(scope, run, period, chosen)
    view = question.view()
    table = whole.table(f"Alle cijfers: {view.title(question.selection)}")
    filters = [*chosen_filters(view, question.selection), (WITH_PARTS, "ja" if with_parts else "nee")]
    blocks = notes(view, question.selection, [table], made_at=timezone.now(), filters=filters)
    write_xlsx(path, table, rows, blocks)
    return total


def labels_within(run: Run, period: str, *, with_parts: bool) -> list[str]:
    """The periods of an export that the run has: the one asked, and with its parts those that lie in it."""
    asked = period_of(period)
    inside = {
        label
        for label in selectors.labels_of(run)
        if asked.first <= period_of(label).first and period_of(label).last <= asked.last
    }
    return sorted(inside) if with_parts else [label for label in inside if label == period]


def _question(scope: Scope, run: Run, period: str, chosen: dict[str, str]) -> Asked:
    given = {PARAMETERS[name]: code for name, code in chosen.items()} | {"periode": period}
    page_filter = PageFilter(given, scope=scope, run=run)
    return Asked(scope, run, page_filter, page_filter.selection())
