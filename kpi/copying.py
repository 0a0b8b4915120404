"""From a frame to a table: COPY in Postgres's text format, each different value of a column worded once."""

import io
from typing import Any

import numpy as np
import pandas as pd

from kpi.calc.frames import NO_NUMBER
from messaging.berichten.records import NULL, SPECIAL


def copy_frame(cursor: Any, table: str, frame: pd.DataFrame, *, millionths: str = "") -> None:
    """Add the rows of a frame to a table with its columns; NO_NUMBER becomes NULL.

    ``millionths``: the column of whole numbers that the table has as a decimal.
    """
    if frame.empty:
        return
    columns = [_worded(column, "e-6" if name == millionths else "") for name, column in frame.items()]
    rows = "\n".join(map("\t".join, zip(*columns, strict=True)))
    cursor.copy_expert(f"COPY {table} ({', '.join(frame)}) FROM STDIN", io.BytesIO(f"{rows}\n".encode()))


def _worded(column: pd.Series, ending: str) -> list[str]:
    codes, different = pd.factorize(column)
    words = [NULL if value == NO_NUMBER else f"{value}".translate(SPECIAL) + ending for value in different.tolist()]
    found: list[str] = np.asarray(words, dtype=object)[codes].tolist()
    return found
