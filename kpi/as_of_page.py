"""The page on which a reference date is chosen."""

from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.urls import reverse

from accounts.scope import Scope
from kpi import as_of, look_back
from kpi.calc.indicators import DEFINITIONS
from kpi.filters import PageFilter
from kpi.models import Run
from kpi.pages import query

INDICATOR_OF = {measure.code: definition for definition in DEFINITIONS for measure in definition.measures}


def address(chosen: dict[str, Any], page_filter: PageFilter) -> str:
    """Where the figures of the chosen day and selection are; empty when none are kept of that day."""
    run = as_of.run_of_date(chosen["datum"])
    if run is None:
        return ""
    selection = page_filter.selection().at(known_on=run.as_of.isoformat())
    if not page_filter.scope.region:
        selection = selection.at(municipality="")
    if chosen["maat"]:
        code = INDICATOR_OF[chosen["maat"]].code
        return reverse("kpi:indicator", args=[code]) + query(selection, maat=chosen["maat"])
    return reverse("kpi:overview") + query(selection)


def page(scope: Scope, form: Form) -> dict[str, Any]:
    """Context: the days of which figures are kept, the one being computed, and the one that is missing."""
    busy = look_back.waiting()
    return {
        "runs": [_line(run) for run in as_of.stored()],
        "busy": busy,
        "missing": form.cleaned_data["datum"] if form.is_bound and form.is_valid() else None,
    }


def _line(run: Run) -> dict[str, Any]:
    day = run.as_of.isoformat()
    return {
        "run": run,
        "name": as_of.named_run(run),
        "url": f"{reverse('kpi:overview')}?{urlencode({as_of.PARAMETER: day})}",
    }
