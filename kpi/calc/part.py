"""What one share of the clients adds to a run: sums of figures, spend and findings, and how parts become results."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from kpi.calc import findings
from kpi.calc.periods import Period
from kpi.calc.state import State
from kpi.calc.sums import Sums, accumulate, added, first_of_month
from kpi.calc.sums import negated as negated_sums
from kpi.calc.sums import together as sums_together

SPEND_KEYS = ("provider", "product", "domain", "begindatum")
SPEND_NUMBERS = ("toegekend", "lines")


@dataclass(frozen=True)
class Part:
    """``spend``: granted eurocents and claim lines per SPEND_KEYS, by month; ``tallies``: see ``findings.tallies``."""

    sums: Sums
    spend: pd.DataFrame
    tallies: pd.DataFrame


def part_of(state: State, periods: Sequence[Period], scopes: tuple[str, ...]) -> Part:
    """What the clients and messages of a state's share count for."""
    return Part(accumulate(state, periods, scopes), monthly_spend(state), findings.tallies(state))


def together(parts: Sequence[Part]) -> Part:
    """Disjoint parts as if counted in one go."""
    return Part(
        sums_together([part.sums for part in parts]),
        added(pd.concat([part.spend for part in parts], ignore_index=True), SPEND_KEYS, SPEND_NUMBERS),
        added(
            pd.concat([part.tallies for part in parts], ignore_index=True),
            findings.TALLY_KEYS,
            findings.TALLY_NUMBERS,
        ),
    )


def negated(part: Part) -> Part:
    """What takes a part off again when it is put together with others."""
    off = {name: -part.spend[name] for name in SPEND_NUMBERS}
    down = {name: -part.tallies[name] for name in findings.TALLY_NUMBERS}
    return Part(negated_sums(part.sums), part.spend.assign(**off), part.tallies.assign(**down))


def monthly_spend(state: State) -> pd.DataFrame:
    """Granted eurocents per provider, product, domain and month of the care (``begindatum``: its first day)."""
    lines = state.lines[["provider", "product", "domain", "toegekend"]]
    days = first_of_month(state.lines["begindatum"].to_numpy())
    return added(lines.assign(begindatum=days, lines=1), SPEND_KEYS, SPEND_NUMBERS)
