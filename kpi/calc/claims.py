"""Counted claim lines and what was granted on them (indicators, 2.7 and 2.8)."""

import numpy as np
import pandas as pd

from kpi.calc.allocations import KEY, UNKNOWN, with_catalogue
from kpi.calc.frames import NO_NUMBER, Records, Reference
from kpi.calc.returns import latest_returns, rejecting

CLAIM_RETURNS = ("304", "325")
LINE = ["wet", "provider", "referentie_nummer"]


def claim_answers(records: Records) -> pd.DataFrame:
    """The latest answer per claim: link, datum, soort, whole (rejected as a whole), its message_id as ``answer``."""
    latest = latest_returns(records.messages, CLAIM_RETURNS)
    header = rejecting(latest["retourcodes_header"].astype(str))
    whole = header | rejecting(latest["retourcodes_antwoord"].astype(str))
    return latest[["link", "datum", "soort"]].assign(whole=whole, answer=latest["message_id"])


def claim_lines(records: Records, reference: Reference, allocations: pd.DataFrame) -> pd.DataFrame:
    """Counted lines: dimensions, client, begindatum, claim_day (message date), ``ingediend`` and ``toegekend``
    (signed eurocents), ``debit``, ``refused``; credits take back at most what their debit was granted."""
    lines = _lines(records)
    answers = claim_answers(records)
    lines = lines.merge(answers, on="link", how="left")
    lines["whole"] = lines["whole"].fillna(False).astype(bool)
    lines["answered"] = lines["answer"].notna()
    counted = lines[~lines["whole"]].reset_index(drop=True)
    counted["toegekend"] = _granted(counted, records)
    counted["toegekend"] = _capped(counted, lines.loc[lines["whole"], LINE])
    counted["refused"] = counted["answered"] & (counted["toegekend"] == 0) & (counted["ingediend"] != 0)
    dressed = with_catalogue(counted, reference.catalogue, "begindatum")
    owners = allocations[[*KEY, "client", "referrer"]].rename(columns={"gemeente": "municipality"})
    dressed = dressed.merge(owners, on=["wet", "municipality", "toewijzing_nummer", "client"], how="left")
    dressed["referrer"] = dressed["referrer"].fillna(UNKNOWN).astype("str")
    return dressed


def _lines(records: Records) -> pd.DataFrame:
    columns = ["message_id", "wet", "gemeente", "aanbieder", "dagtekening", "link"]
    lines = records.prestaties.merge(records.messages[columns], on="message_id")
    lines = lines.rename(columns={"gemeente": "municipality", "aanbieder": "provider", "dagtekening": "claim_day"})
    for column in ("wet", "municipality", "provider", "categorie", "code", "referentie_nummer"):
        lines[column] = lines[column].astype("str")
    lines["vorig_referentie_nummer"] = lines["vorig_referentie_nummer"].astype("str")
    lines["debit"] = lines["debet_credit"].astype(str) == "D"
    lines["ingediend"] = np.where(lines["debit"], lines["bedrag"], -lines["bedrag"]).astype(np.int64)
    return lines


def _granted(lines: pd.DataFrame, records: Records) -> pd.Series:
    """What the answer itself grants on each line, before credits are held against their debits."""
    listed = records.antwoord_regels.rename(columns={"message_id": "answer"})
    listed = listed.assign(referentie_nummer=listed["referentie_nummer"].astype("str"))
    listed = listed.sort_values(["answer", "regel"]).drop_duplicates(["answer", "referentie_nummer"])
    codes = listed["retourcodes"].astype(str) + " " + listed["retourcodes_client"].astype(str)
    verdict = {text: set(text.split()) <= {"0200", "8001"} for text in codes.unique()}
    sign = np.where(listed["toegekend_debet_credit"].astype(str) == "C", -1, 1)
    amount = listed["toegekend_bedrag"].where(listed["toegekend_bedrag"] != NO_NUMBER, 0) * sign
    listed = listed[["answer", "referentie_nummer"]].assign(
        own=amount, clean=codes.map(verdict).astype(bool), listed=True
    )
    lines = lines.assign(answer=lines["answer"].fillna(-1).astype("int64"))
    found = lines[["answer", "referentie_nummer", "soort", "ingediend", "answered"]].merge(
        listed, on=["answer", "referentie_nummer"], how="left"
    )
    is_listed = found["listed"].fillna(False).astype(bool)
    in_325 = found["soort"].astype(str) == "325"
    zero = is_listed & in_325 & ~found["clean"].fillna(False).astype(bool)
    own = is_listed & ~in_325
    granted = found["ingediend"].where(~own, found["own"].fillna(0).astype("int64"))
    return granted.where(found["answered"] & ~zero, 0).astype("int64")


def _capped(lines: pd.DataFrame, rejected: pd.DataFrame) -> pd.Series:
    """Granted amounts in which all credits of one debit together take back at most what was granted on it."""
    granted = lines["toegekend"].copy()
    credits = lines[~lines["debit"] & (lines["toegekend"] != 0)]
    if credits.empty:
        return granted
    debits = lines[lines["debit"]].groupby(LINE, observed=True)["toegekend"].sum().rename("room").reset_index()
    known = pd.concat([debits, rejected.drop_duplicates().assign(room=0)]).drop_duplicates(LINE)
    known = known.rename(columns={"referentie_nummer": "vorig_referentie_nummer"})
    key = ["wet", "provider", "vorig_referentie_nummer"]
    found = credits[[*key, "claim_day", "referentie_nummer", "toegekend"]].reset_index(names="line")
    found = found.merge(known, on=key).sort_values([*key, "claim_day", "referentie_nummer", "line"], kind="stable")
    asked = -found["toegekend"]
    before = asked.groupby([found[name] for name in key], observed=True).cumsum() - asked
    room = np.maximum((found["room"] - before).to_numpy(), 0)
    granted.loc[found["line"]] = -np.minimum(asked.to_numpy(), room)
    return granted
