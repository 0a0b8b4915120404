"""Which messages and records were rejected: "as if never sent" (indicators, 2.2)."""

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from kpi.calc.frames import Records

HARMLESS = {"0200", "0233", "8001"}
RECORD_RETURNS = ("302", "306", "308", "316", "318", "320")
KEYS = {
    "301": ["toewijzing_nummer", "begindatum", "sleutel"],
    "305": ["toewijzing_nummer", "categorie", "code", "begindatum", "status_aanlevering"],
    "307": [
        *("toewijzing_nummer", "categorie", "code", "begindatum", "status_aanlevering"),
        *("reden_beeindiging", "einddatum"),
    ],
    "315": ["referentie_aanbieder"],
}


def rejecting(codes: pd.Series) -> pd.Series:
    """Whether a space-separated list of return codes holds one that rejects."""
    verdict = {text: not HARMLESS.issuperset(text.split()) for text in codes.unique()}
    return codes.map(verdict).astype(bool)


def latest_returns(messages: pd.DataFrame, soorten: Collection[str]) -> pd.DataFrame:
    """The return that counts per link: the latest, of one day the one with the highest number; never by arrival."""
    returns = messages[messages["soort"].astype(str).isin(list(soorten))]
    returns = returns.assign(own=returns["retour_identificatie"].astype("str"))
    return returns.sort_values(["link", "datum", "own"], kind="stable").drop_duplicates("link", keep="last")


@dataclass(frozen=True)
class Returns:
    """``latest``: the return that counts per link, with columns link, soort, datum, whole (rejected as a whole),
    any (whole or any record). ``records``: rejected 2.x records (link and their key columns)."""

    latest: pd.DataFrame
    records: pd.DataFrame

    def whole(self) -> pd.Series:
        return self.latest["link"][self.latest["whole"]]


def judge(records: Records) -> Returns:
    """The verdict of the latest return on every answered message that is no claim."""
    messages = records.messages
    latest = latest_returns(messages, RECORD_RETURNS)
    lines = records.retour_regels.merge(latest[["message_id", "link", "release"]], on="message_id")
    bad = rejecting(lines["retourcodes"].astype(str))
    two = lines["release"].astype(str).str.startswith("2.")
    skipped = lines["retourcodes"].astype(str).str.contains("0233", regex=False)
    header = rejecting(latest["retourcodes_header"].astype(str)) | rejecting(latest["retourcodes_overig"].astype(str))
    whole = header | latest["link"].isin(lines.loc[bad & ~two, "link"])
    single = lines[two & (bad | skipped) & ~lines["link"].isin(latest.loc[whole, "link"])]
    verdict = latest[["link", "soort", "datum"]].assign(whole=whole, any=whole | latest["link"].isin(single["link"]))
    return Returns(verdict, single)


def accepted(frame: pd.DataFrame, returns: Returns, soort: str) -> pd.DataFrame:
    """The records of a message type that were not rejected; ``frame`` has link and the type's key columns."""
    kept = frame[~frame["link"].isin(returns.whole())]
    single = returns.records[returns.records["link"].isin(kept["link"])]
    if single.empty or soort not in KEYS:
        return kept
    keys = ["link", *KEYS[soort]]
    marked = kept.merge(
        single[keys].drop_duplicates().astype(kept[keys].dtypes.to_dict()), on=keys, how="left", indicator=True
    )
    return marked[marked["_merge"] == "left_only"].drop(columns="_merge")
