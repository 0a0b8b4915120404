"""What the data gate reads: findings, rejections and the days on which messages came, inside a scope.

A query per kind of place and of period, whatever the number of places.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Case, CharField, F, QuerySet, Sum, Value, When

from accounts.scope import Scope
from kpi import finding_selectors, selectors
from kpi.calc.needs import NEEDS, REJECTED, START, STOP, WRONG
from kpi.calc.periods import RANGE, months_in
from kpi.calc.soundness import SMALLEST
from kpi.finding_selectors import NUMBERS, Count
from kpi.models import Run
from kpi.selection import Selection

CHECKS = sorted({check for needs in NEEDS.values() for check in needs.checks})
TYPES = (START, STOP)
SUMS = {f"all_{name}": Sum(name) for name in NUMBERS}
Place = tuple[str, str, str]  # period, municipality, provider; empty is all


@dataclass(frozen=True, slots=True)
class Flaws:
    """What is too wrong at one place: by check, and by message type (rejected, answered)."""

    checks: Mapping[str, Count]
    rejected: Mapping[str, tuple[int, int]]


NONE = Flaws({}, {})


def place_of(selection: Selection) -> Place:
    """Findings and rejections have no care domain."""
    return selection.period.label, selection.municipality, selection.provider


def flaws(scope: Scope, run: Run, selections: Iterable[Selection]) -> dict[Place, Flaws]:
    """Only the places where something is beyond its limit."""
    found: dict[Place, tuple[dict[str, Count], dict[str, tuple[int, int]]]] = {}
    for alike in _alike(selections):
        for place, kind, count in _findings(scope, run, alike):
            found.setdefault(place, ({}, {}))[0][kind] = count
        for place, soort, pair in _rejections(scope, run, alike):
            found.setdefault(place, ({}, {}))[1][soort] = pair
    return {place: Flaws(*parts) for place, parts in found.items()}


def _alike(selections: Iterable[Selection]) -> list[list[Selection]]:
    """Places with the same kind of period and the same dimensions."""
    groups: dict[tuple[Any, ...], dict[Place, Selection]] = {}
    for selection in selections:
        kind = selection.period.kind, bool(selection.municipality), bool(selection.provider)
        groups.setdefault(kind, {})[place_of(selection)] = selection
    return [list(group.values()) for group in groups.values()]


def _within(rows: QuerySet[Any], places: list[Selection]) -> QuerySet[Any]:
    """The rows at places of one kind; a dimension that they do not name is left alone."""
    for dimension in ("municipality", "provider"):
        codes = {getattr(place, dimension) for place in places}
        if codes != {""}:
            rows = rows.filter(**{f"{dimension}__in": codes})
    return rows


def _findings(scope: Scope, run: Run, places: list[Selection]) -> Iterable[tuple[Place, str, Count]]:
    if not places[0].municipality and not places[0].provider:
        yield from _findings_of_all(scope, run, places)
        return
    months = {month.label: place.period.label for place in places for month in months_in(place.period)}
    own = [name for name in ("municipality", "provider") if getattr(places[0], name)]
    rows = _within(finding_selectors.in_scope(scope, run).filter(month__in=months, kind__in=CHECKS), places)
    summed = rows.order_by().annotate(label=_label("month", months)).values("label", "kind", *own)
    summed = summed.annotate(**SUMS).filter(
        all_examined__gte=SMALLEST,
        all_examined__lt=(F("all_by_municipality") + F("all_by_provider")) * WRONG.denominator / WRONG.numerator,
    )
    for row in summed:
        place = row["label"], row.get("municipality", ""), row.get("provider", "")
        yield place, row["kind"], Count(*(row[f"all_{name}"] for name in NUMBERS))


def _findings_of_all(scope: Scope, run: Run, places: list[Selection]) -> Iterator[tuple[Place, str, Count]]:
    """Of all places together, from their sums per month: pages ask for many periods, and each row is in several."""
    key = f"kpi-findings-by-month:{run.key}:{scope.key}"
    by_month = cache.get_or_set(key, lambda: _by_month(scope, run), selectors.CHOICES_SECONDS)
    for place in places:
        months = [month.label for month in months_in(place.period)]
        for kind in CHECKS:
            parts = [by_month[month, kind] for month in months if (month, kind) in by_month]
            count = Count(*map(sum, zip((0,) * len(NUMBERS), *parts, strict=True)))
            if SMALLEST <= count.examined < count.wrong / WRONG:
                yield place_of(place), kind, count


def _by_month(scope: Scope, run: Run) -> dict[tuple[str, str], tuple[int, ...]]:
    rows = finding_selectors.in_scope(scope, run).filter(kind__in=CHECKS).order_by().values("month", "kind")
    return {(row["month"], row["kind"]): tuple(row[f"all_{name}"] for name in NUMBERS) for row in rows.annotate(**SUMS)}


def _rejections(scope: Scope, run: Run, places: list[Selection]) -> Iterable[tuple[Place, str, tuple[int, int]]]:
    scope_name = places[0].at(domain="").scope_name
    stored = {
        one.label: place.period.label
        for place in places
        for one in (months_in(place.period) if place.period.kind == RANGE else [place.period])
    }
    rows = _within(selectors.in_scope(scope, run), places).filter(
        scope=scope_name, measure="bericht_uitval", detail__in=TYPES, period__in=stored
    )
    summed = (
        rows.order_by().annotate(label=_label("period", stored)).values("label", "municipality", "provider", "detail")
    )
    summed = summed.annotate(top=Sum("numerator"), bottom=Sum("denominator")).filter(
        bottom__gte=SMALLEST, bottom__lt=F("top") * REJECTED.denominator / REJECTED.numerator
    )
    for row in summed:
        yield (row["label"], row["municipality"], row["provider"]), row["detail"], (row["top"], row["bottom"])


def _label(column: str, labels: Mapping[str, str]) -> Case:
    """The label of the period in which the period of a row lies."""
    inside = {label: [one for one, found in labels.items() if found == label] for label in set(labels.values())}
    return Case(
        *(When(**{f"{column}__in": ones}, then=Value(label)) for label, ones in inside.items()),
        output_field=CharField(),
    )
