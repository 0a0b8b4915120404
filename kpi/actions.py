"""Computing and publishing all figures."""

import datetime as dt

from kpi.calc.findings import counts
from kpi.calc.frames import to_date, to_day
from kpi.calc.periods import MONTHS_PER, Period, of_date, parse, periods, up_to
from kpi.calc.scopes import ALL_SCOPES
from kpi.calc.state import State, build_state
from kpi.calc.values import compute_values
from kpi.kraljic import all_positions
from kpi.loading import last_message_id, load_records, load_reference
from kpi.models import Run
from kpi.storing import Computed, publish

DEFAULT_MONTHS = 36


def compute(*, as_of: dt.date, first: str | None = None, last: str | None = None) -> Run:
    """Compute every measure as known on ``as_of`` and make the result current.

    ``first`` and ``last`` are months (2025-03); by default the last 36 months up to the reference date. Quarters and
    years that touch these months are computed whole, each by its own rule.
    """
    wanted = _periods(as_of, first, last)
    seen = last_message_id()

    def computed() -> Computed:
        state = state_on(as_of)
        months = [period for period in wanted if period.kind == "month"]
        values = compute_values(state, wanted, scopes=list(ALL_SCOPES))
        return Computed(values, all_positions(state.lines, state.as_of), counts(state, months))

    return publish(computed, as_of=as_of, last_message_id=seen)


def state_on(as_of: dt.date) -> State:
    """The state of everything stored as known on a date."""
    return build_state(load_records(), load_reference(), to_day(as_of))


def _periods(as_of: dt.date, first: str | None, last: str | None) -> list[Period]:
    last = last or f"{as_of:%Y-%m}"
    first = first or up_to(parse("month", last), DEFAULT_MONTHS)[0].label
    months = periods("month", first, last)
    if not months:
        return []
    ends = to_date(months[0].first), to_date(months[-1].first)
    return [period for kind in MONTHS_PER for period in periods(kind, *(of_date(kind, day).label for day in ends))]
