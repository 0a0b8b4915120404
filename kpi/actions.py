"""Computing and publishing all figures."""

import datetime as dt

from kpi.calc.frames import Reference, to_day
from kpi.calc.state import State, build_state
from kpi.calc.values import finished
from kpi.division import Help, counted, no_help
from kpi.loading import last_message_id, load_records, load_reference
from kpi.models import Run
from kpi.patching import patch, seen_again
from kpi.publication import beside
from kpi.question import asked, fields, grows, seen
from kpi.selectors import current_run
from kpi.storing import Computed, publish

# Above this share of all messages it is quicker to begin from the start.
MUCH = 0.2


def compute(*, as_of: dt.date, first: str | None = None, last: str | None = None, call: Help = no_help) -> Run:
    """Compute every measure as known on ``as_of`` and make the result current.

    ``first`` and ``last`` are months (2025-03); by default the last 36 months up to the reference date. Quarters and
    years that touch these months are computed whole, each by its own rule. ``call`` asks others to help.
    """
    reference = load_reference(as_of)
    return publish(lambda run: computed(run, reference, call), as_of=as_of, **fields(as_of, first, last, reference))


def refresh(*, as_of: dt.date, call: Help = no_help) -> Run:
    """The figures as known on ``as_of`` with all messages there are: added to the current run where that is right."""
    run, reference = current_run(), load_reference(as_of)
    now = seen(reference, last_message_id())
    if run is None or not grows(run, as_of, now) or now.messages_count > (1 + MUCH) * run.messages_count:
        return compute(as_of=as_of, call=call)
    return seen_again(run) if now.last_message_id == run.last_message_id else patch(run, reference, now)


def computed(run: Run, reference: Reference, call: Help = no_help) -> Computed:
    """What a run publishes, computed from the start; the run says from what."""
    part = counted(run, reference, call)
    question = asked(run)
    return Computed(finished(part.sums, question), beside(part, question))


def state_on(as_of: dt.date) -> State:
    """The state of everything stored as known on a date."""
    return build_state(load_records(), load_reference(as_of), to_day(as_of))
