"""What the portal makes of the messages is exactly the care and the money that the region put into them."""

import datetime as dt
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from kpi.calc.frames import OPEN, to_day
from kpi.calc.state import State, build_state
from kpi.loading import load_records, load_reference
from messaging.region.billing import Key
from messaging.region.build import Region
from messaging.region.model import Care, Message
from messaging.region.writing import write
from tests.messaging.region.conftest import UNTIL, made

EPOCH = dt.date(1970, 1, 1).toordinal()
VOID = ("header", "answer")
Spell = tuple[str, str, int, int, int, str]


def accepted(region: Region, soort: str) -> list[Message]:
    refused = {id(message.answers) for message in region.messages if message.answers is not None and message.code}
    return [message for message in region.messages if message.soort == soort and id(message) not in refused]


def begins(region: Region) -> dict[Care, set[int]]:
    """The live starts that have happened."""
    net = Counter[tuple[Care, int]]()
    for message in accepted(region, "305"):
        for start in message.records:
            net[start.care, start.begin] += 1 if start.status == "1" else -1
    found: dict[Care, set[int]] = {}
    for (care, begin), count in net.items():
        if count > 0 and begin <= region.world.until:
            found.setdefault(care, set()).add(begin)
    return found


def ends(region: Region, begun: dict[Care, set[int]]) -> dict[Care, tuple[int, str]]:
    """The definitive stop of each care that has a start for it."""
    net = Counter[tuple[Care, int, int, str]]()
    for message in accepted(region, "307"):
        for stop in message.records:
            net[stop.care, stop.begin, stop.end, stop.reason] += 1 if stop.status == "1" else -1
    return {
        care: (end, reason)
        for (care, begin, end, reason), count in net.items()
        if count > 0 and reason != "20" and end <= region.world.until and begin in begun.get(care, ())
    }


def spells(region: Region) -> set[Spell]:
    begun = begins(region)
    ended = ends(region, begun)
    found = set()
    for care, days in begun.items():
        end, reason = ended.get(care, (None, ""))
        last = OPEN if end is None else end - EPOCH
        found.add((care.wet, care.municipality.code, care.number, min(days) - EPOCH, last, reason))
    return found


def granted(region: Region) -> Counter[Key]:
    """Eurocents per law, municipality and provider."""
    void = {id(m.answers) for m in region.messages if m.soort in ("304", "325") and m.level in VOID}
    answered = {id(m.answers) for m in region.messages if m.soort in ("304", "325")}
    totals = Counter[Key]()
    for message in region.messages:
        if message.soort in ("303", "323") and id(message) in answered - void:
            for line in message.records:
                amount = line.amount if line.granted is None else line.granted
                totals[message.wet, message.municipality, message.provider] += amount if line.sign == "D" else -amount
    return totals


@pytest.fixture(params=["2.3", "3.2"])
def ingested(request: pytest.FixtureRequest, db: None, tmp_path: Path) -> tuple[Region, State]:
    region = made(request.param, clients=120, months=18)
    write(region, tmp_path, zipped=True)
    call_command("load_reference", str(tmp_path / "referentie"), stdout=StringIO())
    call_command("ingest", str(tmp_path / "berichten.zip"), stdout=StringIO())
    return region, build_state(load_records(), load_reference(), to_day(UNTIL))


def test_the_portal_finds_the_care_and_the_money(ingested: tuple[Region, State]) -> None:
    region, state = ingested
    found = state.spells[["wet", "municipality", "toewijzing_nummer", "begin", "end", "reason"]]
    assert set(found.itertuples(index=False, name=None)) == spells(region)
    sums = state.lines.groupby(["wet", "municipality", "provider"], observed=True)["toegekend"].sum()
    assert {key: int(total) for key, total in sums.items() if total} == dict(+granted(region))
