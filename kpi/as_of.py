"""Figures as they were known on a date: which stored run a request asks for."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import formats

from kpi import selectors
from kpi.models import Norm, Run, RunState

PARAMETER = "peildatum"
WITH_FIGURES = (RunState.CURRENT, RunState.OLD, RunState.KEPT)


class NoSuchRun(Http404):
    """No figures are kept of the date that was asked for; ``asked`` is what stood in the address."""

    def __init__(self, asked: str) -> None:
        super().__init__(asked)
        self.asked = asked


def stored() -> QuerySet[Run]:
    """The runs whose figures can be looked at, the latest reference date first."""
    return Run.objects.filter(state__in=WITH_FIGURES, values_count__gt=0).order_by("-as_of", "-id")


def run_of_date(date: dt.date) -> Run | None:
    """The figures of a reference date: the edition of that day where there is one, else what was computed last."""
    found = list(stored().filter(as_of=date))
    editions = [run for run in found if run.kept_as]
    return next(iter(editions or found), None)


def run_of(request: HttpRequest) -> Run | None:
    """The run that a request asks for: the current one, or that of the reference date in its address.

    Raises NoSuchRun when nothing is kept of that date.
    """
    run = request.shown_run = run_asked(request.GET)
    return run


def run_or_404(request: HttpRequest) -> Run:
    """The same where there is nothing to show without figures; raises Http404."""
    run = run_of(request)
    if run is None:
        raise Http404
    return run


def run_asked(data: Mapping[str, Any]) -> Run | None:
    """The same for the fields of any question, such as those of a stored one."""
    asked = chosen(data)
    run = run_of_date(_date(asked)) if asked else selectors.current_run()
    if asked and run is None:
        raise NoSuchRun(asked)
    return run


def chosen(data: Mapping[str, Any]) -> str:
    """The reference date of an address, as it goes into the address of the next page; empty for the current run."""
    return str(data.get(PARAMETER) or "")


def norms_known(run: Run) -> list[Norm] | None:
    """The norms that a kept run knew, so that it keeps its colours; None where all norms count."""
    if run.kept_at is None:
        return None
    return [norm for norm in selectors.norms() if norm.created_at <= run.kept_at]


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise NoSuchRun(text) from None


def named(date: dt.date) -> str:
    """A date in Dutch words."""
    return formats.date_format(date, "j F Y")


def named_run(run: Run) -> str:
    """What a stored run is, in words."""
    if run.kept_as:
        return run.kept_as
    names = {RunState.CURRENT: "Actuele cijfers", RunState.KEPT: "Bewaarde peildatum"}
    return names.get(RunState(run.state), "Vorige berekening")
