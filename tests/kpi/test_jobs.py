"""Planned jobs: the monthly edition, what is forgotten, and the alarm when something does not run."""

import datetime as dt

import pytest
from celery import current_app
from django.conf import settings as portal_settings
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts import retention
from accounts.audit import record
from accounts.models import AuditEvent
from accounts.roles import Role
from kpi import editions, jobs
from kpi.as_of import run_of_date
from kpi.models import JobRun, Run, RunState
from kpi.tasks import heartbeat, publish_month
from tests.support.accounts import client_of, make_user
from tests.support.figures import publish_figures
from tests.support.traffic import make_message

pytestmark = pytest.mark.django_db
DUE = dt.date(2026, 11, 6)  # a Friday, the fifth working day


@pytest.fixture(autouse=True)
def nothing_stored():
    cache.clear()


@pytest.mark.parametrize(
    ("today", "month"),
    [("2026-11-05", None), ("2026-11-06", "2026-10-01"), ("2026-11-30", "2026-10-01"), ("2027-01-08", "2026-12-01")],
)
def test_an_edition_is_due_from_the_fifth_working_day_on(today, month):
    due = editions.month_due(dt.date.fromisoformat(today), 5)
    assert due == (month and dt.date.fromisoformat(month))


def test_an_edition_is_kept_once_and_is_what_its_date_shows():
    make_message("301", "0080", "2026-10-01")
    assert editions.publish_due(today=DUE - dt.timedelta(1), workday=5) is None
    edition = editions.publish_due(today=DUE, workday=5)
    assert (edition.kept_as, edition.state, edition.as_of) == ("Maandcijfers oktober 2026", RunState.KEPT, DUE)
    assert editions.publish_due(today=DUE + dt.timedelta(3), workday=5) is None
    Run.objects.filter(pk=edition.pk).update(values_count=1)
    Run.objects.create(as_of=DUE, state=RunState.CURRENT, code_version="later", values_count=1)
    assert run_of_date(DUE) == edition


def test_an_edition_that_failed_is_made_after_all():
    make_message("301", "0080", "2026-10-01")
    name = editions.name_of(dt.date(2026, 10, 1))
    Run.objects.create(as_of=DUE, state=RunState.FAILED, code_version="x", one_date=True, kept_as=name)
    assert editions.publish_due(today=DUE + dt.timedelta(1), workday=5).state == RunState.KEPT


def test_looks_at_clients_are_forgotten_after_their_term_and_changes_are_not():
    user = make_user(Role.ANALYST)
    now = timezone.now()
    for action in ("cliënt bekeken", "norm vastgesteld"):
        for age in (99, 101):
            event = record(by=user, action=action, subject="x")
            AuditEvent.objects.filter(pk=event.pk).update(at=now - dt.timedelta(days=age))
    assert retention.forget_looks(now=now, days=100) == 1
    assert AuditEvent.objects.filter(action="cliënt bekeken").count() == 1
    assert AuditEvent.objects.filter(action="norm vastgesteld").count() == 2


def test_a_job_that_fails_is_told_on_the_page_and_by_mail(monkeypatch, settings):
    settings.ADMINS = [("beheer", "beheer@localhost")]
    publish_figures()
    monkeypatch.setattr(editions, "keep", _broken)
    make_message("301", "0080", "2026-10-01")
    monkeypatch.setattr(timezone, "localdate", lambda *args: DUE)
    result = publish_month.apply()
    assert result.failed()
    run = JobRun.objects.get(name="kpi.tasks.publish_month")
    assert (run.failed, run.remark) == (True, "Fout: RuntimeError.")
    page = client_of(make_user(Role.ADMIN)).get(reverse("kpi:runs")).content.decode()
    assert "De taak “Maandcijfers bewaren”" in page
    assert [message.to for message in mail.outbox] == [["beheer@localhost"]]
    assert "geheim" not in mail.outbox[0].body + page


def _broken(run):
    raise RuntimeError("geheim")


def test_silence_of_the_worker_or_the_planner_is_told():
    publish_figures()
    assert list(jobs.troubles(timezone.now())) == []
    heartbeat.apply()
    jobs.alive(jobs.WORKER)
    assert list(jobs.troubles(timezone.now())) == []
    later = timezone.now() + jobs.SILENT + dt.timedelta(seconds=1)
    assert [sentence.split(" draait")[0] for sentence in jobs.troubles(later)] == ["De worker", "De planner"]


def test_every_planned_job_stands_on_the_page_with_its_next_moment():
    JobRun.objects.create(name="kpi.tasks.publish_month", finished_at=timezone.now())
    page = client_of(make_user(Role.ADMIN)).get(reverse("kpi:runs")).content.decode()
    current_app.loader.import_default_modules()
    tasks = {entry["task"] for entry in portal_settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks - jobs.EVERY_MINUTE <= set(jobs.NAMES)
    assert tasks <= set(current_app.tasks)
    for job in jobs.planned(timezone.now()):
        assert job.name in page
        assert dt.timedelta(minutes=-1) <= job.next_at - timezone.now() <= dt.timedelta(days=1, minutes=1)
