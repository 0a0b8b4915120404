"""The one door to figures: who asks, of which run and about what. Pages and exports both come through it."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from accounts.scope import Scope
from kpi import as_of, pages, selectors
from kpi.calc.definition import Definition, Measure
from kpi.calc.indicators import DEFINITIONS
from kpi.filters import PageFilter
from kpi.models import Norm, Run
from kpi.selection import Selection

# The filters that a page does not have.
WITHOUT: dict[str, tuple[str, ...]] = {
    "providers": ("aanbieder",),
    "provider": ("aanbieder",),
    "compare": ("aanbieder",),
    "spread": ("aanbieder", "norm"),
    "monitor": ("zorgdomein", "norm"),
    "municipality": ("zorgdomein", "aanbieder"),
    "domain": ("aanbieder",),
}
BY_CODE = {definition.code: definition for definition in DEFINITIONS}


@dataclass(frozen=True)
class Asked:
    """A question about figures that was found to be allowed; ``selection`` lies within ``scope``."""

    scope: Scope
    run: Run
    page_filter: PageFilter
    selection: Selection
    now: dt.date = field(default_factory=timezone.localdate)

    @property
    def key(self) -> str:
        """What was chosen, for cache keys; the norms of now are those of a day."""
        return f"{self.selection.key} {self.now}" if self.selection.norm_of_now else self.selection.key

    def view(self) -> pages.View:
        return pages.view_of(self.scope, self.run, now=self.now, norms=self._norms())

    def _norms(self) -> list[Norm] | None:
        """An edition keeps its colours, unless the norms of now are asked for."""
        return None if self.selection.norm_of_now else as_of.norms_known(self.run)


def asked(
    request: HttpRequest,
    *,
    without: tuple[str, ...] = (),
    fixed: dict[str, str] | None = None,
    providers: list[str] | None = None,
    narrowed: bool = False,
    ranged: bool = True,
) -> Asked | None:
    """What a request asks; None while there are no figures at all.

    ``without``: filters that the page does not have; ``fixed``: dimensions that its address chose; ``providers``:
    those it sets beside each other; ``narrowed``: it follows the filters of ``narrowing``; ``ranged``: and a range
    of months.
    Raises Http404 for a provider without figures in the scope of whoever asks, and for a reference date of which no
    figures are kept.
    """
    scope, run = request.user.scope, as_of.run_of(request)
    if run is None:
        return None
    page_filter = PageFilter(request.GET, scope=scope, run=run, without=without, narrowed=narrowed, ranged=ranged)
    if providers is not None:  # which the same parameter named
        page_filter.ignored = [name for name in page_filter.ignored if name != "aanbieder"]
    selection = page_filter.selection().at(known_on=as_of.chosen(request.GET), **(fixed or {}))
    must_exist(scope, run, [selection.provider, *(providers or [])])
    return Asked(scope, run, page_filter, selection)


def must_exist(scope: Scope, run: Run, providers: list[str]) -> None:
    """A provider without figures in this scope does not exist for whoever asks."""
    wanted = set(filter(None, providers))
    if wanted and not wanted <= dict(selectors.choices(scope, run)["provider"]).keys():
        raise Http404


def asked_measure(request: HttpRequest, code: str) -> tuple[Definition, Measure]:
    """The indicator of an address with the measure that its query names, else its headline.

    Raises Http404 for an indicator that does not exist.
    """
    definition = BY_CODE.get(code)
    if definition is None:
        raise Http404
    measures: dict[str, Any] = {measure.code: measure for measure in definition.measures}
    return definition, measures.get(request.GET.get("maat", ""), definition.headline)
