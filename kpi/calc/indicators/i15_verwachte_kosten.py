"""15. Verwachte zorgkosten op basis van beschikking."""

import numpy as np
import pandas as pd

from kpi.calc.aggregate import Grid, coded, sums
from kpi.calc.cases import count_cases
from kpi.calc.definition import Definition, Measure, Unit
from kpi.calc.expected import expected_months
from kpi.calc.state import State

DEFINITION = Definition(
    number=15,
    code="verwachte-kosten",
    name="Verwachte zorgkosten",
    measures=(
        Measure("verwachte_kosten", "Verwachte kosten uit toewijzingen", Unit.EURO, None),
        Measure(
            "declaratiegraad", "Gefactureerd van wat is toegewezen", Unit.PERCENT, None, headline=True, of_money=True
        ),
    ),
    definition="De verwachte zorgkosten op basis van wat is beschikt, verdeeld over de looptijd.",
    policy_goal="Vooruitzien: wat komt er nog aan kosten, en wordt toegewezen zorg ook geleverd.",
    how_measured="Via de toewijzing (301) en het tarief in de catalogus.",
    level="Per aanbieder, gemeente, zorgdomein, profiel, pakket, intensiteit, leveringsvorm en verwijzer.",
    information="Maandelijks de verwachting naast de facturatie.",
    when_to_act="Als gefactureerd en verwacht ver uiteen lopen.",
    how_to_steer="Onderbenutting of overschrijding bespreken; toewijzingen bijstellen.",
    responsible="Gemeente en aanbieder",
    formula="budget, arrangementsprijs of volume × tarief × frequentie, gelijk verdeeld over de dagen",
    example="€ 31 over 1 tot en met 31 januari: € 1 per dag, € 31 in januari.",
)


def cases(state: State) -> pd.DataFrame:
    """The expected amount of each allocation per calendar month, on that month's first day."""
    months = expected_months(state)
    return count_cases(months, "verwachte_kosten", months["day"], months["amount"])


def grid_rows(state: State, grid: Grid) -> list[pd.DataFrame]:
    """``declaratiegraad``: claimed over expected of the same scope and period."""
    months, lines = expected_months(state), state.lines
    expected = count_cases(months, "declaratiegraad", months["day"], np.zeros(len(months), dtype=np.int64))
    expected["denominator"] = months["amount"].to_numpy()
    claimed = count_cases(lines, "declaratiegraad", lines["begindatum"], lines["ingediend"])
    both = pd.concat([expected, claimed]).assign(ratio=True)
    result = []
    for table in sums(grid, coded(both, grid.values)):
        begun = np.array([period.first <= state.as_of for period in grid.periods])[table["period"].to_numpy()]
        result.append(table[begun])
    return result
