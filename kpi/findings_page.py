"""The data-quality findings as pages show them: scores, counts with their course, and the list behind a count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.scope import Scope
from kpi import cells, finding_selectors, presenters
from kpi.calc.checks import CHECKS, Check
from kpi.calc.checks.frame import MUNICIPALITY, PROVIDER
from kpi.calc.definition import Measure, Unit
from kpi.calc.periods import Period, months_in
from kpi.calc.soundness import SMALLEST, score
from kpi.finding_selectors import Count
from kpi.models import Run
from kpi.pages import months_up_to, query
from kpi.selection import Selection
from kpi.wording import number, short_period

NOTHING = Count(0, 0, 0)
Counts = Mapping[str, Count]


@dataclass(frozen=True)
class Question:
    """Who asks, of which run and about what; ``selection`` lies within ``scope``."""

    scope: Scope
    run: Run
    selection: Selection
    names: dict[str, dict[str, str]]

    def counts_by(self, dimension: str, months: list[Period]) -> dict[str, dict[str, Count]]:
        labels = [month.label for month in months]
        return finding_selectors.counts_by(self.scope, self.run, self.selection, dimension, labels)

    def name(self, dimension: str, code: str) -> str:
        return self.names[dimension].get(code, code)


def page(question: Question, *, lists: bool) -> dict[str, Any]:
    """All the page of findings needs; ``lists``: whether to lead on to the lists of single findings."""
    trend, now = months_up_to(question.selection.period), months_in(question.selection.period)
    by_month = question.counts_by("month", sorted({*trend, *now}))
    total = _total(by_month.get(month.label, {}) for month in now)
    return {
        "score": score_of(total),
        "smallest": SMALLEST,
        "summary": _summary(total),
        "rows": [_row(question, check, total, by_month, trend, lists) for check in CHECKS],
        "months": [short_period(month) for month in trend],
        "municipalities": [] if question.selection.municipality else _places(question, "municipality", now),
        "providers": [] if question.selection.provider else _places(question, "provider", now),
        "lists": lists,
    }


def address(check: Check, selection: Selection, *, lists: bool) -> str:
    """Where the findings of one check are: their list, or for who may not see single ones the row that counts them."""
    if lists:
        return reverse("kpi:finding_list", args=[check.code]) + query(selection)
    return f"{reverse('kpi:findings')}{query(selection)}#{check.code}"


def counted(question: Question, check: Check) -> int:
    """How many findings of a check a selection has, as counted by the run."""
    by_month = question.counts_by("month", months_in(question.selection.period))
    return _total(by_month.values()).get(check.code, NOTHING).wrong


def score_of(counts: Counts) -> int | None:
    """The score of what was counted per check."""
    return score((count.examined, count.wrong) for count in counts.values())


def _summary(counts: Counts) -> str:
    ours, theirs = (
        sum(getattr(count, name) for count in counts.values()) for name in ("by_municipality", "by_provider")
    )
    if not ours + theirs:
        return "Geen bevindingen."
    found = "1 bevinding" if ours + theirs == 1 else f"{number(ours + theirs)} bevindingen"
    return f"{found}: {number(ours)} voor gemeenten en {number(theirs)} voor aanbieders om te herstellen."


def _total(parts: Iterable[Counts]) -> dict[str, Count]:
    found: dict[str, Count] = {}
    for part in parts:
        for kind, count in part.items():
            before = found.get(kind, NOTHING)
            found[kind] = Count(
                before.examined + count.examined,
                before.by_municipality + count.by_municipality,
                before.by_provider + count.by_provider,
            )
    return found


def _row(
    question: Question,
    check: Check,
    total: Counts,
    by_month: Mapping[str, Counts],
    trend: list[Period],
    lists: bool,
) -> dict[str, Any]:
    count = total.get(check.code, NOTHING)
    course = [by_month.get(month.label, {}).get(check.code, NOTHING) for month in trend]
    points = [
        (month.label, float(one.wrong) if one.examined else None) for month, one in zip(trend, course, strict=True)
    ]
    return {
        "check": check,
        "url": address(check, question.selection, lists=True) if lists and count.wrong else "",
        "spark": presenters.spark(Measure(check.code, check.name, Unit.COUNT, True), points),
        "months": [cells.count(one.wrong) if one.examined else None for one in course],
        **_numbers(count),
    }


def _numbers(count: Count) -> dict[str, cells.Quantity | None]:
    """The numbers of a count; what was not examined is unknown, not zero."""
    if not count.examined:
        return dict.fromkeys(("examined", "wrong", "share", "by_municipality", "by_provider"))
    return {
        "examined": cells.count(count.examined),
        "wrong": cells.count(count.wrong),
        "share": cells.share(count.wrong, count.examined),
        "by_municipality": cells.count(count.by_municipality),
        "by_provider": cells.count(count.by_provider),
    }


def _places(question: Question, dimension: str, months: list[Period]) -> list[dict[str, Any]]:
    """A row per municipality or provider, the least sound first, those without a score last."""
    found = [
        _place(question, dimension, code, counts) for code, counts in question.counts_by(dimension, months).items()
    ]
    return sorted(found, key=lambda row: (row["score"] is None, row["score"], row["name"].casefold()))


def _place(question: Question, dimension: str, code: str, counts: Counts) -> dict[str, Any]:
    total = Count(*(sum(getattr(count, name) for count in counts.values()) for name in finding_selectors.NUMBERS))
    most = max(CHECKS, key=lambda check: counts.get(check.code, NOTHING).wrong)
    return {
        "code": code,
        "name": question.name(dimension, code),
        "url": reverse("kpi:findings") + query(question.selection.at(**{dimension: code})),
        "score": score_of(counts),
        "most": f"{most.name} ({number(counts[most.code].wrong)})" if total.wrong else "",
        **_numbers(total),
    }


def repairs(check: Check) -> list[tuple[str, str]]:
    """Who can repair a finding, and how."""
    return [(party.capitalize(), check.repair[party]) for party in (MUNICIPALITY, PROVIDER) if party in check.repair]
