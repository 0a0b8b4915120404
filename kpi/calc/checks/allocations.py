"""Checks on allocations and on what the catalogue knows of them."""

import pandas as pd

from kpi.calc.allocations import UNKNOWN
from kpi.calc.checks.frame import MUNICIPALITY, PARTIES, PROVIDER, examined
from kpi.calc.expected import expected_totals
from kpi.calc.frames import NO_NUMBER
from kpi.calc.state import State


def product_unknown(state: State) -> pd.DataFrame:
    """Allocations and counted debit lines; wrong: the catalogue has no row, or no domain, for their product."""
    given = state.allocations.rename(columns=PARTIES)
    claimed = state.lines[state.lines["debit"]]
    return pd.concat(
        [
            examined(
                given, day=given["dagtekening"], wrong=(given["domain"] == UNKNOWN).to_numpy(), party=MUNICIPALITY
            ),
            examined(
                claimed, day=claimed["claim_day"], wrong=(claimed["domain"] == UNKNOWN).to_numpy(), party=PROVIDER
            ),
        ],
        ignore_index=True,
    )


def amount_unknown(state: State) -> pd.DataFrame:
    """Allocations; wrong: no amount can be expected for want of a volume, a tariff or a fitting unit (indicator 15)."""
    given = state.allocations.rename(columns=PARTIES)
    wrong = (expected_totals(state) == NO_NUMBER).to_numpy()
    return examined(given, day=given["dagtekening"], wrong=wrong, party=MUNICIPALITY)
