"""3. Recidive na uitval: herleving van zorg gericht op herstel, met tussenpozen."""

import pandas as pd

from kpi.calc.definition import Definition, Measure, Unit
from kpi.calc.indicators.recidive import relapse_cases
from kpi.calc.outcomes import DROPOUT
from kpi.calc.state import State

DEFINITION = Definition(
    number=3,
    code="recidive-na-uitval",
    name="Recidive na uitval",
    measures=(
        Measure("recidive_uitval_0_4", "Herleving binnen 4 maanden", Unit.PERCENT, True, headline=True),
        Measure("recidive_uitval_4_8", "Herleving tussen 4 en 8 maanden", Unit.PERCENT, True),
        Measure("recidive_uitval_8_plus", "Herleving na 8 maanden", Unit.PERCENT, True),
    ),
    definition="Sequentieel stapelen van zorg gericht op herstel, met tussenpozen: herleving na uitval.",
    policy_goal="Hulp die blijvend werkt, zodat een cliënt niet kort daarna opnieuw hulp nodig heeft.",
    how_measured="Via de berichten 301, 305 en 307. Alleen trajecten waarvan de hele volgtijd voorbij is, tellen mee.",
    level="Per aanbieder, per gemeente en per jeugdige, in procenten en absoluut.",
    information="Per kwartaal het percentage per aanbieder en per gemeente.",
    when_to_act="Als cliënten van een aanbieder duidelijk vaker terugkomen dan bij vergelijkbare aanbieders.",
    how_to_steer="Nazorg, afronding en overdracht bespreken; een verbeterplan met meetbare doelen.",
    responsible="Aanbieder",
    formula="trajecten met herleving in de band / trajecten met volledige volgtijd",
    example="Van twee trajecten die lang genoeg geleden eindigden, begint na één binnen 4 maanden opnieuw zorg: 50%.",
)


def cases(state: State) -> pd.DataFrame:
    """Trajectories whose last-ended spell has class ``uitval``."""
    return relapse_cases(state, DROPOUT, "recidive_uitval")
