"""16. Berichtenmonitor: bericht-uitval, doorlooptijden, reactietijden en beëindigingscodes."""

import numpy as np
import pandas as pd

from kpi.calc.aggregate import Grid, coded, grouped, quantile, quantile_groups, rows, sums, totals
from kpi.calc.cases import ratio_cases, shares
from kpi.calc.definition import Definition, Measure, Unit
from kpi.calc.frames import NO_NUMBER
from kpi.calc.leadtimes import NORMED, answered, lead_times
from kpi.calc.parameters import Parameters
from kpi.calc.scopes import MESSAGE_SCOPES
from kpi.calc.state import State

ANSWERED = {
    "302": "toewijzing",
    "304": "declaratie",
    "306": "start",
    "308": "stop",
    "316": "verzoek",
    "318": "wijzigingsverzoek",
    "320": "antwoord op verzoek",
    "325": "declaratie",
}
LEAD_TIMES = (
    Measure("doorlooptijd_315_301", "Van verzoek tot toewijzing", Unit.WORKDAYS, True),
    Measure("doorlooptijd_301_305", "Van toewijzing tot startbericht", Unit.DAYS, True),
    Measure("wachttijd_start", "Wachttijd tot de start", Unit.DAYS, True, headline=True),
    Measure("meldtijd_305", "Start gemeld na", Unit.WORKDAYS, True),
    Measure("meldtijd_307", "Stop gemeld na", Unit.WORKDAYS, True),
    Measure("doorlooptijd_301_303", "Van toewijzing tot eerste declaratie", Unit.DAYS, True),
    Measure("doorlooptijd_305_307", "Van start tot stop", Unit.DAYS, None),
    Measure("doorlooptijd_307_303", "Van stop tot volgende declaratie", Unit.DAYS, True),
    *(
        Measure(f"reactietijd_{soort}", f"Antwoord op {heen} ({soort})", Unit.WORKDAYS, True)
        for soort, heen in ANSWERED.items()
    ),
)
TIMED = [measure.code for measure in LEAD_TIMES]
DEFINITION = Definition(
    number=16,
    code="berichtenmonitor",
    name="Berichtenmonitor",
    measures=(
        Measure("bericht_uitval", "Afgekeurde berichten", Unit.PERCENT, True),
        *LEAD_TIMES,
        Measure("beeindigingscodes", "Stopberichten per code", Unit.PERCENT, None),
    ),
    definition="Bericht-uitval, doorlooptijden tussen berichten, reactietijden van retourberichten, codes in de 307.",
    policy_goal="Volledig en tijdig berichtenverkeer, want daarop rust alle sturing.",
    how_measured="Via alle berichten en hun retouren; werkdagen zonder de feestdagen van de Algemene termijnenwet.",
    level="Per aanbieder en per gemeente, met doorklikken.",
    information="Maandelijks, ook over de eigen gemeente: twee klokken, een per partij.",
    when_to_act="Als een partij de termijnen herhaaldelijk niet haalt.",
    how_to_steer="Administratieve processen bespreken; gemeenten en aanbieders elk op hun eigen termijn.",
    responsible="Gemeente (301, 304, 306, 308, 316, 319, 325) of aanbieder (302, 305, 307, 315)",
    formula="som van de dagen / aantal; afgekeurde berichten / beantwoorde berichten",
    example="Start op maandag, startbericht op dinsdag een week later: 6 werkdagen.",
)


def cases(state: State) -> pd.DataFrame | None:
    """No cases outside the monitor's own scopes."""
    return None


def grid_rows(state: State, grid: Grid) -> list[pd.DataFrame]:
    """Rejections and stop codes, in the monitor's scopes."""
    return _rejections(state, grid) + _stop_codes(state, grid)


def points(state: State) -> pd.DataFrame:
    """The lead times: the days of each case, whose median cannot be added up."""
    return lead_times(state).rename(columns={"numerator": "days"})


def _scopes(grid: Grid) -> list[str]:
    return [scope for scope in grid.scopes if scope in MESSAGE_SCOPES]


def judged(state: State) -> pd.DataFrame:
    """Answered messages as ``answered`` gives them, with ``bad``: rejected, wholly or in part, or granted less."""
    found = answered(state)
    lines = state.every_line
    short = lines[lines["answered"] & (lines["toegekend"] < lines["ingediend"])]["link"]
    return found.assign(bad=found["any"].astype(bool) | found["link"].isin(short))


def _rejections(state: State, grid: Grid) -> list[pd.DataFrame]:
    found = judged(state)
    everything = ratio_cases(found, "bericht_uitval", found["return_day"], found["bad"])
    per_type = everything.assign(detail=found["soort"].astype(str).to_numpy())
    return sums(grid, coded(pd.concat([everything, per_type]), grid.values), scopes=MESSAGE_SCOPES)


def quantile_rows(points: pd.DataFrame, grid: Grid, parameters: Parameters) -> list[pd.DataFrame]:
    """Lead times with their median and the number within the norm, in the monitor's scopes."""
    frame = points[points["measure"].isin(TIMED)]
    period = grid.period_of(frame["day"])
    frame, period = frame[period >= 0], period[period >= 0]
    measure, names = pd.factorize(frame["measure"])
    days, within = frame["days"].to_numpy(np.int64), frame["within"].to_numpy(np.int64)
    result = []
    for scope in _scopes(grid):
        number, both, group_key = grouped(period * max(len(names), 1) + measure, grid.key(frame, scope))
        group_period, group_measure = np.divmod(both, max(len(names), 1))
        label = np.asarray(names, dtype=object)[group_measure] if len(both) else np.empty(0, dtype=object)
        ordered, starts, sizes = quantile_groups(number, days)
        total = totals(number, days, len(sizes))
        common = (group_period, group_key)
        squares = totals(number, days**2, len(sizes))
        result.append(rows(grid, scope, "", *common, total, sizes).assign(measure=label, squares=squares))
        median = rows(grid, scope, "", *common, np.full(len(sizes), NO_NUMBER), sizes, detail="mediaan")
        result.append(median.assign(measure=label, scaled=quantile(ordered, starts, sizes, 1, 2), scale=2))
        inside = totals(number, np.maximum(within, 0), len(sizes))
        normed = rows(grid, scope, "", *common, inside, sizes, detail="binnen_norm").assign(measure=label)
        result.append(normed[normed["measure"].isin(list(NORMED))])
    return result


def coded_stops(state: State) -> pd.DataFrame:
    """Counted stops on the ``day`` they were reported, with ``wet:code`` as ``detail``."""
    owner = state.allocations[["gemeente", "aanbieder"]].rename(
        columns={"gemeente": "municipality", "aanbieder": "provider"}
    )
    stops = state.stops.drop(columns="gemeente").join(owner, on="row")
    detail = (stops["wet"] + ":" + stops["reden_beeindiging"]).astype("str")
    return stops.assign(detail=detail, day=stops["dagtekening"])


def _stop_codes(state: State, grid: Grid) -> list[pd.DataFrame]:
    return shares(grid, coded_stops(state), "beeindigingscodes", MESSAGE_SCOPES)
