"""A run counted by several workers: each part once, and the part of a worker that dies is counted by another."""

from collections.abc import Callable
from threading import Thread

import pytest
from django.db import close_old_connections, connection, connections

from kpi import actions, division
from kpi.calc.frames import to_date
from kpi.models import Run, RunPart
from tests.kpi.test_growing import published
from tests.support.random_days import REFERENCE_DAYS
from tests.support.random_region import random_records, random_reference
from tests.support.stored_records import store, store_catalogue

pytestmark = pytest.mark.django_db(transaction=True)
SEED = 2
AS_OF = to_date(REFERENCE_DAYS[SEED])
PARTS = 3
MONTHS = {"first": "2024-06", "last": "2024-08"}


@pytest.fixture(autouse=True)
def region(monkeypatch: pytest.MonkeyPatch) -> None:
    records, reference = random_records(SEED, "3.2", 8), random_reference(SEED)
    store_catalogue(reference.catalogue, dict(reference.outcomes))
    numbers = records.messages["message_id"].tolist()
    store(records, numbers)
    monkeypatch.setattr(division, "MESSAGES_PER_PART", -(-len(numbers) // PARTS))


def in_a_worker(work: Callable[[], object]) -> Thread:
    """Work in a thread with a connection of its own, begun."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    return thread


def without_help() -> dict[str, list[tuple[object, ...]]]:
    return published(actions.compute(as_of=AS_OF, **MONTHS))


def test_another_worker_can_count_every_part() -> None:
    counted: list[int] = []

    def helped(run: Run, parts: int) -> None:
        in_a_worker(lambda: division.help_count(run.pk)).join()
        counted.append(RunPart.objects.filter(run=run, content__isnull=False).count())

    run = actions.compute(as_of=AS_OF, call=helped, **MONTHS)
    assert counted == [PARTS]
    assert published(run) == without_help()


def test_two_workers_share_the_parts_between_them() -> None:
    helpers: list[Thread] = []
    run = actions.compute(
        as_of=AS_OF,
        call=lambda run, parts: helpers.append(in_a_worker(lambda: division.help_count(run.pk))),
        **MONTHS,
    )
    helpers[0].join()
    assert published(run) == without_help()
    assert not RunPart.objects.exists()


def test_a_worker_with_other_reference_data_does_not_help() -> None:
    def changed(run: Run, parts: int) -> None:
        Run.objects.filter(pk=run.pk).update(reference_digest="of something else")
        division.help_count(run.pk)
        assert not RunPart.objects.filter(run=run, content__isnull=False).exists()

    actions.compute(as_of=AS_OF, call=changed, **MONTHS)


def test_the_part_of_a_worker_that_dies_is_counted_by_another() -> None:
    dead = connection.copy()
    ends: list[Thread] = []

    def dies_later(run: Run, parts: int) -> None:
        dead.set_autocommit(False)
        with dead.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid() FROM kpi_runpart WHERE run_id = %s FOR UPDATE", [run.pk])
            (process,) = cursor.fetchone()
        ends.append(in_a_worker(lambda: end_when_waited_for(process)))

    run = actions.compute(as_of=AS_OF, call=dies_later, **MONTHS)
    ends[0].join()
    assert published(run) == without_help()
    dead.close()
    close_old_connections()


def end_when_waited_for(process: int) -> None:
    """End the database session of a worker as soon as another waits for what it holds."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))", [process])
            if cursor.fetchone()[0]:
                break
        cursor.execute("SELECT pg_terminate_backend(%s)", [process])
