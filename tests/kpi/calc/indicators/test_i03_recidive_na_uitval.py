"""3. Recidive na uitval: care that comes back after a trajectory that ended in uitval."""

from tests.kpi.calc.indicators.relapse import Relapse


class TestRelapseAfterDropout(Relapse):
    kind, code = "uitval", "32"
