"""The data gate: when the messages of a period do not allow a light, why not, and who can repair it.

What a measure needs stands in ``kpi.calc.needs``; here it is held against what was delivered.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from accounts.scope import Scope
from kpi import gate_data
from kpi.calc.checks import BY_CODE
from kpi.calc.definition import Measure
from kpi.calc.frames import to_date, to_day
from kpi.calc.needs import (
    CLAIM,
    CLAIM_DAYS,
    COVERED,
    FOLLOWED,
    LEFT_DAYS,
    NEEDS,
    SILENT_DAYS,
    Needs,
    followed,
    months_to_follow,
)
from kpi.calc.parameters import Parameters
from kpi.calc.periods import Period
from kpi.gate_data import NONE, Flaws, Place, place_of
from kpi.models import Run
from kpi.parameters import parameters_on
from kpi.selection import Selection
from kpi.wording import number
from messaging.coverage import Span
from messaging.presenters import SOORT_NAMES

SILENT, CLAIM_SILENT = dt.timedelta(days=SILENT_DAYS), dt.timedelta(days=CLAIM_DAYS)


@dataclass(frozen=True)
class DataGate:
    """``spans``: the first and last day with messages, by municipality and type of message."""

    scope: Scope
    run: Run
    spans: Mapping[tuple[str, str], Span]
    known: dict[Place, Flaws] = field(default_factory=dict)
    told: dict[tuple[Needs, str, Period], str] = field(default_factory=dict)

    def reason(self, measure: Measure, selection: Selection) -> str:
        """Why there is no light, in Dutch, with who can repair it; empty when the data are sufficient."""
        needs = NEEDS[measure.code]
        key = needs, selection.municipality, selection.period
        if key not in self.told:
            self.told[key] = next(filter(None, self._of_period(needs, selection)), "")
        return self.told[key] or next(self._of_place(needs, selection), "")

    def prepare(self, selections: Iterable[Selection]) -> None:
        """Read what the gate must know of many places at once, however many there are."""
        new = [selection for selection in selections if place_of(selection) not in self.known]
        found = gate_data.flaws(self.scope, self.run, new)
        self.known.update({place_of(selection): found.get(place_of(selection), NONE) for selection in new})

    def _of_period(self, needs: Needs, selection: Selection) -> Iterator[str]:
        """What holds for every provider alike."""
        period, as_of = selection.period, self.run.as_of
        if needs.amounts and to_date(period.last) + dt.timedelta(days=CLAIM_DAYS) > as_of:
            yield "declaraties over deze periode komen nog binnen"
        if needs.whole and to_date(period.last) > as_of:
            yield "de periode is nog niet voorbij"
        months = months_to_follow(needs, self._parameters) if needs.follow_up else 0
        if months and followed(period, months, to_day(as_of)) < FOLLOWED:
            yield f"nog bijna geen geval is {months} maanden te volgen; kies een eerdere periode"
        yield (
            self._lacking(needs, selection.municipality, period)
            if selection.municipality
            else self._coverage(needs, period)
        )

    @cached_property
    def _parameters(self) -> Parameters:
        """Those by which the run counted."""
        return parameters_on(self.run.as_of)

    @cached_property
    def _by_municipality(self) -> dict[str, dict[str, Span]]:
        found: dict[str, dict[str, Span]] = {}
        for (municipality, soort), span in self.spans.items():
            found.setdefault(municipality, {})[soort] = span
        return found

    def _lacking(self, needs: Needs, municipality: str, period: Period) -> str:
        """What one municipality did not deliver; nothing is known of one without any message."""
        own = self._by_municipality.get(municipality, {})
        last = min(to_date(period.last), self.run.as_of)
        if not own:
            return ""
        newest, oldest = max(last for _, last in own.values()), min(first for first, _ in own.values())
        if newest + SILENT < last:
            return f"de gemeente leverde na {newest:%d-%m-%Y} niets meer aan; vraag haar om de export"
        if oldest > to_date(period.first) + SILENT:
            return f"de gemeente levert pas aan sinds {oldest:%d-%m-%Y}"
        return next((told for group in needs.types if (told := _lacking_type(own, group, last))), "")

    def _coverage(self, needs: Needs, period: Period) -> str:
        """Whether enough municipalities delivered; for who sees one only, its own delivery is the whole."""
        last = min(to_date(period.last), self.run.as_of)
        newest = {town: max(latest for _, latest in own.values()) for town, own in self._by_municipality.items()}
        expected = [town for town, day in newest.items() if day + dt.timedelta(days=LEFT_DAYS) >= last]
        covered = [town for town in expected if not self._lacking(needs, town, period)]
        if not expected or len(covered) >= COVERED * len(expected):
            return ""
        return f"van {len(covered)} van de {len(expected)} gemeenten zijn de berichten volledig; zie Gegevenskwaliteit"

    def _of_place(self, needs: Needs, selection: Selection) -> Iterator[str]:
        """What is wrong at this municipality or provider, or in the region as a whole."""
        place = place_of(selection)
        if place not in self.known:
            self.prepare([selection])
        found = self.known[place]
        for code in (*needs.checks, *(("product_onbekend",) if selection.domain else ())):
            if code in found.checks:
                count = found.checks[code]
                parties = [("de gemeente", count.by_municipality), ("de aanbieder", count.by_provider)]
                who = " en ".join(name for name, wrong in parties if wrong)
                yield f"{BY_CODE[code].name.lower()}: {_share(count.wrong, count.examined)}; herstel door {who}"
        for soort in (soort for group in needs.types for soort in group if soort in found.rejected):
            yield f"{SOORT_NAMES[soort]} afgekeurd: {_share(*found.rejected[soort])}; herstel door de aanbieder"


def _lacking_type(own: Mapping[str, Span], group: tuple[str, ...], last: dt.date) -> str:
    """What is lacking of one kind of message, where others do come in; claims come every month."""
    name = " of ".join(SOORT_NAMES[soort] for soort in group)
    days = [own[soort][1] for soort in group if soort in own]
    if not days:
        return f"van de gemeente is geen enkele “{name}” bekend; vraag haar om de export"
    if group == CLAIM and max(days) + CLAIM_SILENT < last:
        return f"van de gemeente kwam na {max(days):%d-%m-%Y} geen “{name}” meer; vraag haar om de export"
    return ""


def _share(wrong: int, examined: int) -> str:
    return f"{number(wrong)} van {number(examined)} ({number(100 * wrong / examined, 1)}%)"
