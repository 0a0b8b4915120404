"""Data-quality findings: one by one for a list, or counted per month, municipality and provider."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from kpi.calc.checks import CHECKS, Check
from kpi.calc.checks.frame import EXAMINED, MUNICIPALITY, PROVIDER, SOUND
from kpi.calc.frames import Contract, check, empty
from kpi.calc.periods import Period
from kpi.calc.state import State

FINDINGS: Contract = {"kind": "text", **EXAMINED}
COUNTS: Contract = {
    "kind": "text",
    "month": "text",
    "municipality": "text",
    "provider": "text",
    "examined": "int",
    "by_municipality": "int",  # findings that the municipality can repair
    "by_provider": "int",
}
PLACE = ["municipality", "provider"]
PARTY_NAMES = (("municipality", MUNICIPALITY), ("provider", PROVIDER))


def findings(state: State, checks: Sequence[Check] = CHECKS) -> pd.DataFrame:
    """Everything that is wrong (FINDINGS), the latest first; what was examined and is right is left out."""
    tables = [empty(FINDINGS)]
    for item in checks:
        found = item.examine(state)
        tables.append(found[found["party"] != SOUND].assign(kind=item.code))
    order = ["day", "kind", *PLACE, "toewijzing_nummer", "message_id"]
    return check(
        pd.concat(tables).sort_values(order, ascending=False, kind="stable", ignore_index=True), FINDINGS, "findings"
    )


def counts(state: State, months: Sequence[Period]) -> pd.DataFrame:
    """COUNTS of every check in the months given (adjoining, in order)."""
    tables = list(_counted(state, months)) if months else []
    return check(pd.concat([empty(COUNTS), *tables], ignore_index=True), COUNTS, "counts")


def _counted(state: State, months: Sequence[Period]) -> Iterator[pd.DataFrame]:
    ends = np.array([month.last for month in months])
    labels = np.array([month.label for month in months], dtype=object)
    for item in CHECKS:
        rows = item.examine(state)
        rows = rows[(rows["day"] >= months[0].first) & (rows["day"] <= ends[-1])]
        parties = {f"by_{name}": rows["party"] == party for name, party in PARTY_NAMES}
        rows = rows[PLACE].assign(month=np.searchsorted(ends, rows["day"].to_numpy()), examined=1, **parties)
        summed = rows.groupby(["month", *PLACE], as_index=False).sum()
        yield summed.assign(kind=item.code, month=labels[summed["month"].to_numpy()]).astype(
            {name: "str" if kind == "text" else "int64" for name, kind in COUNTS.items()}
        )
