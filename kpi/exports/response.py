"""Tables as a file to take along: CSV of one of them or a workbook of all. Every one is logged."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import slugify

from accounts.audit import record
from kpi.exports.delimited import to_csv
from kpi.exports.notes import Block, notes, notes_of_messages
from kpi.exports.table import Table
from kpi.exports.workbook import to_xlsx
from kpi.pages import View
from kpi.selection import Selection

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ONE_TABLE = "tabel"  # the parameter of an address that names one of the tables


class Asked(Protocol):
    """What a file must know of what was asked: of which period, for its name, for the log and for who reads it."""

    @property
    def period(self) -> str: ...

    @property
    def in_name(self) -> Sequence[str]: ...

    def detail(self) -> Mapping[str, Any]: ...

    def blocks(self, tables: Sequence[Table], made_at: dt.datetime) -> list[Block]: ...


@dataclass(frozen=True)
class Question:
    """What was asked: ``filters`` in words for who reads the file, ``in_name`` for its name, ``logged`` for the log.

    What was searched for is in neither of the last: somebody may type a name there.
    """

    view: View
    selection: Selection
    filters: Sequence[tuple[str, str]]
    in_name: Sequence[str]
    logged: Mapping[str, str]

    @property
    def period(self) -> str:
        return self.selection.period.label

    def detail(self) -> Mapping[str, Any]:
        return {"berekening": self.view.run.pk, **self.logged}

    def blocks(self, tables: Sequence[Table], made_at: dt.datetime) -> list[Block]:
        return notes(self.view, self.selection, tables, made_at=made_at, filters=self.filters)


@dataclass(frozen=True)
class OfMessages:
    """The same of tables that count messages: up to the month ``period``, of no run."""

    period: str
    filters: Sequence[tuple[str, str]]
    logged: Mapping[str, str]

    @property
    def in_name(self) -> Sequence[str]:
        return (self.period, *(value for name, value in self.logged.items() if name != "tot"))

    def detail(self) -> Mapping[str, Any]:
        return self.logged

    def blocks(self, tables: Sequence[Table], made_at: dt.datetime) -> list[Block]:
        return notes_of_messages(tables, made_at=made_at, filters=self.filters)


def file_response(request: HttpRequest, kind: str, name: str, tables: Sequence[Table], question: Asked) -> HttpResponse:
    """The tables of the page ``name``, or the one that the address names; in CSV always one, by default the first.

    Raises Http404 where there is no such table, as on the page.
    """
    wanted = request.GET.get(ONE_TABLE, "")
    found = [table for table in tables if not wanted or table.name == wanted]
    if not found:
        raise Http404
    found = found[:1] if kind == "csv" else found
    what = "-".join(filter(None, (name, wanted)))
    _log(request, kind, f"{what} {question.period}", found, question)
    return attachment(kind, what, found, question)


def attachment(kind: str, name: str, tables: Sequence[Table], question: Asked) -> HttpResponse:
    """The tables as a file; whoever calls this has logged it."""
    named = slugify("-".join(("sdf", name, *question.in_name)))
    return HttpResponse(
        _content(kind, tables, question),
        content_type=CONTENT_TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{named}.{kind}"'},
    )


def _content(kind: str, tables: Sequence[Table], question: Asked) -> bytes:
    if kind == "csv":
        return to_csv(tables[0])
    return to_xlsx(tables, question.blocks(tables, timezone.now()))


def _log(request: HttpRequest, kind: str, subject: str, tables: Sequence[Table], question: Asked) -> None:
    rows = sum(len(table.rows) for table in tables)
    record(by=request.user, action=f"export {kind}", subject=subject, rijen=rows, **question.detail())
