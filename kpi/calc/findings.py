"""Data-quality findings: one by one for a list, or counted per month, municipality and provider."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kpi.calc.checks import CHECKS, Check
from kpi.calc.checks.claims import BEGUN, CLAIM_MONTH, DELIVERED, month_of, month_tallies
from kpi.calc.checks.frame import EXAMINED, MUNICIPALITY, PROVIDER, SOUND
from kpi.calc.frames import Contract, check, empty
from kpi.calc.periods import Period
from kpi.calc.state import State
from kpi.calc.sums import added

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
TALLY_KEYS = ("kind", "wet", "month", "municipality", "provider")
TALLY_NUMBERS = ("examined", "by_municipality", "by_provider")
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
    return counted(tallies(state), months)


def tallies(state: State) -> pd.DataFrame:
    """TALLY_KEYS and TALLY_NUMBERS: what every check examined and found among the clients of a state's share.

    Whether a month without a claim is the provider's fault depends on what its municipality delivered of others too:
    that is tallied on its own, and decided when the parts are together.
    """
    tables = [_tallied(item, state) for item in CHECKS if item.code != CLAIM_MONTH]
    tables += [table.assign(kind=kind) for kind, table in month_tallies(state).items()]
    filled = pd.concat(tables, ignore_index=True).reindex(columns=[*TALLY_KEYS, *TALLY_NUMBERS])
    texts = dict.fromkeys(("kind", "wet", *PLACE), "")
    whole = dict.fromkeys(TALLY_NUMBERS, 0)
    dtypes = {**dict.fromkeys(texts, "str"), "month": "int64", **dict.fromkeys(whole, "int64")}
    return added(filled.fillna({**texts, **whole}).astype(dtypes), TALLY_KEYS, TALLY_NUMBERS)


def _tallied(item: Check, state: State) -> pd.DataFrame:
    rows = item.examine(state)
    parties = {f"by_{name}": (rows["party"] == party).astype("int64") for name, party in PARTY_NAMES}
    return rows[PLACE].assign(kind=item.code, month=month_of(rows["day"].to_numpy()), examined=1, **parties)


def counted(tallied: pd.DataFrame, months: Sequence[Period]) -> pd.DataFrame:
    """COUNTS in the months given (adjoining, in order) from the tallies of all clients together."""
    if not months:
        return empty(COUNTS)
    numbers = month_of(np.array([month.first for month in months]))
    labels = dict(zip(numbers.tolist(), (month.label for month in months), strict=True))
    plain = tallied[~tallied["kind"].isin([CLAIM_MONTH, DELIVERED, BEGUN])]
    rows = pd.concat([plain, _judged(tallied)], ignore_index=True)
    rows = rows[(rows["month"] >= numbers[0]) & (rows["month"] <= numbers[-1])]
    summed = added(rows, ["kind", "month", *PLACE], TALLY_NUMBERS)
    dtypes = {name: "str" if kind == "text" else "int64" for name, kind in COUNTS.items()}
    return check(summed.assign(month=summed["month"].map(labels)).astype(dtypes), COUNTS, "counts")


def _judged(tallied: pd.DataFrame) -> pd.DataFrame:
    """The tallies of months without a claim: none before the municipality delivered any, and whose fault they are."""
    place, kinds = ["wet", "municipality"], tallied["kind"]
    months = (
        tallied.loc[kinds == CLAIM_MONTH, :].rename(columns={"by_provider": "missing"}).drop(columns="by_municipality")
    )
    first = tallied.loc[kinds == BEGUN, :].groupby(place)["month"].min().rename("first").reset_index()
    months = months.merge(first, on=place)
    months = months[months["month"] >= months["first"]]
    delivered = tallied.loc[kinds == DELIVERED, [*place, "month"]].assign(delivered=True)
    months = months.merge(delivered, on=[*place, "month"], how="left")
    known = months["delivered"].notna().to_numpy()
    missing = months["missing"].to_numpy(np.int64)
    return months.assign(by_municipality=np.where(known, 0, missing), by_provider=np.where(known, missing, 0))
