"""The page of computations and the alarm on every page."""

import datetime as dt

import pytest
from celery import current_app
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from accounts.roles import Role
from kpi.models import Run, RunState
from kpi.refresh import WAITING
from tests.support.accounts import client_of, make_user
from tests.support.figures import AS_OF, publish_figures

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role)
def test_only_an_admin_sees_and_asks_for_computations(role):
    client = client_of(make_user(role))
    expected = role == Role.ADMIN
    assert client.get(reverse("kpi:runs")).status_code == (200 if expected else 403)
    assert client.post(reverse("kpi:compute_now")).status_code == (302 if expected else 403)
    assert AuditEvent.objects.filter(action="berekening gevraagd").exists() is expected


@pytest.fixture
def broker(monkeypatch):
    """A function that sets Celery's broker: its own inside this process, or one that cannot be reached."""

    def use(address: str) -> None:
        monkeypatch.setattr(current_app.conf, "broker_write_url", address, raising=False)
        monkeypatch.setattr(current_app.amqp, "_producer_pool", None)
        monkeypatch.setattr(current_app, "_pool", None)
        cache.clear()

    return use


def asked_by_admin() -> str:
    client = client_of(User.objects.filter(role=Role.ADMIN).first() or make_user(Role.ADMIN))
    return client.post(reverse("kpi:compute_now"), follow=True).content.decode()


def test_asking_says_that_it_was_asked_or_waited_already(broker):
    broker("memory://")
    assert "De berekening is gevraagd." in asked_by_admin()
    assert "Er wachtte al een berekening" in asked_by_admin()


def test_without_a_broker_it_was_not_asked_and_nothing_waits(broker):
    broker("redis://127.0.0.1:1/0")
    assert "De berekening is niet gevraagd: de wachtrij is niet bereikbaar." in asked_by_admin()
    assert cache.get(WAITING) is None
    assert AuditEvent.objects.get(action="berekening gevraagd").detail == {"uitkomst": "geen wachtrij"}


def test_asking_needs_a_post():
    assert client_of(make_user(Role.ADMIN)).get(reverse("kpi:compute_now")).status_code == 405


def test_a_failed_computation_is_told_on_every_page_to_who_can_do_something():
    publish_figures()
    Run.objects.create(as_of=AS_OF, state=RunState.FAILED, code_version="test", remark="De schijf is vol.")
    sentence = "De laatste berekening is mislukt; u ziet de cijfers van daarvoor. De schijf is vol."
    assert sentence in client_of(make_user(Role.ADMIN)).get(reverse("kpi:runs")).content.decode()
    assert sentence in client_of(make_user(Role.CONTRACT_MANAGER)).get(reverse("kpi:overview")).content.decode()
    assert sentence not in client_of(make_user(Role.MUNICIPALITY)).get(reverse("kpi:overview")).content.decode()


@pytest.mark.parametrize(("hours", "told"), [(29, False), (31, True)])
def test_no_computation_for_a_night_is_told(hours, told):
    run = publish_figures()
    Run.objects.filter(pk=run.pk).update(started_at=timezone.now() - dt.timedelta(hours=hours))
    page = client_of(make_user(Role.ADMIN)).get(reverse("kpi:runs")).content.decode()
    assert ("Er is al meer dan een dag niets berekend" in page) is told
