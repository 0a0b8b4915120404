"""1. Mutaties: sequentieel stapelen van zorg gericht op herstel, zonder tussenpozen."""

import numpy as np
import pandas as pd

from kpi.calc.aggregate import Grid, coded, grouped, rows, totals
from kpi.calc.cases import count_cases, ratio_cases, shares
from kpi.calc.definition import Definition, Measure, OverTime, Unit
from kpi.calc.frames import OPEN
from kpi.calc.state import State

DEFINITION = Definition(
    number=1,
    code="mutaties",
    name="Mutaties",
    measures=(
        Measure("mutaties_pct", "Zorgperioden met een mutatie", Unit.PERCENT, True, headline=True),
        Measure("mutaties_aantal", "Mutaties", Unit.COUNT, True),
        Measure("mutaties_per_traject", "Mutaties per traject", Unit.RATIO, True),
        Measure("mutaties_per_client", "Cliënten met een mutatie", Unit.PERCENT, True, over_time=OverTime.DISTINCT),
    ),
    definition="Sequentieel stapelen van zorg gericht op herstel, zonder tussenpozen.",
    policy_goal="Hulp in één keer passend inzetten, zodat trajecten niet aan elkaar worden geregen.",
    how_measured="Via de berichten 301, 305 en 307: een zorgperiode gericht op herstel die aansluit op een eerdere.",
    level="Per aanbieder, per gemeente en per cliënt, in procenten en absoluut.",
    information="Per kwartaal het percentage per aanbieder en per gemeente.",
    when_to_act="Als een aanbieder duidelijk vaker stapelt dan vergelijkbare aanbieders.",
    how_to_steer="Bespreken waarom trajecten worden verlengd of opgevolgd; afspraken over doelen en afschaling.",
    responsible="Aanbieder",
    formula="zorgperioden met minstens één mutatie / beëindigde zorgperioden gericht op herstel",
    example="Twee zorgperioden eindigen; op één sluit de volgende de dag erna aan: 1 / 2 = 50%.",
)


def mutations(state: State) -> pd.DataFrame:
    """The ``herstel`` spells that are a mutation, with ``of``: the index (in state.herstel) of the spell they follow.

    0 <= begin(s) − end(p) <= AANSLUITING_DAGEN and p began earlier (equal begins: lower number).
    """
    spells = state.herstel[["client", "wet", "begin", "end", "toewijzing_nummer", "municipality"]].reset_index(
        names="spell"
    )
    earlier = spells[spells["end"] != OPEN].rename(
        columns={
            "spell": "of",
            "begin": "p_begin",
            "end": "p_end",
            "toewijzing_nummer": "p_nummer",
            "municipality": "p_town",
        }
    )
    found = []
    for gap in range(state.parameters.adjoin_days + 1):
        pairs = spells.assign(p_end=(spells["begin"] - gap).astype(np.int32)).merge(
            earlier, on=["client", "wet", "p_end"]
        )
        found.append(pairs)
    pairs = pd.concat(found)
    before = (pairs["p_begin"] < pairs["begin"]) | (
        (pairs["p_begin"] == pairs["begin"])
        & (
            (pairs["p_nummer"] < pairs["toewijzing_nummer"])
            | ((pairs["p_nummer"] == pairs["toewijzing_nummer"]) & (pairs["p_town"] < pairs["municipality"]))
        )
    )
    pairs = pairs[before & (pairs["spell"] != pairs["of"])]
    pairs = pairs.sort_values(["spell", "p_end", "p_nummer", "p_town", "p_begin"], kind="stable")
    return pairs.drop_duplicates("spell", keep="last")[["spell", "of"]]


def ended_spells(state: State) -> pd.DataFrame:
    """Ended spells of kind ``herstel``, with how many ``mutations`` follow each and whether any does (``hit``)."""
    followed = mutations(state)["of"]
    herstel = state.herstel.drop(columns="spell")
    herstel = herstel.assign(mutations=np.bincount(followed, minlength=len(herstel)) if len(herstel) else 0)
    ended = herstel[herstel["end"] != OPEN]
    return ended.assign(hit=ended["mutations"] > 0)


def ended_trajectories(state: State) -> pd.DataFrame:
    """Ended trajectories with the ``mutations`` inside each, also as a ``detail`` (0, 1, 2, 3+)."""
    is_one = state.herstel.index.isin(mutations(state)["spell"])
    per_trajectory = state.herstel.assign(is_one=is_one).groupby("trajectory")["is_one"].sum()
    whole = state.trajectories[state.trajectories["end"] != OPEN]
    inside = whole["trajectory"].map(per_trajectory).fillna(0).astype("int64")
    detail = inside.map(lambda number: str(number) if number < 3 else "3+").astype("str")
    return whole.assign(mutations=inside, detail=detail)


def cases(state: State) -> pd.DataFrame:
    """Spells and trajectories of kind ``herstel`` that ended, with the mutations belonging to them."""
    ended, whole = ended_spells(state), ended_trajectories(state)
    return pd.concat(
        [
            ratio_cases(ended, "mutaties_pct", ended["end"], ended["hit"]),
            count_cases(ended, "mutaties_aantal", ended["end"], ended["mutations"]),
            ratio_cases(whole, "mutaties_per_traject", whole["end"], whole["mutations"]),
        ]
    )


def grid_rows(state: State, grid: Grid) -> list[pd.DataFrame]:
    """Trajectories per number of mutations, and clients with at least one mutation."""
    whole = ended_trajectories(state)
    result = shares(grid, whole.assign(day=whole["end"]), "mutaties_per_traject")
    return result + _clients(grid, coded(ended_spells(state), grid.values))


def _clients(grid: Grid, ended: pd.DataFrame) -> list[pd.DataFrame]:
    period = grid.period_of(ended["end"])
    inside, period = ended[period >= 0], period[period >= 0]
    person = pd.factorize(inside["client"])[0].astype(np.int64)
    result = []
    for scope in grid.scopes:
        key = grid.key(inside, scope)
        people = int(person.max()) + 1 if len(person) else 1
        number, group_period, both = grouped(period, key * people + person)
        hit = totals(number, inside["hit"].to_numpy(np.int64), len(both)) > 0
        outer, outer_period, outer_key = grouped(group_period, both // people)
        size = totals(outer, np.ones(len(both), dtype=np.int64), len(outer_key))
        hits = totals(outer, hit.astype(np.int64), len(outer_key))
        result.append(rows(grid, scope, "mutaties_per_client", outer_period, outer_key, hits, size))
    return result
