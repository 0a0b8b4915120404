"""New messages added to the figures there are: the same, to the last byte, as figures computed from the start."""

import datetime as dt
from random import Random

import pytest
from django.db import connection

from kpi import actions, division, question
from kpi.calc.frames import to_date
from kpi.calc.scopes import ALL_SCOPES
from kpi.models import Finding, KraljicPosition, Run, RunPart, Value
from tests.support.random_days import REFERENCE_DAYS
from tests.support.random_region import random_records, random_reference
from tests.support.stored_records import store, store_catalogue

pytestmark = pytest.mark.django_db
REGIONS = [(1, "2.3"), (2, "3.2")]


def published(run: Run) -> dict[str, list[tuple[object, ...]]]:
    """Everything that a run shows, and what lies ready to be added to."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM kpi_value_run_{run.pk}")
        values = sorted(tuple(map(str, row[1:])) for row in cursor.fetchall())
    positions = KraljicPosition.objects.filter(run=run).order_by("domain", "provider").values_list()
    findings = Finding.objects.filter(run=run).order_by("month", "municipality", "provider", "kind").values_list()
    return {
        "values": values,
        "positions": [row[1:] for row in positions],
        "findings": [row[1:] for row in findings],
    }


def as_of(seed: int) -> dt.date:
    return to_date(REFERENCE_DAYS[seed])


def arrivals(seed: int, release: str, share: float):
    """A region's messages in two lots, whatever their dates, and a function that stores one."""
    records = random_records(seed, release, 12)
    reference = random_reference(seed)
    store_catalogue(reference.catalogue, dict(reference.outcomes))
    numbers = records.messages["message_id"].tolist()
    Random(seed).shuffle(numbers)
    cut = int(len(numbers) * share)
    return records, numbers[:cut], numbers[cut:]


def same(one: Run, other: Run) -> None:
    found, expected = published(one), published(other)
    for part in expected:
        assert found[part] == expected[part], part


@pytest.mark.parametrize(("seed", "release"), REGIONS)
def test_messages_added_to_a_run_give_what_a_whole_computation_gives(seed: int, release: str) -> None:
    records, first, later = arrivals(seed, release, 0.9)
    store(records, first)
    run = actions.compute(as_of=as_of(seed))
    store(records, later, shift=100_000)
    grown = actions.refresh(as_of=as_of(seed))
    assert (grown.pk, grown.version) == (run.pk, 1)
    same(grown, actions.compute(as_of=as_of(seed)))


def test_a_run_that_lacks_a_scope_is_not_added_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else that scope would hold the new messages only."""
    records, first, later = arrivals(2, "3.2", 0.9)
    store(records, first)
    fewer = {name: columns for name, columns in ALL_SCOPES.items() if name != "municipality+delivery_form"}
    with monkeypatch.context() as before:
        before.setattr(question, "ALL_SCOPES", fewer)
        run = actions.compute(as_of=as_of(2))
    assert not Value.objects.filter(run=run, scope="municipality+delivery_form").exists()
    store(records, later, shift=100_000)
    renewed = actions.refresh(as_of=as_of(2))
    assert renewed.pk != run.pk
    same(renewed, actions.compute(as_of=as_of(2)))


def test_a_run_counted_in_parts_is_the_run_counted_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    records, numbers, _ = arrivals(2, "3.2", 1.0)
    store(records, numbers)
    whole = published(actions.compute(as_of=as_of(2)))
    monkeypatch.setattr(division, "MESSAGES_PER_PART", -(-len(numbers) // 3))
    asked = []
    run = actions.compute(as_of=as_of(2), call=lambda run, parts: asked.append(parts))
    assert asked == [3]
    assert published(run) == whole
    assert not RunPart.objects.exists()


def test_postgres_knows_of_the_findings_that_pages_add_up() -> None:
    records, first, later = arrivals(2, "3.2", 0.5)
    for lot, numbers in enumerate((first, later)):
        store(records, numbers, shift=lot * 100_000)
        actions.refresh(as_of=as_of(2))
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [Finding._meta.db_table])
            assert cursor.fetchone()[0] == Finding.objects.count() > 0
