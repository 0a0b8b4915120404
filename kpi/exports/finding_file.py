"""The single findings of one check as a file: at once, or when they are many by the worker."""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

from django.utils import timezone

from accounts.models import User
from accounts.roles import Permission
from accounts.scope import Scope
from kpi import as_of, finding_list, narrowing, selectors
from kpi.actions import state_on
from kpi.calc.checks import BY_CODE, Check
from kpi.exceptions import ExportError
from kpi.exports import whole
from kpi.exports.delimited import write_csv
from kpi.exports.long import NO_CHOICE, OTHER_RIGHTS, parameters, run_of
from kpi.exports.notes import chosen as chosen_filters
from kpi.exports.response import Question as FileQuestion
from kpi.exports.workbook import write_xlsx
from kpi.filters import FindingFilter
from kpi.findings_page import Question
from kpi.pages import view_of

CHECK = "bevinding"  # the name under which an export keeps which check it is about
MOST_ROWS = finding_list.SHOWN  # what a page shows whole; more of them are not waited for


def in_file(page_filter: FindingFilter, question: Question, today: dt.date) -> FileQuestion:
    """What a file says of what was asked."""
    selection = question.selection
    view = view_of(question.scope, question.run, now=today)
    filters = [*chosen_filters(view, selection, narrowing.not_followed(page_filter.ignored))]
    in_name = (selection.period.label, *selection.chosen.values())
    return FileQuestion(view, selection, filters, in_name, selection.chosen)


def write(
    path: Path,
    *,
    kind: str,
    by: User,
    scope: Scope,
    period: str,
    chosen: Mapping[str, str],
    counted: Callable[[int], None],
    progress: Callable[[int], None],
) -> int:
    """Write the findings and give their number.

    ``counted`` hears how many rows there will be, ``progress`` how many are done; what they raise ends the work.
    Raises ExportError when the figures, a choice or the rights are no longer there.
    """
    if by.scope != scope or not by.may(Permission.SEE_CASES):
        raise ExportError(OTHER_RIGHTS)
    check, page_filter, question = _asked(scope, period, chosen)
    table = finding_list.table(check, finding_list.rows_of(question, check, state_on(question.run.as_of)))
    counted(len(table.rows))
    rows = whole.with_progress(table.rows, progress)
    if kind == "csv":
        write_csv(path, table.heads, rows)
    else:
        now = timezone.localtime()
        write_xlsx(path, table, rows, in_file(page_filter, question, now.date()).blocks([table], now))
    return len(table.rows)


def _asked(scope: Scope, period: str, chosen: Mapping[str, str]) -> tuple[Check, FindingFilter, Question]:
    """What was asked, as it stands today; a choice that is there no more would make it wider."""
    run, check = run_of(chosen), BY_CODE.get(chosen.get(CHECK, ""))
    fields = {name: value for name, value in chosen.items() if name != CHECK}
    page_filter = FindingFilter(parameters(fields) | {"periode": period}, scope=scope, run=run)
    if check is None or not page_filter.form.is_valid() or page_filter.ignored:
        raise ExportError(NO_CHOICE)
    selection = page_filter.selection().at(known_on=as_of.chosen(chosen))
    return check, page_filter, Question(scope, run, selection, selectors.names())
