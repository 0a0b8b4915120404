"""When the messages of a period do not allow a light."""

import datetime as dt

import pytest

from kpi.calc.indicators import MEASURES
from kpi.filters import period_of
from kpi.gates import DataGate
from kpi.selection import Selection

GATE = DataGate(dt.date(2026, 11, 25), {"0080": dt.date(2026, 11, 24), "0090": dt.date(2026, 6, 10)})
SHARE, MONEY = MEASURES["uitval_pct"], MEASURES["declaratiegraad"]


@pytest.mark.parametrize(
    ("measure", "period", "municipality", "words"),
    [
        (SHARE, "2026-Q3", "0080", ""),
        (SHARE, "2026-11", "0080", ""),  # running, and messages are up to date
        (SHARE, "2026-06", "0090", ""),  # 31 days are not late yet
        (SHARE, "2026-08", "0090", "leverde na 10-06-2026 niets meer aan"),
        (SHARE, "2026-11", "0090", "leverde na 10-06-2026 niets meer aan"),
        (SHARE, "2026-08", "", ""),  # the region: its coverage stands above the page
        (MONEY, "2026-08", "0080", ""),
        (MONEY, "2026-Q3", "0080", "komen nog binnen"),  # 30 September + 60 days is after the reference date
        (MONEY, "2026", "", "komen nog binnen"),
        (MONEY, "2025", "", ""),
    ],
)
def test_the_gate(measure, period, municipality, words):
    reason = GATE.reason(measure, Selection(period_of(period), municipality=municipality))
    assert words in reason
    assert bool(reason) is bool(words)
