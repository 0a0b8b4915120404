"""The export table of contracts: columns in fixed order, text-sorted by its key."""

import numpy as np
import pandas as pd

from kpi.calc.frames import NO_NUMBER, VALUES

KEY = [name for name, kind in VALUES.items() if kind == "text"]
MILLION = 1_000_000


def export_table(values: pd.DataFrame) -> pd.DataFrame:
    """Values (contract VALUES) as text, ready to be written; missing numbers are empty."""
    table = values.astype(dict.fromkeys(KEY, "str")).sort_values(KEY, kind="stable", ignore_index=True)
    for name in ("numerator", "denominator"):
        table[name] = np.where(table[name] == NO_NUMBER, "", table[name].astype("str"))
    table["value"] = [_decimal(value) for value in table["value"].tolist()]
    return table[list(VALUES)]


def _decimal(millionths: int) -> str:
    sign = "-" if millionths < 0 else ""
    whole, rest = divmod(abs(millionths), MILLION)
    return f"{sign}{whole}.{rest:06d}"
