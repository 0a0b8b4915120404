"""Indicator 16: the message monitor."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kpi.calc.periods import Period
from tests.support.naive.catalogue import requests
from tests.support.naive.claims import Line
from tests.support.naive.days import calendar_days, quantile, working_days
from tests.support.naive.table import MONITOR, Table, by_scope, within
from tests.support.naive.traffic import CLAIMS, RETURN_OF, Message

WAITING_NORM = {"jeugdwet": 21, "wmo": 14}
ANSWER_NORM = {"302": None, "304": 20, "325": 20}
PRODUCT_FREE = {"domain": "", "product": "", "referrer": "", "delivery_form": ""}


@dataclass
class Lead:
    """One lead time; ``day`` decides the period."""

    measure: str
    place: dict[str, str]
    day: int
    days: int
    norm: int | None = None


def header_place(message: Message) -> dict[str, str]:
    return {**PRODUCT_FREE, "municipality": message.municipality, "provider": message.provider}


def write(table: Table, world: Any, periods: list[Period]) -> None:
    leads = [*_requests(world), *_allocations(world), *_reports(world), *_spells(world), *_answers(world)]
    per_measure: dict[str, list[Lead]] = defaultdict(list)
    for lead in leads:
        per_measure[lead.measure].append(lead)
    for measure, of_measure in per_measure.items():
        _write_leads(table, measure, of_measure, periods)
    _write_rejections(table, world, periods)
    _write_end_reasons(table, world, periods)


def _write_leads(table: Table, measure: str, leads: list[Lead], periods: list[Period]) -> None:
    for scope, own in by_scope(leads, MONITOR).items():
        for period in periods:
            cohort = [lead for lead in own if within(period, lead.day)]
            if not cohort:
                continue
            days = [lead.days for lead in cohort]
            table.ratio(measure, period, scope, sum(days), len(days))
            table.statistic(measure, period, scope, quantile(days, Fraction(1, 2)), len(days), "mediaan")
            if cohort[0].norm is not None:
                kept = sum(lead.days <= lead.norm for lead in cohort if lead.norm is not None)
                table.ratio(measure, period, scope, kept, len(cohort), "binnen_norm", always=True)


def _requests(world: Any) -> Iterator[Lead]:
    """Per requested product from the 315 to the earliest 301 with that reference."""
    granted: dict[tuple[str, str, str], int] = {}
    known = {allocation.key for allocation in world.allocations}
    for message in world.messages:
        for row in message.accepted("toewijzingen"):
            if (message.wet, message.municipality, row["toewijzing_nummer"]) in known:
                key = (message.wet, message.provider, row["referentie_aanbieder"])
                granted[key] = min(message.sent, granted.get(key, message.sent))
    for key, (message, _) in requests(world.messages).items():
        if key in granted:
            days = working_days(message.sent, granted[key])
            yield Lead("doorlooptijd_315_301", header_place(message), granted[key], days, 10)


def _allocations(world: Any) -> Iterator[Lead]:
    for allocation in world.allocations:
        place, sent = allocation.place, allocation.first_sent
        if allocation.starts:
            first = min(allocation.starts, key=lambda start: (start.begin, start.sent))
            waited = calendar_days(allocation.last["ingangsdatum"], first.begin)
            yield Lead("doorlooptijd_301_305", place, first.sent, calendar_days(sent, first.sent))
            yield Lead("wachttijd_start", place, first.sent, waited, WAITING_NORM[allocation.wet])
        if allocation.debits:
            claimed = min(line.message.sent for line in allocation.debits)
            yield Lead("doorlooptijd_301_303", place, claimed, calendar_days(sent, claimed))


def _reports(world: Any) -> Iterator[Lead]:
    for allocation in world.allocations:
        for start in allocation.starts:
            known = max(start.begin, allocation.first_sent)
            yield Lead("meldtijd_305", allocation.place, start.sent, working_days(known, start.sent), 5)
        for stop in allocation.stops:
            days = working_days(stop.row["einddatum"], stop.sent)
            yield Lead("meldtijd_307", allocation.place, stop.sent, days, 5)


def _spells(world: Any) -> Iterator[Lead]:
    for spell in world.spells:
        if spell.stop is None:
            continue
        days = calendar_days(spell.begin, spell.end)
        yield Lead("doorlooptijd_305_307", spell.place, spell.stop.sent, days)
        later = [line.message.sent for line in spell.allocation.debits if line.message.sent > spell.stop.sent]
        if later:
            days = calendar_days(spell.stop.sent, min(later))
            yield Lead("doorlooptijd_307_303", spell.place, min(later), days)


def _answers(world: Any) -> Iterator[Lead]:
    for message in world.messages:
        if message.answer is not None:
            answer = RETURN_OF[message.soort]
            day = message.answer["datum"]
            days = working_days(message.sent, day)
            yield Lead(f"reactietijd_{answer}", header_place(message), day, days, ANSWER_NORM.get(answer, 5))


def _write_rejections(table: Table, world: Any, periods: list[Period]) -> None:
    """Answered with a rejection, of one record too; a claim: of the whole or any line granted less than claimed."""
    lines: dict[Message, list[Line]] = defaultdict(list)
    for line in world.lines:
        lines[line.message].append(line)
    answered = [message for message in world.messages if message.answer is not None]
    refused = {message: _is_refused(message, lines[message]) for message in answered}
    for scope, own in by_scope(answered, MONITOR, header_place).items():
        for period in periods:
            cohort = [message for message in own if within(period, message.answer["datum"])]
            table.ratio("bericht_uitval", period, scope, sum(refused[message] for message in cohort), len(cohort))
            for soort in {message.soort for message in cohort}:
                of_type = [message for message in cohort if message.soort == soort]
                number = sum(refused[message] for message in of_type)
                table.ratio("bericht_uitval", period, scope, number, len(of_type), soort, always=True)


def _is_refused(message: Message, lines: list[Line]) -> bool:
    if message.rejected:
        return True
    if message.soort in CLAIMS:
        return any(line.granted < line.claimed for line in lines)
    return bool(message.rejected_records)


def _write_end_reasons(table: Table, world: Any, periods: list[Period]) -> None:
    stops = [stop for allocation in world.allocations for stop in allocation.stops]
    for scope, own in by_scope(stops, MONITOR, lambda stop: stop.allocation.place).items():
        for period in periods:
            cohort = [stop for stop in own if within(period, stop.sent)]
            codes = Counter(f"{stop.allocation.wet}:{stop.row['reden_beeindiging']}" for stop in cohort)
            for detail, number in codes.items():
                table.ratio("beeindigingscodes", period, scope, number, len(cohort), detail)
