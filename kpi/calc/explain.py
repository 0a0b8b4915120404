"""The cases behind one figure: one row each, from the same functions that make the figure."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from kpi.calc import case_lists as lists
from kpi.calc.case_lists import within
from kpi.calc.cases import BEHIND
from kpi.calc.frames import NO_NUMBER
from kpi.calc.indicators import INDICATORS
from kpi.calc.indicators.i16_berichtenmonitor import TIMED
from kpi.calc.leadtimes import lead_times
from kpi.calc.periods import Period
from kpi.calc.scopes import ALL_SCOPES, DIMENSIONS, MESSAGE_SCOPES
from kpi.calc.state import State, once

COLUMNS = (
    *(*BEHIND, "domain", "municipality", "provider", "product", "day", "numerator", "denominator"),
    *("detail", "link", "days", "place", "part"),
)
BLANK = {"client": 0, "toewijzing_nummer": NO_NUMBER, "link": 0, "days": NO_NUMBER, "place": 0, "part": 0}
NUMBERS = (*BLANK, "day", "numerator", "denominator")
QUANTILES = {"duur_mediaan": (1, 2), "duur_p90": (9, 10)}
MEDIAN = (1, 2)
OF_MESSAGES = ("bericht_uitval", "beeindigingscodes", *TIMED)
MODULES = {measure.code: module for module in INDICATORS for measure in module.DEFINITION.measures}
PLAIN = {module.DEFINITION.code: once(module.cases) for module in INDICATORS}
LEAD_TIMES = once(lead_times)


def measured_in(measure: str) -> tuple[str, ...]:
    """The scopes in which a measure is given."""
    if measure in OF_MESSAGES:
        return MESSAGE_SCOPES
    if measure == "uitstroom_verhuisd":
        return ("municipality",)
    return tuple(scope for scope in ALL_SCOPES if measure != "verwijzers" or "referrer" not in scope)


def is_measured(measure: str, period: Period, chosen: Mapping[str, str]) -> bool:
    """Whether a measure is given in a period within ``chosen`` dimensions."""
    scope = "+".join(name for name in DIMENSIONS if name in chosen) or "region"
    yearly = measure.startswith("kosten_per_") and period.kind != "year"
    return scope in measured_in(measure) and not yearly


def needs_all(measure: str, detail: str = "") -> bool:
    """Whether what a case counts for depends on the other cases of its cell."""
    return measure == "duur_uitschieters" or quantile_of(measure, detail) is not None


def quantile_of(measure: str, detail: str = "") -> tuple[int, int] | None:
    """The share of the cases that lies below a figure that is a quantile; None for other figures."""
    return MEDIAN if detail == "mediaan" else QUANTILES.get(measure)


def cases_behind(
    state: State, measure: str, period: Period, chosen: Mapping[str, str], detail: str = ""
) -> pd.DataFrame | None:
    """The cases of a measure, or of its part ``detail``, in a period within ``chosen`` dimensions (COLUMNS), by day.

    Their numerators and denominators add up to the stored figure; weights are in hundredths, ``days`` says how long a
    case lasted. Those behind a quantile stand in order of size, with ``place`` and ``part`` (see ``with_places``).
    None where it is not measured so.
    """
    if not is_measured(measure, period, chosen):
        return None
    found = _columns(_found(state, measure, period, chosen, detail))
    if period.first > state.as_of and measure != "verwachte_kosten":
        found = found.iloc[:0]
    share = quantile_of(measure, detail)
    if share:
        return _columns(lists.with_places(found, share)).reset_index(drop=True)
    return found.sort_values(["day", *lists.SUBJECT], kind="stable", ignore_index=True)


def _found(state: State, measure: str, period: Period, chosen: Mapping[str, str], detail: str) -> pd.DataFrame:
    of_cell = (state, measure, period, chosen)
    if measure in lists.FLOWS:
        return lists.flow(*of_cell)
    if measure.startswith("kosten_per_"):
        return lists.costs(*of_cell, detail)
    if measure.startswith("zwaarte_"):
        return lists.running(*of_cell)
    if measure.startswith("duur_"):
        return lists.durations(*of_cell)
    if measure in ("uitval_code", "beeindigingscodes"):
        return lists.per_code(*of_cell, detail)
    match measure:
        case "mutaties_per_client":
            return lists.clients_with_mutation(state, period, chosen)
        case "bericht_uitval":
            return lists.rejections(state, period, chosen, detail)
        case "verwijzers":
            return lists.by_referrer(state, period, chosen, detail)
        case "uitstroom_verhuisd":
            found = lists.moved(state, period, chosen)
            return found[found["detail"] == detail] if detail else found
        case "mutaties_per_traject" if detail:
            return lists.per_number_of_mutations(state, period, chosen, detail)
        case "declaratiegraad":
            return within(_claimed_of_expected(state), chosen, period)
        case _:
            return within(_plain(state, measure, detail), chosen, period)


def _plain(state: State, measure: str, detail: str = "") -> pd.DataFrame:
    if measure not in TIMED:
        found = PLAIN[MODULES[measure].DEFINITION.code](state)
        return found[(found["measure"] == measure) & (found["detail"] == detail)]
    found = LEAD_TIMES(state)
    found = found[found["measure"] == measure]
    return found.assign(numerator=np.maximum(found["within"], 0)) if detail == "binnen_norm" else found


def _claimed_of_expected(state: State) -> pd.DataFrame:
    """Claimed amounts as numerators beside expected ones as denominators."""
    claimed, expected = (_plain(state, measure) for measure in ("gefactureerd", "verwachte_kosten"))
    return pd.concat([claimed, expected.assign(numerator=0, denominator=expected["numerator"])], ignore_index=True)


def _columns(found: pd.DataFrame) -> pd.DataFrame:
    result = found.reindex(columns=list(COLUMNS))
    for name in COLUMNS:
        if result[name].isna().any():
            result[name] = result[name].astype(object).fillna(BLANK.get(name, ""))
    texts = {name: "str" for name in COLUMNS if name not in NUMBERS}
    return result.astype({**dict.fromkeys(NUMBERS, np.int64), **texts})
