"""XLSX: each table with typed cells on a sheet of its own, what belongs beside them on the last."""

import re
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from itertools import count, islice
from pathlib import Path
from typing import Any

import xlsxwriter

from kpi.calc.definition import Unit
from kpi.cells import Quantity
from kpi.exports.notes import Block
from kpi.exports.table import Cell, Table
from kpi.lights import LOOKS
from kpi.wording import shown

NUMBER_FORMATS = {
    Unit.PERCENT: "0.0%",
    Unit.COUNT: "#,##0",
    Unit.RATIO: "0.00",
    Unit.DAYS: "0.0",
    Unit.WORKDAYS: "0.0",
    Unit.EURO: "€ #,##0.00",
    Unit.WEIGHT: "0.00",
}
# The colours of the lights on the pages; the word stays, so that no meaning hangs on them.
COLOURS = {"groen": "#1a7f37", "oranje": "#b35900", "rood": "#b00020"}
NARROWEST, WIDEST = 9, 48  # characters
STREAMED_WIDTH = 18
MOST_ROWS = 1_000_000  # on a sheet; the format itself ends at 1,048,576
LONGEST_NAME, FORBIDDEN = 31, re.compile(r"[\[\]:*?/\\]")  # of a sheet
NOTE_WIDTHS = (28, 44, 40, 44, 40, 44)


def to_xlsx(tables: Sequence[Table], blocks: Sequence[Block]) -> bytes:
    """The workbook as bytes, a sheet per table. Texts are written as texts, whatever they look like."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"title": tables[0].title})
        for table, name in zip(tables, sheet_names(tables), strict=True):
            _figures(book, table, name)
        _notes(book, blocks)
    return out.getvalue()


def sheet_names(tables: Sequence[Table]) -> list[str]:
    """A name per sheet: what the table is called, within what a workbook allows, each once."""
    if len(tables) == 1:
        return ["Cijfers"]
    names: list[str] = []
    for table in tables:
        name = FORBIDDEN.sub(" ", table.name.replace("-", " ")).capitalize()[:LONGEST_NAME].strip()
        names.append(f"{name[: LONGEST_NAME - 3]} {len(names) + 1}" if name in names else name)
    return names


def write_xlsx(path: Path, table: Table, rows: Iterable[tuple[Cell, ...]], blocks: Sequence[Block]) -> None:
    """The workbook as a file, with rows that are held no longer than one; what does not fit goes to a next sheet."""
    options = {"constant_memory": True, "tmpdir": str(path.parent)}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": table.title})
        _notes(book, blocks)
        source = iter(rows)
        for number in count(1):
            if not _sheet_of(book, f"Cijfers {number}", table.heads, islice(source, MOST_ROWS)):
                return


def _sheet_of(book: xlsxwriter.Workbook, name: str, heads: Sequence[str], rows: Iterable[tuple[Cell, ...]]) -> bool:
    """Whether the sheet is full, so that there may be more rows."""
    sheet = book.add_worksheet(name)
    sheet.set_column(0, len(heads) - 1, STREAMED_WIDTH)
    sheet.freeze_panes(1, 0)
    _heads(book, sheet, heads)
    put, number = _writer(book, sheet), 0
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            put(number, column, cell)
    sheet.autofilter(0, 0, max(number, 1), len(heads) - 1)
    return number == MOST_ROWS


def _heads(book: xlsxwriter.Workbook, sheet: Any, heads: Sequence[str]) -> None:
    look = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#f4f6f8"})
    for column, text in enumerate(heads):
        sheet.write_string(0, column, text, look)


def _figures(book: xlsxwriter.Workbook, table: Table, name: str) -> None:
    sheet = book.add_worksheet(name)
    _heads(book, sheet, table.heads)
    put = _writer(book, sheet)
    for number, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            put(number, column, cell)
    for column in range(len(table.heads)):
        sheet.set_column(column, column, _width(row[column] for row in table.rows))
    sheet.freeze_panes(1, 2)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.repeat_rows(0)


def _writer(book: xlsxwriter.Workbook, sheet: Any) -> Callable[[int, int, Cell], None]:
    formats = {unit: book.add_format({"num_format": text}) for unit, text in NUMBER_FORMATS.items()}
    lights = {
        word: book.add_format({"bold": True, "font_color": COLOURS[tone]})
        for tone, word in LOOKS.values()
        if tone in COLOURS
    }

    def put(row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, Quantity):
            value = cell.value if cell.unit == Unit.PERCENT else shown(cell.value, cell.unit)
            sheet.write_number(row, column, value, formats[cell.unit])
        elif isinstance(cell, int):
            sheet.write_number(row, column, cell, formats[Unit.COUNT])
        elif cell:
            sheet.write_string(row, column, cell, lights.get(cell))

    return put


def _width(cells: Any) -> int:
    longest = max((len(cell) for cell in cells if isinstance(cell, str)), default=0)
    return min(max(NARROWEST, longest + 2), WIDEST)


def _notes(book: xlsxwriter.Workbook, blocks: Sequence[Block]) -> None:
    sheet = book.add_worksheet("Toelichting")
    title, head = book.add_format({"bold": True, "font_size": 14}), book.add_format({"bold": True, "bottom": 1})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    for column, width in enumerate(NOTE_WIDTHS):
        sheet.set_column(column, column, width)
    row = 0
    for block in blocks:
        sheet.write_string(row, 0, block.title, title)
        for column, name in enumerate(block.heads):
            sheet.write_string(row + 1, column, name, head)
        for number, cells in enumerate(block.rows, start=row + 2):
            for column, cell in enumerate(cells):
                sheet.write_string(number, column, cell, text)
        row += len(block.rows) + 3
    sheet.set_landscape()
    sheet.set_paper(9)
