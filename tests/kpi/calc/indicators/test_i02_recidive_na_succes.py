"""2. Recidive na succes: care that comes back after a trajectory that ended in succes."""

from tests.kpi.calc.indicators.relapse import Relapse


class TestRelapseAfterSuccess(Relapse):
    kind, code = "succes", "31"
