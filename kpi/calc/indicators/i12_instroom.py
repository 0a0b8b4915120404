"""12. Nieuwe instroom cliënten, met onderscheid tussen nieuwe cliënten en herindicatie."""

import numpy as np
import pandas as pd

from kpi.calc.aggregate import Grid, grouped, rows, totals
from kpi.calc.cases import count_cases
from kpi.calc.definition import Definition, Measure, Unit
from kpi.calc.frames import NO_NUMBER
from kpi.calc.intervals import coded_spells, in_care
from kpi.calc.state import State

DEFINITION = Definition(
    number=12,
    code="instroom",
    name="Instroom",
    measures=(
        Measure("instroom", "Cliënten die in zorg kwamen", Unit.COUNT, None, headline=True),
        Measure("instroom_nieuw", "Waarvan nieuw in het zorgdomein", Unit.COUNT, None),
        Measure("instroom_herindicatie", "Waarvan eerder in het zorgdomein", Unit.COUNT, None),
        Measure("herindicaties", "Aansluitende vervolgzorg", Unit.COUNT, None),
    ),
    definition="Nieuwe instroom van cliënten per maand, met onderscheid tussen nieuwe cliënten en herindicatie.",
    policy_goal="Zicht op de vraag naar hulp en op de werking van de toegang.",
    how_measured="Via de berichten 301 en 305: het begin van aaneengesloten zorg.",
    level="Per aanbieder, gemeente, profiel, pakket, intensiteit, leveringsvorm en verwijzer.",
    information="Maandelijks de instroom per gemeente en verwijzer.",
    when_to_act="Niet richting aanbieders: zij hebben geen invloed op de instroom.",
    how_to_steer="Gemeenten bespreken de instroom met hun toegang en verwijzers.",
    responsible="Gemeente",
    formula="cliënten wier aaneengesloten zorg in de periode begint",
    example="Een cliënt begint op 3 maart en krijgt vanaf 10 maart nog een product: instroom 1.",
)


def cases(state: State) -> pd.DataFrame:
    """Spells that begin while another of the client in that domain began earlier and runs or just ended."""
    spells = state.spells.sort_values(["client", "domain", "begin"], kind="stable")
    person = spells.groupby(["client", "domain"], observed=True, sort=False).ngroup().to_numpy()
    reach = _reach_before(person, spells["begin"].to_numpy(np.int64), spells["end"].to_numpy(np.int64))
    again = spells[reach >= spells["begin"].to_numpy(np.int64) - state.parameters.adjoin_days]
    return count_cases(again, "herindicaties", again["begin"], np.ones(len(again), dtype=np.int64))


def _reach_before(person: np.ndarray, begin: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Per row the latest end among rows of the same person that began strictly earlier; very low without one."""
    if len(begin) == 0:
        return begin
    position, never = np.arange(len(begin)), np.iinfo(np.int64).min // 2
    new_person = np.diff(person, prepend=person[0] - 1) != 0
    new_begin = new_person | (np.diff(begin, prepend=begin[0]) != 0)
    block = np.maximum.accumulate(np.where(new_begin, position, 0))
    step, lift = np.int64(1) << 33, np.int64(1) << 32  # above any day number: a running maximum stays with its person
    reach = np.maximum.accumulate(np.cumsum(new_person) * step + end + lift)
    before = np.where(new_person[block], never, reach[block - 1] - np.cumsum(new_person)[block] * step - lift)
    return before


def grid_rows(state: State, grid: Grid) -> list[pd.DataFrame]:
    """Merged intervals that begin in the period, in every scope; new when the domain was new to the client."""
    spells = coded_spells(state, grid)
    first_ever = spells.groupby(["client", "domain"], observed=True)["begin"].transform("min").to_numpy(np.int64)
    result = []
    for scope in grid.scopes:
        found = in_care(state, grid, scope)
        period = grid.period_of(found.begin)
        inside = period >= 0
        number, group_period, group_key = grouped(period[inside], found.key[inside])
        new = (first_ever[found.first] >= found.begin)[inside].astype(np.int64)
        everyone = totals(number, np.ones(len(new), dtype=np.int64), len(group_key))
        fresh = totals(number, new, len(group_key))
        for measure, amount in (
            ("instroom", everyone),
            ("instroom_nieuw", fresh),
            ("instroom_herindicatie", everyone - fresh),
        ):
            kept = amount > 0
            result.append(rows(grid, scope, measure, group_period[kept], group_key[kept], amount[kept], NO_NUMBER))
    return result
