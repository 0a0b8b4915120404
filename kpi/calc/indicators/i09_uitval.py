"""9. Uitval: per code, per aanbieder en per gemeente, absoluut en in procenten."""

import pandas as pd

from kpi.calc.aggregate import Grid
from kpi.calc.cases import ratio_cases, shares
from kpi.calc.definition import Definition, Measure, Unit
from kpi.calc.frames import OPEN
from kpi.calc.outcomes import DROPOUT
from kpi.calc.state import State

DEFINITION = Definition(
    number=9,
    code="uitval",
    name="Uitval",
    measures=(
        Measure("uitval_pct", "Zorgperioden die met uitval eindigden", Unit.PERCENT, True, headline=True),
        Measure("uitval_code", "Beëindigde zorgperioden per code", Unit.PERCENT, None),
    ),
    definition="Zorgperioden die voortijdig zijn afgesloten door de cliënt, de aanbieder of in overeenstemming.",
    policy_goal="Cliënten maken hulp af die past; minder voortijdig afgebroken hulp.",
    how_measured="Via het stopbericht (307): de reden van beëindiging. Code 20 is tijdelijk en telt niet als einde.",
    level="Per code, per aanbieder en per gemeente, absoluut en in procenten.",
    information="Per kwartaal het percentage per aanbieder en per gemeente.",
    when_to_act="Als de uitval boven de norm ligt en dat geen toeval meer kan zijn.",
    how_to_steer="De redenen bespreken, per code; verbeterplan bij herhaling.",
    responsible="Aanbieder",
    formula="zorgperioden geëindigd met uitval / definitief beëindigde zorgperioden",
    example="Vier zorgperioden eindigen, één eenzijdig door de cliënt: 1 / 4 = 25%.",
)


def cases(state: State) -> pd.DataFrame:
    """Spells that ended definitively; numerator 1 when in class ``uitval``."""
    ended = state.spells[state.spells["end"] != OPEN]
    return ratio_cases(ended, "uitval_pct", ended["end"], ended["outcome"] == DROPOUT)


def grid_rows(state: State, grid: Grid) -> list[pd.DataFrame]:
    """Ended spells per ``wet:code``."""
    ended = state.spells[state.spells["end"] != OPEN]
    detail = (ended["wet"] + ":" + ended["reason"]).astype("str")
    return shares(grid, ended.assign(detail=detail, day=ended["end"]), "uitval_code")
