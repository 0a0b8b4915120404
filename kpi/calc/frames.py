"""The frames that the calculation takes, and what their columns must be.

Days are int32 numbers since 1970-01-01 (``to_day``), so that date arithmetic is integer arithmetic; a missing
day is ``NO_DAY``. Amounts are int64 eurocents; a missing whole number is ``NO_NUMBER``. Text that is missing
is the empty string. Nothing else may be null.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from kpi.calc.parameters import DEFAULT, Parameters

NO_DAY = int(np.iinfo(np.int32).min)
OPEN = int(np.iinfo(np.int32).max)  # the end of what has not ended
NO_NUMBER = int(np.iinfo(np.int64).min)

_EPOCH = dt.date(1970, 1, 1).toordinal()


def to_day(date: dt.date) -> int:
    """The day number of a date (1970-01-01 is 0)."""
    return date.toordinal() - _EPOCH


def to_date(day: int) -> dt.date:
    """The date of a day number; raises ValueError for NO_DAY and OPEN."""
    return dt.date.fromordinal(int(day) + _EPOCH)


# Column kinds: "day" int32, "int" int64, "text" str or category of str.
Contract = Mapping[str, str]

MESSAGES: Contract = {
    "message_id": "int",
    "wet": "text",
    "soort": "text",
    "release": "text",
    "gemeente": "text",
    "aanbieder": "text",
    "identificatie": "text",
    "dagtekening": "day",
    "retour_identificatie": "text",
    "datum": "day",
    "link": "int",
    "retourcodes_header": "text",
    "retourcodes_antwoord": "text",
    "retourcodes_overig": "text",
}
TOEWIJZINGEN: Contract = {
    "message_id": "int",
    "regel": "int",
    "client": "int",
    "toewijzing_nummer": "int",
    "referentie_aanbieder": "text",
    "categorie": "text",
    "code": "text",
    "toewijzingsdatum": "day",
    "toewijzingstijd": "text",
    "ingangsdatum": "day",
    "einddatum": "day",
    "reden_wijziging": "text",
    "volume": "int",
    "eenheid": "text",
    "frequentie": "text",
    "budget": "int",
}
STARTS: Contract = {
    "message_id": "int",
    "regel": "int",
    "client": "int",
    "toewijzing_nummer": "int",
    "categorie": "text",
    "code": "text",
    "begindatum": "day",
    "status_aanlevering": "text",
}
STOPS: Contract = {**STARTS, "reden_beeindiging": "text", "einddatum": "day"}
PRESTATIES: Contract = {
    "message_id": "int",
    "regel": "int",
    "client": "int",
    "referentie_nummer": "text",
    "vorig_referentie_nummer": "text",
    "toewijzing_nummer": "int",
    "categorie": "text",
    "code": "text",
    "begindatum": "day",
    "einddatum": "day",
    "bedrag": "int",
    "debet_credit": "text",
}
VERZOEKEN: Contract = {
    "message_id": "int",
    "regel": "int",
    "client": "int",
    "deel": "text",
    "referentie_aanbieder": "text",
    "toewijzing_nummer": "int",
    "verwijzer_type": "text",
}
RETOUR_REGELS: Contract = {
    "message_id": "int",
    "regel": "int",
    "toewijzing_nummer": "int",
    "referentie_aanbieder": "text",
    "categorie": "text",
    "code": "text",
    "begindatum": "day",
    "einddatum": "day",
    "reden_beeindiging": "text",
    "status_aanlevering": "text",
    "sleutel": "text",
    "retourcodes": "text",
}
ANTWOORD_REGELS: Contract = {
    "message_id": "int",
    "regel": "int",
    "referentie_nummer": "text",
    "toegekend_bedrag": "int",
    "toegekend_debet_credit": "text",
    "retourcodes": "text",
    "retourcodes_client": "text",
}
CATALOGUE: Contract = {
    "wet": "text",
    "categorie": "text",
    "code": "text",
    "domain": "text",
    "kind": "text",
    "delivery_form": "text",
    "unit": "text",
    "weight": "int",  # hundredths; NO_NUMBER when unknown
    "tariff": "int",  # eurocents for ``tariff_per`` units: tariffs per minute are finer than a cent
    "tariff_per": "int",
    "arrangement_price": "int",
    "valid_from": "day",  # NO_DAY: always was
    "valid_to": "day",  # NO_DAY: still is; the last day counts
}
VALUES: Contract = {
    "measure": "text",
    "period": "text",
    "scope": "text",
    "domain": "text",
    "municipality": "text",
    "provider": "text",
    "product": "text",
    "referrer": "text",
    "delivery_form": "text",
    "detail": "text",
    "numerator": "int",  # NO_NUMBER where the definition has none (median, p90)
    "denominator": "int",  # NO_NUMBER for counts and amounts
    "value": "int",  # millionths, rounded half up
    "fraction": "int",  # hundredths to add to the numerator (sums of weights); else 0
    "squares": "int",  # sum of the squared numerators of the cases of a mean; NO_NUMBER where unknown
}
VALUE_KEY = tuple(name for name, kind in VALUES.items() if kind == "text")


class FrameError(ValueError):
    """A frame does not keep its contract; names the frame, the column and the fault."""


def check(frame: pd.DataFrame, contract: Contract, name: str) -> pd.DataFrame:
    """Return ``frame`` with exactly the contract's columns, or raise FrameError."""
    missing = [column for column in contract if column not in frame.columns]
    if missing:
        raise FrameError(f"{name}: missing columns {', '.join(missing)}")
    for column, kind in contract.items():
        dtype = frame[column].dtype
        if kind == "day" and dtype != np.dtype("int32"):
            raise FrameError(f"{name}.{column}: expected int32 days, got {dtype}")
        if kind == "int" and dtype != np.dtype("int64"):
            raise FrameError(f"{name}.{column}: expected int64, got {dtype}")
        if kind == "text" and not (isinstance(dtype, (pd.CategoricalDtype, pd.StringDtype)) or dtype.kind == "O"):
            raise FrameError(f"{name}.{column}: expected text, got {dtype}")
    return frame[list(contract)]


def empty(contract: Contract) -> pd.DataFrame:
    """A frame of no rows that keeps the contract."""
    dtypes = {"day": "int32", "int": "int64", "text": "str"}
    return pd.DataFrame({column: pd.Series(dtype=dtypes[kind]) for column, kind in contract.items()})


@dataclass(frozen=True)
class Records:
    """All records of a set of messages: what is stored, in the standard's own words, nothing interpreted."""

    messages: pd.DataFrame
    toewijzingen: pd.DataFrame
    starts: pd.DataFrame
    stops: pd.DataFrame
    prestaties: pd.DataFrame
    verzoeken: pd.DataFrame
    retour_regels: pd.DataFrame
    antwoord_regels: pd.DataFrame

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(
                self, field.name, check(getattr(self, field.name), RECORD_CONTRACTS[field.name], field.name)
            )


RECORD_CONTRACTS: Mapping[str, Contract] = {
    "messages": MESSAGES,
    "toewijzingen": TOEWIJZINGEN,
    "starts": STARTS,
    "stops": STOPS,
    "prestaties": PRESTATIES,
    "verzoeken": VERZOEKEN,
    "retour_regels": RETOUR_REGELS,
    "antwoord_regels": ANTWOORD_REGELS,
}


@dataclass(frozen=True)
class Reference:
    """What the calculation must know besides messages: the catalogue, overrides of outcome classes, the parameters.

    ``outcomes`` maps (law, end reason code) to a class and overrides the defaults of ``outcomes.py``.
    """

    catalogue: pd.DataFrame
    outcomes: Mapping[tuple[str, str], str]
    parameters: Parameters = DEFAULT

    def __post_init__(self) -> None:
        object.__setattr__(self, "catalogue", check(self.catalogue, CATALOGUE, "catalogue"))
