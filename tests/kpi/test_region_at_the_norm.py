"""A region in which every provider is exactly at the norm: chance alone may fill one light in forty, and no more.

The draws are seeded. Of each kind of measure (share, count per case, mean of skewed durations) the true value of every
provider is the green bound; what the list of providers then shows filled orange or red is a false alarm.
"""

from decimal import Decimal

import numpy as np
import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.scope import Scope
from kpi import provider_list, worklist_page
from kpi.calc.false_alarms import false_alarms
from kpi.calc.indicators import MEASURES
from kpi.calc.light import Kind, State
from kpi.calc.light import Norm as Bounds
from kpi.filters import period_of
from kpi.models import Norm, Run, RunState, Value
from kpi.pages import view_of
from kpi.selection import Selection
from tests.support.figures import AS_OF

pytestmark = pytest.mark.django_db
PROVIDERS, PERIODS = 300, ("2026-04", "2026-05", "2026-06")
REGION = Scope(region=True)
# measure, green, red; the durations are log-normal with a mean of 60 days
NORMS = (("uitval_pct", 0.20, 0.25), ("mutaties_pct", 0.30, 0.30), ("duur_gemiddeld", 60.0, 75.0))
SHARE_OF_FALSE_ALARMS = 0.03  # 2.5% aimed at, and a discrete count jumps around it


def draw(rng: np.random.Generator, measure: str, truth: float, cases: int) -> tuple[int, int | None]:
    """Numerator and sum of squares of one provider."""
    if measure != "duur_gemiddeld":
        return int(rng.binomial(cases, truth)), None
    days = np.maximum(1, np.rint(rng.lognormal(np.log(truth) - 0.5, 1.0, cases))).astype(int)
    return int(days.sum()), int((days**2).sum())


@pytest.fixture
def region():
    """A run of 300 providers with 10 to 200 cases each."""
    cache.clear()
    rng = np.random.default_rng(20261125)
    run = Run.objects.create(as_of=AS_OF, state=RunState.CURRENT, code_version="test", finished_at=timezone.now())
    rows = []
    for measure, green, red in NORMS:
        bounds = {"direction": "lager", "green": green, "red": red, "valid_from": "2020-01-01", "decided_by": "beleid"}
        Norm.objects.create(measure=measure, **bounds)
        for period in PERIODS:
            cases = rng.integers(10, 200, PROVIDERS)
            drawn = [draw(rng, measure, green, int(n)) for n in cases]
            parts = [
                ("provider", f"{place:08d}", top, int(n), squares)
                for place, (n, (top, squares)) in enumerate(zip(cases, drawn, strict=True))
            ]
            parts.append(("region", "", sum(top for top, _ in drawn), int(cases.sum()), None))
            rows += [
                Value(
                    run=run,
                    measure=measure,
                    period=period,
                    scope=scope,
                    provider=code,
                    numerator=top,
                    denominator=n,
                    squares=squares,
                    value=round(Decimal(top) / n, 6),
                )
                for scope, code, top, n, squares in parts
            ]
    Value.objects.bulk_create(rows)
    return run


def lights(run: Run) -> list[tuple[str, int, State, bool]]:
    """Measure, cases, state and certainty of every light in the list of providers, over all periods."""
    view = view_of(REGION, run, now=AS_OF)
    return [
        (cell.measure.code, cell.figure.denominator, cell.light.state, cell.light.certain)
        for period in PERIODS
        for line in provider_list.lines(view, Selection(period_of(period)))
        for cell in line.cells
        if cell
    ]


def test_one_light_in_forty_is_filled_by_chance_and_fewer_are_red(region):
    found = lights(region)
    assert len(found) == PROVIDERS * len(PERIODS) * len(NORMS)
    filled = [light for light in found if light[3] and light[2] in (State.ATTENTION, State.OFF_NORM)]
    red = [light for light in found if light[2] == State.OFF_NORM]
    assert len(filled) <= SHARE_OF_FALSE_ALARMS * len(found)
    assert len(red) <= len(filled)
    assert all(certain for *_, state, certain in red)
    assert any(state == State.OFF_NORM for *_, state, _ in found)  # else nothing was tested


def test_the_rule_itself_foretells_how_many(region):
    """As many as the preview of a norm says beforehand, within what chance allows (three standard deviations)."""
    shares = {code: (green, red) for code, green, red in NORMS if MEASURES[code].unit.value == "percentage"}
    found = [light for light in lights(region) if light[0] in shares]
    expected = sum(
        false_alarms(Kind.PROPORTION, cases, Bounds("lager", *shares[code])).filled for code, cases, *_ in found
    )
    filled = sum(certain and state in (State.ATTENTION, State.OFF_NORM) for *_, state, certain in found)
    assert abs(filled - expected) < 3 * expected**0.5


def test_nobody_comes_on_the_work_list(region):
    assert worklist_page.work_list(view_of(REGION, region, now=AS_OF), Selection(period_of("2026-06"))) == []
