"""What stands around the figures of a page: title, filter, chips, ways back."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from kpi import as_of, narrowing, selectors
from kpi.calc.frames import to_date
from kpi.filters import PageFilter, period_of
from kpi.models import Run
from kpi.pages import query, title
from kpi.selection import Selection
from kpi.wording import period_name

CHIP_NAMES = {
    **narrowing.LABELS,
    "norm": "Norm",
    "zoek": "Zoekt",
}


def surroundings(
    request: HttpRequest,
    page_filter: PageFilter,
    selection: Selection,
    compared: Sequence[str] = (),
    *,
    all_adds_up: bool = False,
) -> dict[str, Any]:
    """Context of every page of figures; ``compared``: the providers that it sets beside each other."""
    along = {"zoek": request.GET.get("zoek", ""), narrowing.COMPARED: " ".join(compared)}
    return {
        "filter": page_filter,
        "filter_action": request.path,
        "title": title(selectors.names() if selection.chosen else {}, selection),
        "notes": [
            *filter(None, [page_filter.refused, page_filter.told, _still_open(request.shown_run, selection)]),
            *narrowing.notes(selection, page_filter.ignored, all_adds_up=all_adds_up),
        ],
        "chips": list(_chips(request, page_filter)),
        "known_on": selection.known_on,
        "looking_back": _looking_back(request, selection),
        "clear_url": request.path,
        "long_query": query(selection, **{name: value for name, value in along.items() if value}),
        "back_url": reverse("kpi:providers" if selection.provider else "kpi:overview")
        + query(selection, without=["provider"]),
    }


def _still_open(run: Run, selection: Selection) -> str:
    """That a period is not over: its counts and amounts would look like a fall beside a whole one."""
    if to_date(selection.period.last) <= run.as_of:
        return ""
    return (
        f"{period_name(selection.period).capitalize()} loopt nog: dit zijn de cijfers tot en met"
        f" {as_of.named(run.as_of)}. Vergelijk aantallen en bedragen daarom niet met die van een hele periode."
    )


def _looking_back(request: HttpRequest, selection: Selection) -> dict[str, Any] | None:
    """For the notice above figures of another reference date than the current one."""
    if not selection.known_on:
        return None
    rest = [(name, value) for name, values in request.GET.lists() for value in values if name != as_of.PARAMETER]
    return {"run": request.shown_run, "now_url": f"{request.path}?{urlencode(rest)}"}


def _chosen_name(page_filter: PageFilter, name: str) -> str:
    if label := page_filter.carried.get(name):
        return period_name(period_of(label))
    if name not in page_filter.filters or not page_filter.form.is_valid():
        return ""
    code = page_filter.form.cleaned_data.get(name)
    return dict(page_filter.filters[name].extra["choices"]).get(code, "") if code else ""


def _chips(request: HttpRequest, page_filter: PageFilter) -> Iterator[dict[str, str]]:
    """One per chosen filter, with the address of the page without it."""
    given = [(name, value) for name, values in request.GET.lists() for value in values if value]
    for name, label in CHIP_NAMES.items():
        text = request.GET.get("zoek", "") if name == "zoek" else _chosen_name(page_filter, name)
        if text:
            rest = [(other, value) for other, value in given if other != name]
            yield {"text": f"{label}: {text}", "url": f"{request.path}?{urlencode(rest)}"}
    if as_of.chosen(request.GET):
        rest = [(other, value) for other, value in given if other != as_of.PARAMETER]
        day = as_of.named(request.shown_run.as_of)
        yield {"text": f"Peildatum {day}", "url": f"{request.path}?{urlencode(rest)}"}
