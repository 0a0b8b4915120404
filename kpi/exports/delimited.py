"""CSV as Dutch spreadsheets read it: semicolons, decimal commas, UTF-8 with a byte order mark."""

import csv
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import TextIO

from kpi.calc.definition import Unit
from kpi.cells import Quantity
from kpi.exports.table import Cell, Table
from kpi.wording import shown
from sdf_portal.spreadsheets import harmless

DECIMALS = {Unit.COUNT: 0, Unit.RATIO: 4, Unit.WEIGHT: 4}
FINE_DECIMALS = 2
ENCODING = "utf-8-sig"


def to_csv(table: Table) -> bytes:
    """The table as a file. A share is in percent and an amount in euro, without thousand separators."""
    out = StringIO()
    _write(out, table.heads, table.rows)
    return out.getvalue().encode(ENCODING)


def write_csv(path: Path, heads: Iterable[str], rows: Iterable[tuple[Cell, ...]]) -> None:
    """The same, row by row, at a path."""
    with path.open("w", encoding=ENCODING, newline="") as out:
        _write(out, heads, rows)


def _write(out: TextIO, heads: Iterable[str], rows: Iterable[tuple[Cell, ...]]) -> None:
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(harmless(head) for head in heads)
    writer.writerows(map(written, row) for row in rows)


def written(cell: Cell) -> str:
    """A cell as text; what is unknown is empty."""
    if cell is None:
        return ""
    if isinstance(cell, Quantity):
        return f"{shown(cell.value, cell.unit):.{DECIMALS.get(cell.unit, FINE_DECIMALS)}f}".replace(".", ",")
    return harmless(cell) if isinstance(cell, str) else str(cell)
