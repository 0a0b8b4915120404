"""The tables of the data-quality page: plain strings, with the numbers that they tell for who takes them along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from accounts.scope import Scope
from messaging import quality
from messaging.decisions import Running, pgb_rows
from messaging.forms import QualityForm
from messaging.presenters import SOORT_NAMES, month_name, month_short, names, number, of, soort_name
from providers.models import Municipality

MONTHS_SHOWN = 12
ALWAYS_SHOWN = {"301", "302", "305", "306", "307", "308", "315", "316"}  # what every municipality must deliver (D-01)
CLAIMS = {"303", "323"}
Counts = dict[tuple[str, str, date], int]
Municipalities = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Told:
    """A number as the page tells it; ``count`` is None where there is no number to tell."""

    text: str
    count: int | None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure under a month; ``level`` is full, part or none and only adds to what the text says."""

    month: str
    text: str
    level: str
    count: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a matrix: a message type or a municipality."""

    code: str
    name: str
    cells: list[Cell]
    total: Told


def quality_form(scope: Scope, data: Mapping[str, Any], today: date) -> QualityForm:
    """The choices of the page as ``data`` fills them in; nothing outside the scope can be chosen."""
    known = Municipality.objects.all() if scope.region else Municipality.objects.filter(code=scope.municipality or "")
    months = last_months(today.replace(day=1), 3 * MONTHS_SHOWN)
    return QualityForm(data, municipalities=list(known.values_list("code", "name")), months=months)


def quality_page(scope: Scope, choices: dict[str, str], municipalities: Municipalities, today: date) -> dict[str, Any]:
    """All the page needs. ``municipalities`` are those in scope, as (code, name)."""
    months = _months(choices.get("tot"), today)
    chosen = choices.get("gemeente", "")
    shown = [pair for pair in municipalities if not chosen or pair[0] == chosen]
    window = quality.Window(months[0], _last_day(months[-1]), choices.get("wet", ""), chosen)
    counts = quality.coverage(scope, window)
    soort = choices.get("soort") or "301"
    decisions = pgb_rows(scope, shown, today)
    return {
        "months": [month_short(month) for month in months],
        "first": month_name(months[0]),
        "last": month_name(months[-1]),
        "headline": _headline(counts, shown, _last_full(months, today)),
        "per_soort": per_soort(counts, shown, months),
        "soort": soort_name(soort),
        "per_municipality": per_municipality(counts, soort, shown, months),
        "totals": totals(counts, soort, shown, months) if len(shown) > 1 else None,
        "unanswered": [_unanswered(row) for row in quality.unanswered(scope, window, today=today)],
        "overdue_weeks": quality.OVERDUE_DAYS // 7,
        "several": len(shown) > 1,
        "shown": len(shown),
        "pgb": [_pgb(*row) for row in decisions],
        "pgb_known": any(found for *_, found in decisions),
        "today": today,
    }


def _pgb(code: str, name: str, found: Running | None) -> dict[str, Any]:
    """The budget in eurocents beside its text."""
    if found is None:
        return {
            "code": code,
            "name": name,
            **dict.fromkeys(("decisions", "clients", "budget"), Told("geen bron", None)),
        }
    cents = found.budget if found.decisions else 0
    budget = "onbekend" if cents is None else f"€\N{NO-BREAK SPACE}{number(round(cents / 100))}"
    return {
        "code": code,
        "name": name,
        "decisions": _told(found.decisions),
        "clients": _told(found.clients),
        "budget": Told(budget, cents),
    }


def _told(count: int) -> Told:
    return Told(number(count), count)


def last_months(last: date, count: int) -> list[tuple[str, str]]:
    """The choices of the month field: (2026-11, november 2026), newest first."""
    months = reversed(_window(last, count))
    return [(f"{month:%Y-%m}", month_name(month)) for month in months]


def per_soort(counts: Counts, municipalities: Municipalities, months: Sequence[date]) -> list[Row]:
    """Types × months: how many municipalities deliver; for one municipality how many messages it delivered.

    A type that must come but never did is shown too: its absence is the finding.
    """
    found = {soort for soort, _, _ in counts}
    shown = ALWAYS_SHOWN | found | (set() if found & CLAIMS else {"323"})
    return [
        Row(soort, soort_name(soort), *_soort_cells(counts, soort, municipalities, months))
        for soort in SOORT_NAMES
        if soort in shown
    ]


def per_municipality(counts: Counts, soort: str, municipalities: Municipalities, months: Sequence[date]) -> list[Row]:
    """Municipalities × months: messages of one type."""
    rows = []
    for code, name in municipalities:
        values = [counts.get((soort, code, month), 0) for month in months]
        cells = [_count_cell(month, value) for month, value in zip(months, values, strict=True)]
        delivered = sum(value > 0 for value in values)
        rows.append(Row(code, name, cells, Told(of(delivered, len(months)), delivered)))
    return rows


def totals(counts: Counts, soort: str, municipalities: Municipalities, months: Sequence[date]) -> list[Cell]:
    """Per month “11 van 20”."""
    return [_share_cell(counts, soort, municipalities, month) for month in months]


def _soort_cells(
    counts: Counts, soort: str, municipalities: Municipalities, months: Sequence[date]
) -> tuple[list[Cell], Told]:
    total = _told(sum(counts.get((soort, code, month), 0) for code, _ in municipalities for month in months))
    if len(municipalities) == 1:
        code = municipalities[0][0]
        return [_count_cell(month, counts.get((soort, code, month), 0)) for month in months], total
    return totals(counts, soort, municipalities, months), total


def _share_cell(counts: Counts, soort: str, municipalities: Municipalities, month: date) -> Cell:
    found = sum((soort, code, month) in counts for code, _ in municipalities)
    level = "full" if found == len(municipalities) and found else "part" if found else "none"
    return Cell(month_short(month), of(found, len(municipalities)), level, found)


def _count_cell(month: date, count: int) -> Cell:
    return Cell(month_short(month), number(count) if count else "geen", "full" if count else "none", count)


def _headline(counts: Counts, municipalities: Municipalities, month: date) -> str:
    found = quality.delivering(counts, [code for code, _ in municipalities], month)
    missing = [name for code, name in municipalities if code not in found]
    if not municipalities:
        return "Er zijn nog geen gemeenten geladen; daarom is niet te zeggen wie ontbreekt."
    if len(municipalities) == 1:
        verb = "leverde" if found else "leverde geen"
        return f"{municipalities[0][1]} {verb} berichten aan in {month_name(month)}."
    head = f"In {month_name(month)} leverden {of(len(found), len(municipalities))} gemeenten berichten aan."
    return f"{head} Niet: {names(missing)}." if missing else head


def _unanswered(row: quality.Unanswered) -> dict[str, Any]:
    return {
        "name": soort_name(row.soort),
        "by": quality.ANSWERED_BY[row.soort],
        "sent": _told(row.sent),
        "unanswered": _told(row.unanswered),
        "overdue": _told(row.overdue),
        "level": "none" if row.overdue else "full",
    }


def _months(until: str | None, today: date) -> list[date]:
    last = date.fromisoformat(f"{until}-01") if until else today.replace(day=1)
    return _window(last, MONTHS_SHOWN)


def _window(last: date, count: int) -> list[date]:
    ordinal = last.year * 12 + last.month - 1
    return [date(at // 12, at % 12 + 1, 1) for at in range(ordinal - count + 1, ordinal + 1)]


def _last_day(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _last_full(months: Sequence[date], today: date) -> date:
    """The running month is not over: judge the one before it."""
    return months[-2] if _last_day(months[-1]) >= today else months[-1]
