"""Figures as they were known on a date: computed beside the current ones, on every page, and nothing but that."""

import csv
import datetime as dt
import re

import pytest
from celery import current_app
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.roles import PERMISSIONS, Permission, Role
from kpi import actions, look_back
from kpi.calc.checks import CHECKS
from kpi.exceptions import LookBackError
from kpi.models import Norm, Run, RunState, Value
from tests.support.accounts import client_of, make_user
from tests.support.figures import AS_OF, HERE, publish_figures
from tests.support.traffic import make_message

pytestmark = pytest.mark.django_db
UNTIL, EARLIER = dt.date(2026, 6, 30), dt.date(2026, 4, 15)
DAY = EARLIER.isoformat()


@pytest.fixture(autouse=True)
def broker(monkeypatch):
    """Celery's own broker inside this process, and nothing stored of before."""
    monkeypatch.setattr(current_app.conf, "broker_write_url", "memory://", raising=False)
    cache.clear()


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    out = tmp_path_factory.mktemp("region") / "region"
    call_command("make_region", clients=25, months=10, seed=7, out=out, until=UNTIL, verbosity=0)
    return out


@pytest.fixture
def run(db, region) -> Run:
    call_command("load_reference", region / "referentie")
    call_command("ingest", str(region / "berichten"))
    return actions.compute(as_of=UNTIL)


@pytest.fixture
def kept(run) -> Run:
    asked = look_back.ask_for(by=make_user(Role.ANALYST, username="vrager"), date=EARLIER, today=UNTIL)
    look_back.compute_date(asked.pk)
    asked.refresh_from_db()
    return asked


def test_the_kept_figures_are_those_of_the_export_of_that_date(kept, tmp_path):
    out = tmp_path / "uit.csv"
    call_command(
        *("export_indicators", f"--as-of={DAY}", "--period=quarter", "--from=2026-Q1", "--to=2026-Q2"),
        *("--scope=region", "--scope=provider", f"--out={out}"),
    )
    with out.open() as lines:
        told = {
            (row["measure"], row["period"], row["provider"], row["detail"]): f"{float(row['value']):.6f}"
            for row in csv.DictReader(lines)
        }
    stored = Value.objects.filter(run=kept, period__in=["2026-Q1", "2026-Q2"], scope__in=["region", "provider"])
    columns = ("measure", "period", "provider", "detail", "value")
    assert {row[:4]: f"{row[4]:.6f}" for row in stored.values_list(*columns)} == told
    assert len(told) > 100


def test_a_kept_date_is_never_current_and_outlives_what_is_current(kept, run):
    assert (kept.state, kept.one_date) == (RunState.KEPT, True)
    for _ in range(3):
        actions.compute(as_of=UNTIL)
    kept.refresh_from_db()
    assert Value.every.filter(run=kept).count() == kept.values_count > 0
    assert Run.objects.get(state=RunState.CURRENT).as_of == UNTIL


def test_pages_explanations_and_exports_show_the_date_of_their_address(kept):
    client = client_of(make_user(Role.ANALYST))
    asked = {"periode": "2026-Q1", "peildatum": DAY}
    for name, args in (
        *(("kpi:overview", []), ("kpi:providers", []), ("kpi:indicator", ["instroom"]), ("kpi:monitor", [])),
        *(("kpi:explain", ["instroom"]), ("kpi:findings", []), ("kpi:kraljic", [])),
    ):
        page = client.get(reverse(name, args=args), asked).content.decode()
        assert "15 april 2026" in page, name
        assert "peildatum 30 juni 2026" not in page, name
    value = Value.objects.get(run=kept, scope="region", measure="instroom", period="2026-Q1", detail="")
    page = client.get(reverse("kpi:explain", args=["instroom"]), asked).content.decode()
    assert f"{value.numerator} zaken tellen op tot {value.numerator}. Dat is het cijfer hierboven" in page
    rows = client.get(reverse("kpi:export_overview", args=["csv"]), asked)
    assert AuditEvent.objects.filter(detail__berekening=kept.pk, action="export csv").exists()
    assert rows.content != client.get(reverse("kpi:export_overview", args=["csv"]), {"periode": "2026-Q1"}).content


def test_the_date_goes_along_from_a_finding_to_its_client(kept):
    client, asked = client_of(make_user(Role.CONTRACT_MANAGER)), {"periode": "2026-Q1", "peildatum": DAY}
    pages = [client.get(reverse("kpi:finding_list", args=[check.code]), asked).content.decode() for check in CHECKS]
    links = [link for page in pages for link in re.findall(r'href="(/clienten/[^"]*)"', page)]
    assert links
    assert all(link.endswith(f"/?peildatum={DAY}") for link in links)


def test_the_date_goes_along_to_the_next_page_and_can_be_taken_away():
    run = publish_figures()
    Run.objects.update(values_count=1)
    page = client_of(make_user(Role.ANALYST)).get(reverse("kpi:overview"), {"peildatum": AS_OF.isoformat()})
    text = page.content.decode()
    assert f"peildatum={run.as_of}" in text.split("Lichten per aanbieder")[0].rsplit("<a", 1)[1]
    assert f'<input type="hidden" name="peildatum" value="{run.as_of}">' in text
    assert "Verwijder filter Peildatum 25 november 2026" in text


@pytest.mark.parametrize("asked", ["2026-10-01", "gisteren", "2026-13-40", "1", "'"])
def test_a_date_of_which_nothing_is_kept_is_told(asked):
    publish_figures()
    for role in (Role.MUNICIPALITY, Role.CONTRACT_MANAGER):
        response = client_of(make_user(role)).get(reverse("kpi:overview"), {"peildatum": asked})
        assert response.status_code == 404
        assert "zijn geen cijfers bewaard" in response.content.decode()


@pytest.mark.parametrize("role", Role)
def test_who_may_ask_for_a_date_that_is_not_there(role):
    publish_figures()
    make_message("301", HERE, "2026-01-01")
    response = client_of(make_user(role)).post(reverse("kpi:ask_date"), {"datum": "2026-05-01"})
    allowed = Permission.ASK_DATE in PERMISSIONS[role]
    assert response.status_code == (302 if allowed else 403)
    assert Run.objects.filter(one_date=True, state=RunState.WAITING).count() == (1 if allowed else 0)
    assert AuditEvent.objects.filter(action="peildatum gevraagd", subject="2026-05-01").exists() is allowed
    assert (role in (Role.CONTRACT_MANAGER, Role.ANALYST, Role.ADMIN)) is allowed


def test_one_date_at_a_time():
    publish_figures()
    make_message("301", HERE, "2026-01-01")
    user = make_user(Role.ANALYST)
    look_back.ask_for(by=user, date=dt.date(2026, 5, 1), today=AS_OF)
    with pytest.raises(LookBackError, match="1 mei 2026 wordt nu uitgerekend"):
        look_back.ask_for(by=user, date=dt.date(2026, 5, 2), today=AS_OF)
    page = client_of(user).get(reverse("kpi:as_of"), {"datum": "2026-05-01"}).content.decode()
    assert "Peildatum 1 mei 2026 wordt uitgerekend" in page
    assert "Ververs deze pagina" in page


@pytest.mark.parametrize(
    ("date", "sentence"),
    [
        (AS_OF + dt.timedelta(1), "ligt in de toekomst"),
        (dt.date(2025, 12, 31), "Het eerste bericht is van 1 januari 2026"),
        (AS_OF, "zijn er al"),
    ],
)
def test_what_cannot_be_asked_says_what_to_do(date, sentence):
    publish_figures()
    Run.objects.update(values_count=1)
    make_message("301", HERE, "2026-01-01")
    with pytest.raises(LookBackError, match=sentence):
        look_back.ask_for(by=make_user(Role.ANALYST), date=date, today=AS_OF)
    assert not Run.objects.filter(one_date=True).exists()


def test_choosing_a_kept_date_leads_to_its_figures():
    run = publish_figures()
    Run.objects.update(values_count=1)
    client = client_of(make_user(Role.MUNICIPALITY))
    chosen = {"datum": "25-11-2026", "maat": "uitval_pct", "periode": "2026-Q3", "zorgdomein": "jeugd-ggz"}
    response = client.get(reverse("kpi:as_of"), chosen)
    assert response.status_code == 302
    assert response.url.startswith(f"{reverse('kpi:indicator', args=['uitval'])}?periode=2026-Q3&zorgdomein=jeugd-ggz")
    assert f"peildatum={run.as_of}" in response.url
    assert client.get(response.url).status_code == 200
    assert client.get(reverse("kpi:as_of"), {"datum": "morgen"}).status_code == 422


def test_a_kept_run_keeps_its_colours_when_a_norm_is_added_later():
    run = publish_figures()
    kept_at = timezone.now() + dt.timedelta(days=1)
    Run.objects.filter(pk=run.pk).update(kept_at=kept_at, values_count=1)
    Norm.objects.create(
        measure="uitval_pct", direction="lager", green="0.10", red="0.15", valid_from="2020-01-01", decided_by="beleid"
    )
    client = client_of(make_user(Role.ANALYST))
    asked = {"periode": "2026-Q3"}
    address = reverse("kpi:explain", args=["uitval"])
    assert "hoogstens 10,0%" in client.get(address, asked).content.decode().lower()
    Norm.objects.update(created_at=kept_at + dt.timedelta(days=1))
    assert "Geen norm vastgesteld" in client.get(address, asked).content.decode()


def test_a_fault_is_kept_in_the_list_and_raises_no_alarm(run, monkeypatch):
    asked = look_back.ask_for(by=None, date=EARLIER, today=UNTIL)

    def broken(*args):
        raise RuntimeError

    monkeypatch.setattr(actions, "computed", broken)
    with pytest.raises(RuntimeError):
        look_back.compute_date(asked.pk)
    asked.refresh_from_db()
    assert asked.state == RunState.FAILED
    assert look_back.waiting() is None
    assert "mislukt" not in client_of(make_user(Role.ANALYST)).get(reverse("kpi:overview")).content.decode()
