"""Why figures differ between two stored runs: worked out in the background once, then kept."""

import logging
from typing import Any

from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from kpi.calc import steps
from kpi.calc.frames import NO_NUMBER, to_day
from kpi.calc.indicators import MEASURES
from kpi.filters import period_of
from kpi.loading import load_records, load_reference
from kpi.models import Comparison, ComparisonState, Run
from kpi.selection import Selection

logger = logging.getLogger(__name__)
MOST_WAITING = 5
LOST = "De vergelijking is niet gelukt. Vraag haar opnieuw aan."


def find(earlier: Run, later: Run, measure: str, selection: Selection) -> Comparison | None:
    """The comparison of a selection, if it was ever asked for."""
    return Comparison.objects.filter(**_key(earlier, later, measure, selection)).first()


def ask_for(earlier: Run, later: Run, measure: str, selection: Selection) -> bool:
    """Have it worked out; False when too many wait already."""
    waiting = Comparison.objects.filter(state=ComparisonState.WAITING).count()
    if waiting >= MOST_WAITING:
        return False
    found, made = Comparison.objects.get_or_create(**_key(earlier, later, measure, selection))
    if not made:
        Comparison.objects.filter(pk=found.pk).update(state=ComparisonState.WAITING, remark="")
    _ask_worker(found.pk)
    return True


def work_out(comparison_id: int) -> None:
    """Work out a comparison that waits; doing it twice gives the same."""
    found = Comparison.objects.filter(pk=comparison_id, state=ComparisonState.WAITING)
    comparison = found.select_related("earlier", "later").first()
    if comparison is None:
        return
    try:
        result = result_of(comparison)
    except BaseException:
        found.update(state=ComparisonState.FAILED, remark=LOST)
        raise
    found.update(state=ComparisonState.DONE, result=result)


def result_of(comparison: Comparison) -> dict[str, Any]:
    """Per step its cause, the figures by measure as [numerator, denominator, value in millionths], and how many cases
    of the measure came, went and changed."""
    earlier, later = comparison.earlier, comparison.later
    named = {name: getattr(comparison, name) for name in ("domain", "municipality", "provider")}
    chosen = {name: value for name, value in named.items() if value}
    asked = steps.Asked(period_of(comparison.period), chosen, to_day(earlier.as_of), to_day(later.as_of))
    before, after = load_records(earlier.last_message_id), load_records(later.last_message_id)
    found: list[dict[str, Any]] = []
    cases = None
    for cause, state in steps.states(before, after, load_reference(later.as_of), asked):
        now = steps.case_keys(state, comparison.measure, asked)
        moved = steps.movement(cases, now) if cases is not None and now is not None else None
        found.append({"cause": cause, "figures": _figures(state, asked), "cases": moved})
        cases = now
    return {"steps": found}


def resume() -> None:
    """A worker began: what waits is asked for again."""
    for number in Comparison.objects.filter(state=ComparisonState.WAITING).values_list("pk", flat=True):
        _ask_worker(number)


def _figures(state: Any, asked: steps.Asked) -> dict[str, list[int | None]]:
    table = steps.figures(state, asked)
    return {
        row.measure: [_number(row.numerator), _number(row.denominator), int(row.value)]
        for row in table.itertuples(index=False)
        if row.detail == MEASURES[row.measure].headline_detail
    }


def _number(value: int) -> int | None:
    return None if value == NO_NUMBER else int(value)


def _key(earlier: Run, later: Run, measure: str, selection: Selection) -> dict[str, Any]:
    return {
        "earlier": earlier,
        "later": later,
        "measure": measure,
        "period": selection.period.label,
        "domain": selection.domain,
        "municipality": selection.municipality,
        "provider": selection.provider,
    }


def _ask_worker(number: int) -> None:
    """Without a broker it waits until a worker begins."""
    from kpi.tasks import compare_dates

    try:
        compare_dates.delay(number)
    except (OperationalError, RedisError):
        logger.warning("Comparison %s waits: the broker cannot be reached.", number)
