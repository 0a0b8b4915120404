"""5. Hogere startdeclaratie dan 70% bij trajecten gericht op herstel."""

import pandas as pd

from kpi.calc.cases import ratio_cases
from kpi.calc.definition import Definition, Measure, Unit
from kpi.calc.expected import expected_totals
from kpi.calc.frames import NO_NUMBER, OPEN
from kpi.calc.outcomes import DROPOUT
from kpi.calc.state import State
from kpi.calc.trajectories import HERSTEL, last_ended

DEFINITION = Definition(
    number=5,
    code="startdeclaratie",
    name="Startdeclaratie hoger dan 70%",
    measures=(
        Measure("startdeclaratie_hoog", "Eerste declaratie boven 70% van de prijs", Unit.PERCENT, True, headline=True),
        Measure("startdeclaratie_hoog_uitval", "Hoge startdeclaratie, daarna uitval", Unit.PERCENT, True),
    ),
    definition="Een eerste declaratie van meer dan 70% van de prijs bij een traject gericht op herstel.",
    policy_goal="Betalen naar geleverde hulp; voorkomen dat de prijs al bij de start wordt gedeclareerd.",
    how_measured="Via de berichten 301 en 303 of 323: de eerste declaratieregel tegen de verwachte prijs.",
    level="Per aanbieder, in procenten en absoluut, ook in combinatie met uitval nadien.",
    information="Per kwartaal het percentage per aanbieder.",
    when_to_act="Als een aanbieder dit herhaaldelijk doet, zeker als daarna cliënten uitvallen.",
    how_to_steer="Aanspreken op de contractafspraak; zo nodig declaraties laten herstellen.",
    responsible="Aanbieder",
    formula="toewijzingen met een eerste declaratie boven 70% van de prijs / toewijzingen met een eerste declaratie",
    example="Prijs € 1.000, eerste declaratie € 701: boven de grens. Bij € 700 niet.",
)
ALLOCATION = ["wet", "municipality", "toewijzing_nummer", "client"]


def cases(state: State) -> pd.DataFrame:
    """Allocations of kind ``herstel`` with a known price, on their first debit line that stands."""
    first = _first_lines(state)
    owners = state.allocations.assign(price=expected_totals(state)).rename(
        columns={"gemeente": "municipality", "aanbieder": "provider"}
    )
    owners = owners[(owners["kind"] == HERSTEL) & (owners["price"] != NO_NUMBER) & (owners["price"] > 0)]
    found = owners.merge(first, on=ALLOCATION)
    share, whole = state.parameters.start_share_max
    high = found["ingediend"] * whole > found["price"] * share
    dropped = found["toewijzing_row"].isin(_dropped_out(state)) if len(found) else high
    flagged = found[high]
    return pd.concat(
        [
            ratio_cases(found, "startdeclaratie_hoog", found["line_begin"], high),
            ratio_cases(flagged, "startdeclaratie_hoog_uitval", flagged["line_begin"], dropped[high]),
        ]
    )


def _first_lines(state: State) -> pd.DataFrame:
    """Per allocation the earliest debit line that is not refused and not cancelled by a credit that stands."""
    lines = state.lines[state.lines["toewijzing_nummer"] != NO_NUMBER]
    credits = state.every_line[state.every_line["toewijzing_nummer"] != NO_NUMBER]
    credits = credits[~credits["debit"] & ~credits["refused"] & (credits["vorig_referentie_nummer"] != "")]
    cancelled = credits[["wet", "provider", "vorig_referentie_nummer"]].drop_duplicates()
    cancelled = cancelled.rename(columns={"vorig_referentie_nummer": "referentie_nummer"}).assign(cancelled=True)
    debits = lines[lines["debit"] & ~lines["refused"]].merge(
        cancelled, on=["wet", "provider", "referentie_nummer"], how="left"
    )
    debits = debits[debits["cancelled"].isna()]
    debits = debits.sort_values(["begindatum", "claim_day", "referentie_nummer", "message_id", "regel"], kind="stable")
    rows = state.allocations.reset_index(names="toewijzing_row").rename(columns={"gemeente": "municipality"})
    first = debits.drop_duplicates(ALLOCATION)[[*ALLOCATION, "begindatum", "ingediend"]]
    first = first.rename(columns={"begindatum": "line_begin"})
    return first.merge(rows[[*ALLOCATION, "toewijzing_row"]], on=ALLOCATION)


def _dropped_out(state: State) -> pd.Series:
    """The allocations (row numbers) whose last spell ended in class ``uitval``."""
    last = last_ended(state.spells, "row")
    return last.loc[(last["end"] != OPEN) & (last["outcome"] == DROPOUT), "row"]
