"""The export table of contracts: columns in fixed order, text-sorted by its key."""

import numpy as np
import pandas as pd

from kpi.calc.frames import NO_NUMBER, VALUE_KEY

COLUMNS = [*VALUE_KEY, "numerator", "denominator", "value"]
MILLION = 1_000_000


def export_table(values: pd.DataFrame) -> pd.DataFrame:
    """Values (contract VALUES) as text, ready to be written; missing numbers are empty."""
    keys = list(VALUE_KEY)
    table = values.astype(dict.fromkeys(keys, "str")).sort_values(keys, kind="stable", ignore_index=True)
    fractions = table["fraction"].to_numpy()
    for name in ("numerator", "denominator"):
        table[name] = np.where(table[name] == NO_NUMBER, "", table[name].astype("str"))
    fine = fractions != 0
    table.loc[fine, "numerator"] += [f".{part:02d}".rstrip("0") for part in fractions[fine]]
    table["value"] = [_decimal(value) for value in table["value"].tolist()]
    return table[COLUMNS]


def _decimal(millionths: int) -> str:
    sign = "-" if millionths < 0 else ""
    whole, rest = divmod(abs(millionths), MILLION)
    return f"{sign}{whole}.{rest:06d}"
