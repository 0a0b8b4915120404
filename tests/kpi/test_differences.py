"""What changed between two reference dates: the causes add up, and nobody sees more than the own rows."""

import datetime as dt

import pytest
from celery import current_app
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse

from accounts.roles import PERMISSIONS, Permission, Role
from kpi import actions, differences, look_back
from kpi.calc import steps
from kpi.calc.indicators import MEASURES
from kpi.differences_page import page
from kpi.filters import period_of
from kpi.models import Comparison, ComparisonState, Run, Value
from kpi.selection import Selection
from tests.support.accounts import client_of, make_user
from tests.support.figures import HERE, THERE, publish_figures

pytestmark = pytest.mark.django_db
UNTIL, EARLIER = dt.date(2026, 6, 30), dt.date(2026, 4, 15)


@pytest.fixture(autouse=True)
def broker(monkeypatch):
    monkeypatch.setattr(current_app.conf, "broker_write_url", "memory://", raising=False)
    cache.clear()


@pytest.fixture
def runs(db, tmp_path):
    """The figures of a small region on two dates."""
    out = tmp_path / "region"
    call_command("make_region", clients=40, months=10, seed=11, out=out, until=UNTIL, verbosity=0)
    call_command("load_reference", out / "referentie")
    call_command("ingest", str(out / "berichten"))
    later = actions.compute(as_of=UNTIL)
    earlier = look_back.ask_for(by=None, date=EARLIER, today=UNTIL)
    look_back.compute_date(earlier.pk)
    earlier.refresh_from_db()
    return earlier, later


def worked_out(runs, measure, selection):
    assert differences.ask_for(*runs, measure, selection)
    found = differences.find(*runs, measure, selection)
    differences.work_out(found.pk)
    found.refresh_from_db()
    assert found.state == ComparisonState.DONE
    return found


def test_the_steps_lead_from_the_old_figure_to_the_new_one_and_the_cases_with_them(runs):
    selection = Selection(period_of("2026-Q2"))
    found = worked_out(runs, "instroom", selection)
    told = found.result["steps"]
    assert [step["cause"] for step in told] == list(steps.CAUSES)
    moving = 0
    for run, step in ((runs[0], told[1]), (runs[1], told[-1])):
        stored = Value.objects.filter(run=run, scope="region", period="2026-Q2")
        for measure, (top, bottom, value) in step["figures"].items():
            rows = stored.filter(measure=measure, numerator=top, denominator=bottom)
            assert value in [int(row.value * 1_000_000) for row in rows], measure
    for measure, (_, _, value) in told[-1]["figures"].items():
        before = told[0]["figures"].get(measure)
        moving += before is not None and before[2] != value
    assert moving > 5
    count = told[0]["figures"]["instroom"][0]
    for step in told[1:]:
        count += step["cases"]["erbij"] - step["cases"]["weg"]
        assert count == step["figures"]["instroom"][0]


def test_the_causes_on_the_page_add_up_to_the_difference(runs):
    selection = Selection(period_of("2026"))
    user = make_user(Role.ANALYST)
    for code in ("gefactureerd", "meldtijd_305"):
        worked_out(runs, code, selection)
        context = page(user.scope, *runs, selection, MEASURES[code], "?x=1")
        old, new = (
            Value.objects.get(run=run, scope="region", period="2026", measure=code, detail="").value for run in runs
        )
        assert sum(line["amount"] for line in context["causes"]) == int((new - old) * 1_000_000) != 0


def test_messages_read_in_later_are_told_apart(runs):
    earlier, later = runs
    Run.objects.filter(pk=earlier.pk).update(last_message_id=later.last_message_id // 2)
    earlier.refresh_from_db()
    told = worked_out((earlier, later), "gefactureerd", Selection(period_of("2026-Q1"))).result["steps"]
    first, second = (step["figures"].get("gefactureerd", [0])[0] for step in told[:2])
    assert first < second


def two_dates():
    """Figures of two dates, with the region's other municipality in both."""
    run = publish_figures()
    Run.objects.update(values_count=1)
    date = dt.date(2026, 10, 1)
    other = Run.objects.create(as_of=date, state="bewaard", one_date=True, code_version="t", values_count=1)
    Value.objects.bulk_create(
        Value(run=other, **{f.name: getattr(value, f.name) for f in Value._meta.fields if f.name not in ("pk", "run")})
        for value in Value.objects.filter(run=run)
    )
    return run


@pytest.mark.parametrize("role", Role)
def test_who_sees_the_comparison_and_of_what(role):
    two_dates()
    client = client_of(make_user(role))
    allowed = Permission.SEE_DASHBOARD in PERMISSIONS[role]
    chosen = {"periode": "2026-Q3", "gemeente": THERE, "maat": "uitval_pct"}
    shown = client.get(reverse("kpi:differences"), chosen)
    assert shown.status_code == (200 if allowed else 403)
    asked = client.post(reverse("kpi:ask_differences"), chosen)
    assert asked.status_code == (302 if allowed else 403)
    kept = Comparison.objects.first()
    assert (kept is not None) is allowed
    if role == Role.MUNICIPALITY:
        assert kept.municipality == HERE
        assert "11 / 40" in shown.content.decode()
        assert "33 / 120" not in shown.content.decode()
    elif allowed:
        assert kept.municipality == THERE
        assert "33 / 120" in shown.content.decode()


def test_waiting_is_told_and_not_everybody_can_ask_at_once():
    two_dates()
    client = client_of(make_user(Role.ANALYST))
    for number, code in enumerate(["uitval_pct", "instroom", "uitstroom", "gefactureerd", "toegekend", "zwaarte_duur"]):
        page = client.post(reverse("kpi:ask_differences"), {"maat": code}, follow=True).content.decode()
        assert ("Ververs deze pagina" in page) is (number < differences.MOST_WAITING)
    assert "Er wachten al vergelijkingen" in page
    assert Comparison.objects.count() == differences.MOST_WAITING


def test_a_choice_that_does_not_exist_is_told():
    two_dates()
    response = client_of(make_user(Role.ANALYST)).get(reverse("kpi:differences"), {"vroeger": "2020-01-01"})
    assert response.status_code == 422
    assert "Kies iets uit de lijst" in response.content.decode()


def test_with_one_date_there_is_nothing_to_compare():
    publish_figures()
    client = client_of(make_user(Role.MUNICIPALITY))
    assert "nog geen twee peildata" in client.get(reverse("kpi:differences")).content.decode()
    assert client.post(reverse("kpi:ask_differences"), {"maat": "uitval_pct"}).url == reverse("kpi:differences")
    assert not Comparison.objects.exists()
