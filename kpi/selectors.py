"""Scoped reads of the stored figures. Every function takes a Scope; ``in_scope`` is the only way to the rows."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Q, QuerySet, Subquery
from django.utils import formats, timezone

from accounts.scope import Scope
from kpi import jobs
from kpi.added_up import added, over_months, told
from kpi.calc.additive import WHOLE_PARTS, WITH_UNSHOWN, may_be_added
from kpi.calc.definition import Measure
from kpi.calc.disclosure import OF_OTHERS
from kpi.calc.indicators import MEASURES
from kpi.calc.periods import RANGE, months_in
from kpi.calc.scopes import ALL_SCOPES, DIMENSIONS
from kpi.models import Norm, Run, RunState, Value
from kpi.selection import Selection
from messaging.coverage import Span, spans
from providers.models import CareDomain, Municipality, Product, Provider

NUMBERS = ("numerator", "denominator", "value", "squares")
YEAR_DIGITS = 4
CHOICES_SECONDS = 3600
FRESH_DAYS = 31
LATE_HOURS = 30  # a nightly computation has a night and a morning
EXPECTED_DAYS = 183  # who delivered nothing for longer is taken to have merged or left


@dataclass(frozen=True, slots=True)
class Figure:
    """One stored value; ``numerator`` and ``denominator`` as in ``Value``."""

    measure: str
    period: str
    detail: str
    numerator: int | None
    denominator: int | None
    value: float
    squares: int | None = None


def current_run() -> Run | None:
    """The run that pages show."""
    return Run.objects.filter(state=RunState.CURRENT).first()


def in_scope(scope: Scope, run: Run) -> QuerySet[Value]:
    """The values of a run that a scope may see."""
    return _told(Value.objects.filter(run=run), scope)


def addable(scope: Scope, run: Run) -> QuerySet[Value]:
    """The same with what exists only to be added to; for sums, never to be shown by itself."""
    return _told(Value.every.filter(run=run), scope)


def tells(scope: Scope, measure: str) -> bool:
    """Whether a scope may see a measure at all: one municipality not what is about others."""
    return scope.region or measure not in OF_OTHERS


def _told(rows: QuerySet[Value], scope: Scope) -> QuerySet[Value]:
    return visible(rows, scope) if scope.region else visible(rows, scope).exclude(measure__in=OF_OTHERS)


def _of_sums(scope: Scope, run: Run) -> QuerySet[Value]:
    """The rows of a period that are added up over products or providers."""
    return addable(scope, run).filter(Q(shown=True) | Q(measure__in=WITH_UNSHOWN))


def visible(rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    """The rows that a scope may see: all, those of one municipality, or none."""
    if scope.region:
        return rows
    return rows.filter(municipality=scope.municipality) if scope.municipality else rows.none()


def figures(
    scope: Scope,
    run: Run,
    selection: Selection,
    measures: Iterable[str],
    labels: Iterable[str],
    *,
    details: bool = False,
) -> list[Figure]:
    """The values of one selection for measures and periods; with ``details`` also the rows of a detail.

    The period of the selection may be a range of months; of what does not add up over months it has no figure.
    """
    found = _found(scope, run, selection, measures, labels, None if details else "")
    return [figure for _, figure in found]


def figures_by(
    scope: Scope,
    run: Run,
    selection: Selection,
    dimension: str,
    measures: Iterable[str],
    labels: Iterable[str],
    detail: str = "",
) -> list[tuple[str, Figure]]:
    """The values per value of ``dimension`` (domain, municipality, provider, product) within a selection."""
    return _found(scope, run, selection, measures, labels, detail, dimension)


def _found(
    scope: Scope,
    run: Run,
    selection: Selection,
    measures: Iterable[str],
    labels: Iterable[str],
    detail: str | None,
    dimension: str = "",
) -> list[tuple[str, Figure]]:
    """The figures of periods, each with its value of ``dimension``; ``detail`` None is any."""
    wanted, codes = set(labels), list(measures)
    over = [name for name in selection.sets if name != dimension]
    rows = _selected(_of_sums(scope, run) if over else in_scope(scope, run), selection, codes, wanted, dimension)
    found = _read(rows if detail is None else rows.filter(detail=detail), over, dimension)
    if selection.period.kind == RANGE and selection.period.label in wanted:
        months = [month.label for month in months_in(selection.period)]
        rows = _exact(_selected(addable(scope, run), selection, codes, months, dimension), over)
        summed = over_months(rows, detail, *([dimension] if dimension else []))
        found += [(row.get(dimension, ""), _added_up(row, selection.period.label)) for row in summed]
    return found


def totals(scope: Scope, run: Run, selection: Selection, measure: str) -> Iterator[tuple[dict[str, str], Figure]]:
    """What a measure comes to over the range of months of a selection, in every kind of scope that has what was chosen.

    Each figure comes with its scope and dimensions; only of a measure that adds up over months are there any.
    """
    if selection.contradicts:
        return
    within = {f"{kind}__in": codes for kind, codes in selection.sets.items()}
    months = [month.label for month in months_in(selection.period)]
    rows = addable(scope, run).filter(measure=measure, period__in=months, **selection.chosen, **within)
    for row in over_months(rows, None, "scope", *DIMENSIONS):
        yield row, _added_up(row, selection.period.label)


def _exact(rows: QuerySet[Value], over: list[str]) -> QuerySet[Value]:
    """The rows that add up over dimensions."""
    exact = [code for code in MEASURES if may_be_added(code, over)]
    return rows.filter(measure__in=exact, detail__in=WHOLE_PARTS) if over else rows


def _read(rows: QuerySet[Value], over: list[str], dimension: str = "") -> list[tuple[str, Figure]]:
    """The figures of rows, each with its value of ``dimension``; added up over dimensions where that is exact."""
    by = ("measure", "period", "detail", *([dimension] if dimension else []))
    if not over:
        found = [(row[-1] if dimension else "", row) for row in rows.values_list(*NUMBERS, *by)]
        return [(key, Figure(*row[4:7], *row[:2], float(row[2]), row[3])) for key, row in found]
    summed = filter(told, added(_exact(rows, over), by))
    return [(row.get(dimension, ""), _added_up(row, row["period"])) for row in summed]


def _added_up(row: dict[str, Any], label: str) -> Figure:
    top, bottom = row["numerator_sum"], row["denominator_sum"]
    squares = row["squares_sum"] if row["squared"] == row["cells"] else None
    value = top / bottom if bottom else top
    return Figure(row["measure"], label, row["detail"], int(top), bottom and int(bottom), float(value), squares)


def figures_at(
    scope: Scope, run: Run, measures: Iterable[Measure], places: Iterable[Selection]
) -> dict[tuple[str, str], Figure]:
    """The figures that measures show at places, by measure and key of the place; a query per kind of place."""
    details = {measure.code: measure.headline_detail for measure in measures}
    found = {}
    for name, alike in _by_scope_name(places).items():
        within = {f"{dimension}__in": {place.chosen[dimension] for place in alike.values()} for dimension in name}
        rows = in_scope(scope, run).filter(
            scope="+".join(name) or "region", measure__in=list(details), detail__in=set(details.values()), **within
        )
        rows = rows.filter(period__in={period for period, *_ in alike})
        for measure, period, detail, *rest in rows.values_list("measure", "period", "detail", *name, *NUMBERS):
            place = alike.get((period, *rest[: len(name)]))
            if place is not None and detail == details[measure]:
                numerator, denominator, value, squares = rest[len(name) :]
                found[measure, place.key] = Figure(
                    measure, period, detail, numerator, denominator, float(value), squares
                )
    return found


def _by_scope_name(places: Iterable[Selection]) -> dict[tuple[str, ...], dict[tuple[str, ...], Selection]]:
    """Places by the dimensions they choose, then by their period and what they choose."""
    found: dict[tuple[str, ...], dict[tuple[str, ...], Selection]] = {}
    for place in places:
        if place.among:  # no single stored figure
            continue
        chosen = place.chosen
        found.setdefault(tuple(chosen), {})[place.period.label, *chosen.values()] = place
    return found


def _selected(
    rows: QuerySet[Value], selection: Selection, measures: Iterable[str], labels: Iterable[str], dimension: str = ""
) -> QuerySet[Value]:
    """Of ``rows`` those of a selection, also by a dimension; none where that combination is not computed."""
    name = selection.scope_with(dimension)
    if name not in ALL_SCOPES or selection.contradicts:
        return Value.objects.none()
    within = {f"{kind}__in": codes for kind, codes in selection.sets.items()}
    return rows.filter(scope=name, period__in=list(labels), measure__in=list(measures), **selection.chosen, **within)


def norms() -> list[Norm]:
    """All norm versions, the latest first."""
    return list(Norm.objects.order_by("-valid_from", "-id"))


def standing() -> str | None:
    """What changes whenever a page of current figures may: the run with its version, and the norms; one query."""
    norms = Norm.objects.order_by("-id").values("id")[:1]
    run = Run.objects.filter(state=RunState.CURRENT).annotate(norms=Subquery(norms)).first()
    return f"{run.key} {run.norms}" if run else None


def norms_version() -> int:
    """Changes whenever a norm is added; part of every cache key."""
    last = Norm.objects.order_by("-id").values_list("id", flat=True).first()
    return last or 0


def names() -> dict[str, dict[str, str]]:
    """Names of domains, municipalities and providers by code."""
    return {
        "domain": dict(CareDomain.objects.values_list("code", "name")),
        "municipality": dict(Municipality.objects.values_list("code", "name")),
        "provider": dict(Provider.objects.values_list("agb", "name")),
    }


def product_names() -> dict[str, str]:
    """The latest name of each product by ``wet:category:code``."""
    rows = Product.objects.order_by("valid_from").values_list("wet", "category", "code", "name")
    return {f"{wet}:{category}:{code}": name for wet, category, code, name in rows}


def all_names() -> dict[str, dict[str, str]]:
    """``names``, and those of products."""
    return names() | {"product": product_names()}


def choices(scope: Scope, run: Run) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer: only what has figures in this run and scope, by name."""
    key = f"kpi-choices:{run.key}:{scope.key}"
    found: dict[str, list[tuple[str, str]]] = cache.get_or_set(key, lambda: _choices(scope, run), CHOICES_SECONDS)
    return found


def _choices(scope: Scope, run: Run) -> dict[str, list[tuple[str, str]]]:
    known = names()
    prefix = "" if scope.region else "municipality+"
    result = {}
    for dimension in ("domain", "municipality", "provider"):
        name = {"domain": "domain+municipality", "municipality": "municipality", "provider": f"{prefix}provider"}
        wanted = name[dimension] if not scope.region else dimension
        codes = codes_with_figures(scope, run, wanted, dimension)
        offered = [(code, known[dimension].get(code, code)) for code in codes]
        result[dimension] = sorted(offered, key=lambda choice: choice[1].casefold())
    return result


def codes_with_figures(scope: Scope, run: Run, wanted: str, dimension: str) -> list[str]:
    """The codes of a dimension that have figures in a kind of scope, sorted.

    They are sought in the longest periods only: what has a figure in a month has one in its year.
    """
    labels = labels_of(run)
    years = {label for label in labels if label.isdigit()}
    longest = years | {label for label in labels if label[:YEAR_DIGITS] not in years}
    rows = in_scope(scope, run).filter(scope=wanted, period__in=longest)
    return [code for code in rows.values_list(dimension, flat=True).distinct().order_by(dimension) if code]


def labels_of(run: Run) -> list[str]:
    """The labels of all periods with figures in a run."""
    key = f"kpi-periods:{run.key}"
    rows = Value.objects.filter(run=run, scope="region", measure="clienten_in_zorg", detail="")
    periods = rows.values_list("period", flat=True).distinct().order_by("period")
    found: list[str] = cache.get_or_set(key, lambda: list(periods), CHOICES_SECONDS)
    return found


def data_status(scope: Scope, run: Run | None = None) -> str:
    """One sentence above every page: how fresh and how complete the figures of a run are, by default the current."""
    run = run or current_run()
    if run is None:
        return "Er zijn nog geen cijfers berekend. Dat gebeurt vanzelf nadat een beheerder berichten heeft geüpload."
    key = f"kpi-status:{run.key}:{scope.key}"
    sentence: str = cache.get_or_set(key, lambda: _status(scope, run), CHOICES_SECONDS)
    return sentence


def failure() -> str:
    """A sentence when the last computation failed or none was made for too long; else nothing."""
    last = Run.objects.filter(one_date=False).exclude(state=RunState.BUILDING).order_by("-id").first()
    if last is None:
        return ""
    if last.state == RunState.FAILED:
        return f"De laatste berekening is mislukt; u ziet de cijfers van daarvoor. {last.remark}".strip()
    behind = timezone.now() - last.started_at
    if behind > dt.timedelta(hours=LATE_HOURS):
        return "Er is al meer dan een dag niets berekend. Controleer of de worker en de planner draaien."
    return jobs.trouble()


def message_spans(scope: Scope, run: Run) -> dict[tuple[str, str], Span]:
    """The first and the last day with messages, per municipality and type, as the run saw it."""
    key = f"kpi-spans:{run.key}:{scope.key}"
    found: dict[tuple[str, str], Span] = cache.get_or_set(key, lambda: spans(scope, run.as_of), CHOICES_SECONDS)
    return found


def latest_messages(scope: Scope, run: Run) -> dict[str, dt.date]:
    """The date of the newest message per municipality of a scope, as the run saw it."""
    found: dict[str, dt.date] = {}
    for (municipality, _), (_, last) in message_spans(scope, run).items():
        found[municipality] = max(last, found.get(municipality, last))
    return found


def _status(scope: Scope, run: Run) -> str:
    dates = latest_messages(scope, run)
    if not dates:
        return f"Er zijn nog geen berichten van vóór de peildatum {_day(run.as_of)}."
    expected = [date for date in dates.values() if date >= run.as_of - dt.timedelta(days=EXPECTED_DAYS)]
    fresh = [date for date in expected if date >= run.as_of - dt.timedelta(days=FRESH_DAYS)]
    finished = timezone.localtime(run.finished_at) if run.finished_at else None
    parts = [f"Berichten tot en met {_day(max(dates.values()))}", f"peildatum {_day(run.as_of)}"]
    if finished:
        parts.append(f"berekend op {formats.date_format(finished, 'j F Y H:i')}")
    if scope.region:
        parts.append(f"{len(fresh)} van {len(expected)} gemeenten leverden de laatste maand aan")
    else:
        parts.append(f"uw gemeente leverde de laatste maand {'berichten' if fresh else 'geen berichten'} aan")
    return " · ".join(parts)


def _day(date: dt.date) -> str:
    return formats.date_format(date, "j F Y")
