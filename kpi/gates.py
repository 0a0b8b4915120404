"""The data gate: when the messages of a period are not yet, or no longer, complete enough for a light."""

import datetime as dt
from dataclasses import dataclass

from kpi.calc.definition import Measure
from kpi.calc.frames import to_date
from kpi.selection import Selection

CLAIM_DAYS = 60  # claims over a month come in during the two months after it
SILENT_DAYS = 31  # a municipality that sent nothing for longer is behind


@dataclass(frozen=True)
class DataGate:
    """``as_of``: the run's reference date; ``latest``: the newest message of each municipality."""

    as_of: dt.date
    latest: dict[str, dt.date]

    def reason(self, measure: Measure, selection: Selection) -> str:
        """Why there is no light, in Dutch, with who can repair it; empty when the data are sufficient."""
        last = to_date(selection.period.last)
        if measure.of_money and last + dt.timedelta(days=CLAIM_DAYS) > self.as_of:
            return "declaraties over deze periode komen nog binnen"
        return self._silent(selection.municipality, min(last, self.as_of))

    def _silent(self, municipality: str, last: dt.date) -> str:
        newest = self.latest.get(municipality) if municipality else None
        if newest is None or newest + dt.timedelta(days=SILENT_DAYS) >= last:
            return ""
        return f"de gemeente leverde na {newest:%d-%m-%Y} niets meer aan; vraag haar om de export"
