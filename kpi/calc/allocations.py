"""Allocations: the version that counts, its origin, its place in the catalogue (indicators, 2.3 and section 1)."""

import numpy as np
import pandas as pd

from kpi.calc.frames import NO_DAY, NO_NUMBER, OPEN, Records, Reference
from kpi.calc.returns import Returns, accepted

KEY = ["wet", "gemeente", "toewijzing_nummer"]
UNKNOWN = "onbekend"
REFERRERS = {
    "01": "gemeente",
    **dict.fromkeys(("02", "03"), "huisarts"),
    "04": "gi",
    **dict.fromkeys(("05", "06", "08"), "overig"),
}
ASSUMED = "gemeente"  # an allocation without a request; the portal says "aangenomen"


def allocations(records: Records, reference: Reference, returns: Returns) -> pd.DataFrame:
    """One row per non-void allocation: KEY, client, provider, dates of the last version, product, domain, kind,
    delivery_form, weight, tariff and price of the catalogue, referrer, ``first_301`` (day)."""
    every = versions(records, returns)
    last = every.drop_duplicates(KEY, keep="last").copy()
    first = every.groupby(KEY, observed=True)["dagtekening"].min().rename("first_301")
    origin = every[every["referentie_aanbieder"] != ""].drop_duplicates(KEY)[[*KEY, "referentie_aanbieder"]]
    last = last.drop(columns="referentie_aanbieder").merge(first, on=KEY).merge(origin, on=KEY, how="left")
    last["referentie_aanbieder"] = last["referentie_aanbieder"].fillna("")
    last = last[~_void(last)].reset_index(drop=True)
    last["einddatum"] = last["einddatum"].where(last["einddatum"] != NO_DAY, OPEN).astype(np.int32)
    last["referrer"] = _referrer(last, records, returns)
    return with_catalogue(last, reference.catalogue, "ingangsdatum")


def versions(records: Records, returns: Returns) -> pd.DataFrame:
    """Every accepted version of every allocation, in the order in which they replace each other."""
    columns = ["message_id", "wet", "gemeente", "aanbieder", "identificatie", "dagtekening", "link", "release"]
    frame = records.toewijzingen.merge(records.messages[columns], on="message_id")
    frame = frame[frame["toewijzing_nummer"] != NO_NUMBER]
    frame = frame.assign(begindatum=frame["toewijzingsdatum"], sleutel=frame["toewijzingstijd"].astype(str))
    for column in ("wet", "gemeente", "aanbieder", "identificatie", "release", "categorie", "code", "reden_wijziging"):
        frame[column] = frame[column].astype("str")
    frame["referentie_aanbieder"] = frame["referentie_aanbieder"].astype("str")
    frame = accepted(frame, returns, "301")
    order = [*KEY, "toewijzingsdatum", "sleutel", "dagtekening", "identificatie", "regel"]
    return frame.sort_values(order, kind="stable")


def _void(last: pd.DataFrame) -> pd.Series:
    """Taken back: reason 13, or up to release 3.0 reason 01 with equal dates."""
    early = last["release"].str.startswith("2.") | (last["release"] == "3.0")
    return (last["reden_wijziging"] == "13") | (
        early & (last["reden_wijziging"] == "01") & (last["einddatum"] == last["ingangsdatum"])
    )


def _referrer(last: pd.DataFrame, records: Records, returns: Returns) -> pd.Series:
    """The referrer group of each allocation's first reference."""
    columns = ["message_id", "wet", "aanbieder", "soort", "dagtekening", "identificatie", "link"]
    requests = records.verzoeken.merge(records.messages[columns], on="message_id")
    requests = requests[requests["soort"].astype(str) == "315"]
    for column in ("wet", "aanbieder", "identificatie", "verwijzer_type", "referentie_aanbieder"):
        requests[column] = requests[column].astype("str")
    requests = accepted(requests, returns, "315").sort_values(["dagtekening", "identificatie", "regel"], kind="stable")
    key = ["wet", "aanbieder", "referentie_aanbieder"]
    found = last[key].merge(requests.drop_duplicates(key)[[*key, "verwijzer_type"]], on=key, how="left")
    group = found["verwijzer_type"].map(REFERRERS).fillna(UNKNOWN)
    return group.where(last["referentie_aanbieder"].to_numpy() != "", ASSUMED).astype("str").set_axis(last.index)


def with_catalogue(frame: pd.DataFrame, catalogue: pd.DataFrame, day: str) -> pd.DataFrame:
    """``frame`` with the catalogue row valid on its ``day``: domain, kind, delivery_form, unit, weight, tariff,
    arrangement_price; ``onbekend`` and NO_NUMBER without one. Adds ``product`` as law:category:code."""
    rows = catalogue.copy()
    for column in ("wet", "categorie", "code", "domain", "kind", "delivery_form", "unit"):
        rows[column] = rows[column].astype("str")
    rows["valid_to"] = rows["valid_to"].where(rows["valid_to"] != NO_DAY, OPEN)
    keyed = frame[["wet", "categorie", "code", day]].reset_index(drop=True).reset_index(names="row")
    matched = keyed.merge(rows, on=["wet", "categorie", "code"])
    matched = matched[(matched["valid_from"] <= matched[day]) & (matched[day] <= matched["valid_to"])]
    matched = matched.sort_values(["row", "valid_from"], kind="stable").drop_duplicates("row", keep="last")
    found = matched.set_index("row").reindex(range(len(frame)))
    result = frame.reset_index(drop=True)
    for column in ("domain", "kind", "delivery_form"):
        filled = found[column].fillna(UNKNOWN)
        result[column] = filled.where(filled != "", UNKNOWN).astype("str")
    result["unit"] = found["unit"].fillna("").astype("str")
    for column in ("weight", "tariff", "tariff_per", "arrangement_price"):
        result[column] = found[column].astype("Int64").fillna(NO_NUMBER).astype("int64")
    result["product"] = (result["wet"] + ":" + result["categorie"] + ":" + result["code"]).astype("str")
    return result
