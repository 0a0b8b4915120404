"""Monthly editions: the figures of a working day early in the month are kept, under the name of the month before."""

import datetime as dt

import numpy as np
from django.utils import formats

from kpi.calc import workdays
from kpi.calc.frames import to_day
from kpi.keeping import keep
from kpi.loading import last_message_id
from kpi.models import Run, RunState
from sdf_portal import __version__

UNFINISHED = (RunState.WAITING, RunState.BUILDING)


def name_of(month: dt.date) -> str:
    """What the edition of a month is called."""
    return f"Maandcijfers {formats.date_format(month, 'F Y')}"


def month_due(today: dt.date, workday: int) -> dt.date | None:
    """The month whose edition is to be there on a day: the one before, from the given working day of this month on."""
    before = today.replace(day=1) - dt.timedelta(days=1)
    passed = workdays.between(np.array([to_day(before)]), np.array([to_day(today)]))
    return before.replace(day=1) if int(passed[0]) >= workday else None


def publish_due(*, today: dt.date, workday: int) -> Run | None:
    """Keep the edition that is due, unless it is there or nothing was ever received; a failed one is made anew."""
    month = month_due(today, workday)
    if month is None or not last_message_id():
        return None
    named = Run.objects.filter(kept_as=name_of(month))
    if named.filter(state=RunState.KEPT).exists():
        return None
    run = named.filter(state__in=UNFINISHED).first() or Run.objects.create(
        as_of=today, code_version=__version__, one_date=True, kept_as=name_of(month), state=RunState.WAITING
    )
    keep(run)
    run.refresh_from_db()
    return run
