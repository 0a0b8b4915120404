"""When figures are computed anew: one computation at a time, and no change that is never computed."""

import pytest
from celery import current_app
from django.core.cache import cache
from django.db import connection

from kpi import actions, refresh
from kpi.models import Run, RunState
from kpi.storing import INTERRUPTED
from kpi.tasks import refresh as task
from tests.support.traffic import make_message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_message():
    return make_message("301", "0080", "2026-10-01")


@pytest.fixture(autouse=True)
def broker(monkeypatch):
    """Celery's own broker inside this process, and nothing asked yet."""
    monkeypatch.setattr(current_app.conf, "broker_write_url", "memory://", raising=False)
    monkeypatch.setattr(current_app.amqp, "_producer_pool", None)  # connections that an earlier test made
    monkeypatch.setattr(current_app, "_pool", None)
    cache.clear()
    current_app.control.purge()


@pytest.fixture
def another():
    """A connection of another worker."""
    other = connection.copy()
    yield other
    other.close()


@pytest.fixture
def during(monkeypatch):
    """A function that has something happen in the middle of every computation."""
    really = actions.counted

    def happens(event):
        def counted(*args):
            event()
            return really(*args)

        monkeypatch.setattr(actions, "counted", counted)

    return happens


def asked():
    """How many computations wait for a worker."""
    with current_app.connection_for_write() as broker, broker.SimpleQueue("celery") as queue:
        return queue.qsize()


def locked_by(other):
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [refresh.REFRESH_LOCK])
        return cursor.fetchone()[0]


def test_a_change_asks_once_and_is_computed_once():
    refresh.request_refresh()
    refresh.request_refresh()
    assert asked() == 1
    task()
    task()
    assert asked() == 1
    assert Run.objects.get().state == RunState.CURRENT


def test_without_any_message_there_is_nothing_to_compute(a_message):
    a_message.delete()
    refresh.request_refresh()
    task()
    assert not Run.objects.exists()


def test_when_the_last_message_is_taken_back_its_figures_go_too(a_message):
    task()
    a_message.delete()
    refresh.request_refresh()
    task()
    assert Run.objects.count() == 2


def test_while_one_computes_no_other_begins(another):
    assert locked_by(another)
    refresh.request_refresh()
    task()
    assert not Run.objects.exists()


def test_a_change_during_a_computation_is_computed_after_it(during):
    during(refresh.request_refresh)
    refresh.request_refresh()
    task()
    assert asked() == 2
    assert not refresh.up_to_date()


def test_a_change_that_another_worker_took_up_meanwhile_is_asked_for_again(during, another):
    def taken_up_elsewhere():
        refresh.request_refresh()
        assert not locked_by(another)
        refresh.taken_up()

    during(taken_up_elsewhere)
    refresh.request_refresh()
    task()
    assert asked() == 3


def test_a_computation_that_fails_leaves_the_door_open(during, another):
    def broken():
        raise RuntimeError

    during(broken)
    with pytest.raises(RuntimeError):
        task()
    assert locked_by(another)
    assert asked() == 0


def test_a_new_worker_asks_for_what_a_killed_one_had_begun():
    refresh.request_refresh()
    refresh.taken_up()
    refresh.resume()
    assert asked() == 2


def test_a_new_worker_asks_for_what_a_killed_one_had_only_received():
    refresh.request_refresh()
    refresh.resume()
    assert asked() == 2


def test_a_run_that_a_killed_worker_left_is_closed_by_the_next():
    left = Run.objects.create(as_of="2026-10-01", code_version="test", last_message_id=0)
    task()
    left.refresh_from_db()
    assert (left.state, left.remark) == (RunState.FAILED, INTERRUPTED)
    assert Run.objects.exclude(pk=left.pk).get().state == RunState.CURRENT


def test_a_new_worker_asks_nothing_when_nothing_changed_since_the_figures():
    refresh.resume()
    assert asked() == 0
    refresh.request_refresh()
    task()
    refresh.resume()
    assert asked() == 1
