"""6. Duur traject: gemiddelde duur van trajecten, beschermd wonen en ThuisPlus na afloop."""

import numpy as np
import pandas as pd

from kpi.calc.aggregate import Grid, Ints, grouped, quantile, quantile_groups, rows, totals
from kpi.calc.cases import ratio_cases
from kpi.calc.definition import Definition, Measure, OverTime, Unit
from kpi.calc.frames import NO_NUMBER, OPEN
from kpi.calc.parameters import Parameters
from kpi.calc.state import State

DEFINITION = Definition(
    number=6,
    code="duur",
    name="Duur traject",
    measures=(
        Measure("duur_gemiddeld", "Gemiddelde duur", Unit.DAYS, True, headline=True),
        Measure("duur_mediaan", "Mediaan van de duur", Unit.DAYS, True, over_time=OverTime.SPREAD),
        Measure("duur_p90", "Negen op de tien duren hoogstens", Unit.DAYS, True, over_time=OverTime.SPREAD),
        Measure("duur_uitschieters", "Uitschieters in duur", Unit.PERCENT, True, over_time=OverTime.SPREAD),
    ),
    definition="De gemiddelde duur van trajecten, beschermd wonen en ThuisPlus na afloop, met uitschieters in beeld.",
    policy_goal="Hulp niet langer dan nodig, met zicht op de uitzonderingen achter een gemiddelde.",
    how_measured="Via de berichten 305 en 307: van het eerste begin tot en met het laatste einde, in dagen.",
    level="Per aanbieder, gemeente, profiel en intensiteit.",
    information="Per kwartaal de gemiddelde duur en het aantal uitschieters.",
    when_to_act="Als de duur duidelijk langer is dan bij vergelijkbare aanbieders of oploopt.",
    how_to_steer="Doelen en afschaling per cliëntgroep bespreken; uitschieters afzonderlijk bekijken.",
    responsible="Aanbieder",
    formula="som van de dagen / beëindigde trajecten",
    example="99 trajecten van 1 dag en één van 101 dagen: gemiddeld 2 dagen, mediaan 1, één uitschieter.",
)

POINTS = "duur"  # the measure under which the days of a case are kept


def ended_cases(state: State) -> pd.DataFrame:
    """Ended trajectories, and ended ``duurzaam`` spells in the domains of DUUR_DOMEINEN, with their ``days``."""
    lasting = (state.spells["kind"] == "duurzaam") & state.spells["domain"].isin(state.parameters.duration_domains)
    found = pd.concat([state.trajectories, state.spells[lasting]], ignore_index=True)
    found = found[found["end"] != OPEN]
    return found.assign(days=(found["end"].astype("int64") - found["begin"] + 1))


def cases(state: State) -> pd.DataFrame:
    """Days per case."""
    found = ended_cases(state)
    return ratio_cases(found, "duur_gemiddeld", found["end"], found["days"])


def points(state: State) -> pd.DataFrame:
    """The days of each case, for what cannot be added up."""
    found = ended_cases(state)
    return found.assign(measure=POINTS, day=found["end"], within=-1)


def quantile_rows(points: pd.DataFrame, grid: Grid, parameters: Parameters) -> list[pd.DataFrame]:
    """Median, 90th percentile and outliers beyond Q3 + UITSCHIETER_FACTOR × IQR, per scope and period."""
    found = points[points["measure"] == POINTS]
    period = grid.period_of(found["day"])
    found, period = found[period >= 0], period[period >= 0]
    days = found["days"].to_numpy(np.int64)
    factor, whole = parameters.outlier_factor
    result = []
    for scope in grid.scopes:
        number, group_period, group_key = grouped(period, grid.key(found, scope))
        ordered, starts, sizes = quantile_groups(number, days)
        for measure, share in (("duur_mediaan", (1, 2)), ("duur_p90", (9, 10))):
            value = quantile(ordered, starts, sizes, *share)
            table = rows(grid, scope, measure, group_period, group_key, np.full(len(sizes), NO_NUMBER), sizes)
            result.append(table.assign(scaled=value, scale=share[1]))
        limit = _limits(ordered, starts, sizes, factor, whole)
        beyond = (
            totals(number, (days * 4 * whole > limit[number]).astype(np.int64), len(sizes)) if len(sizes) else sizes
        )
        result.append(rows(grid, scope, "duur_uitschieters", group_period, group_key, beyond, sizes))
    return result


def _limits(ordered: Ints, starts: Ints, sizes: Ints, factor: int, whole: int) -> Ints:
    """Q3 + factor / whole × IQR per group, times 4 × whole."""
    q1, q3 = (quantile(ordered, starts, sizes, part, 4) for part in (1, 3))
    return q3 * whole + factor * (q3 - q1)


def outlier_limit(days: Ints, factor: int, whole: int) -> int:
    """The number of days beyond which one of these is an outlier, times 4 × ``whole``."""
    return int(_limits(*quantile_groups(np.zeros(len(days), dtype=np.int64), days), factor, whole)[0])
