"""Checks on messages and their returns."""

import numpy as np
import pandas as pd

from kpi.calc import workdays
from kpi.calc.checks.frame import MUNICIPALITY, PARTIES, PROVIDER, examined
from kpi.calc.parameters import Parameters
from kpi.calc.state import State

RETURN_OF = {soort: str(int(soort) + 1) for soort in ("301", "303", "305", "307", "315", "317", "319")} | {"323": "325"}
FROM_MUNICIPALITY = ("301", "319")  # the provider answers these
LONGEST = 20  # working days; the source document has no term for a 302, so the longest of the others holds


def return_missing(state: State) -> pd.DataFrame:
    """Messages whose term for a return has passed; wrong: there is none."""
    messages = state.records.messages
    messages = messages[state.share.has_link(messages["link"])].drop_duplicates(["link", "soort"])  # rows share one
    sent = messages[messages["soort"].astype(str).isin(list(RETURN_OF))].rename(columns=PARTIES)
    day = sent["dagtekening"].to_numpy()
    past = workdays.between(day, np.full(len(sent), state.as_of)) > _terms(sent, state.parameters)
    sent = sent[past]
    answered = pd.concat([state.returns.latest["link"], state.answers["link"]])
    party = np.where(sent["soort"].astype(str).isin(FROM_MUNICIPALITY), PROVIDER, MUNICIPALITY)
    return examined(sent, day=sent["dagtekening"], wrong=~sent["link"].isin(answered).to_numpy(), party=party)


def _terms(sent: pd.DataFrame, parameters: Parameters) -> np.ndarray:
    """The term of each message in working days."""
    keys = sent["wet"].astype(str) + sent["soort"].astype(str)
    terms = {
        wet + soort: parameters.days_of(f"reactietijd_{back}").get(wet, LONGEST)
        for soort, back in RETURN_OF.items()
        for wet in ("jeugdwet", "wmo")
    }
    return keys.map(terms).to_numpy(np.int64)
