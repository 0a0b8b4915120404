"""Outcome classes of end reasons per law; the same code means different things in the two laws."""

from collections.abc import Mapping

import pandas as pd

SUCCESS, DROPOUT, TEMPORARY, DECEASED, OTHER = "succes", "uitval", "tijdelijk", "overleden", "overig"
CLASSES = (SUCCESS, DROPOUT, TEMPORARY, DECEASED, OTHER)

DEFAULTS: Mapping[tuple[str, str], str] = {
    ("jeugdwet", "31"): SUCCESS,
    **{("jeugdwet", code): DROPOUT for code in ("32", "33", "34")},
    ("jeugdwet", "20"): TEMPORARY,
    ("jeugdwet", "02"): DECEASED,
    ("wmo", "19"): SUCCESS,
    **{("wmo", code): DROPOUT for code in ("21", "22", "23")},
    ("wmo", "20"): TEMPORARY,
    ("wmo", "02"): DECEASED,
}


def outcome(wet: pd.Series, code: pd.Series, overrides: Mapping[tuple[str, str], str]) -> pd.Series:
    """The class of each end reason; any code without a class is ``overig``."""
    table = {**DEFAULTS, **overrides}
    both = (wet.astype(str) + ":" + code.astype(str)).astype("str")
    classes = {key: table.get((*key.split(":", 1),), OTHER) for key in both.unique()}
    return both.map(classes).astype("str")
