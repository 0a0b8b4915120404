"""A long list of single findings as a file: made by the worker, the same as a short one, for who may see cases."""

import importlib
import re

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from accounts.roles import PERMISSIONS, Permission, Role
from kpi import views_findings
from kpi.export_actions import exports_dir, run_export
from kpi.exports import finding_file, long, whole
from kpi.finding_list import HEADS
from kpi.models import ExportJob, ExportState, ExportWhat, Finding, Run
from tests.kpi.test_exports import sheet_of
from tests.kpi.test_page_exports import rows_of
from tests.support.accounts import client_of, make_user
from tests.support.figures import BOTH, HERE, THERE, publish_figures, publish_findings

pytestmark = pytest.mark.django_db
STOP = "stop_zonder_start"
QUARTER = {"periode": "2026-Q3"}


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.SDF_DATA_DIR = tmp_path


@pytest.fixture
def counted() -> Run:
    """A run that counted 8 stops without a start here and 21 there."""
    run = publish_figures()
    publish_findings(run)
    return run


def file_address(check: str, kind: str) -> str:
    return reverse("kpi:finding_file", args=[check, kind])


def asked(client: Client, check: str, kind: str, query: dict[str, str]) -> ExportJob:
    """The export of a list, asked for as its page offers it."""
    offered = client.get(file_address(check, kind), query).content.decode()
    assert not ExportJob.objects.filter(state=ExportState.WAITING).exists()  # to look is not to ask
    address = re.search(r'<form method="post" action="(/exports/bevindingen/[^"]*)"', offered)[1].replace("&amp;", "&")
    response = client.post(address)
    job = ExportJob.objects.latest("pk")
    assert response.url == reverse("kpi:export_job", args=[job.pk])
    return job


def page_of(client: Client, job: ExportJob) -> str:
    return client.get(reverse("kpi:export_job", args=[job.pk])).content.decode()


def file_of(client: Client, job: ExportJob) -> tuple[str, bytes]:
    response = client.get(reverse("kpi:export_file", args=[job.pk]))
    return response["Content-Disposition"], b"".join(response.streaming_content)


def most_found() -> tuple[str, str, int]:
    """The check and municipality with the most findings of the year, and how many."""
    wrong = Finding.objects.filter(month__startswith="2026").values("kind", "municipality")
    row = wrong.annotate(ours=Sum("by_municipality"), theirs=Sum("by_provider")).order_by("-ours", "-theirs")
    best = max(row, key=lambda found: found["ours"] + found["theirs"])
    return best["kind"], best["municipality"], best["ours"] + best["theirs"]


def test_a_long_list_is_the_same_file_as_a_short_one(small_region_run, monkeypatch):
    check, town, many = most_found()
    client = client_of(make_user(Role.CONTRACT_MANAGER))
    query = {"periode": "2026", "gemeente": town}
    at_once = {kind: client.get(file_address(check, kind), query) for kind in ("csv", "xlsx")}
    monkeypatch.setattr(views_findings, "MOST_ROWS", 1)
    assert f"heeft {many} bevindingen" in client.get(file_address(check, "csv"), query).content.decode()
    for kind, short in at_once.items():
        job = asked(client, check, kind, query)
        assert "wacht op de verwerking" in page_of(client, job)
        run_export(job.pk)
        assert f"De export is klaar: {many} regels" in page_of(client, job)
        name, content = file_of(client, job)
        assert name == short["Content-Disposition"]
        if kind == "csv":
            assert content == short.content
            assert len(rows_of(content)[1]) == many > 1
            continue
        assert sheet_of(content, 2) == sheet_of(short.content, 1)
        notes = [[*row] for row in sheet_of(content, 1)]
        made = ["Gemaakt op"]
        assert [row for row in notes if row[:1] != made] == [r for r in sheet_of(short.content, 2) if r[:1] != made]
    logged = AuditEvent.objects.filter(action="bevindingen gedownload").order_by("pk")
    assert [(event.subject, event.detail["bevindingen"], event.detail["gemeente"]) for event in logged] == [
        (logged[0].subject, many, town)
    ] * 4


def test_a_municipality_gets_its_own_findings_whatever_it_asks(small_region_run):
    check, town, many = most_found()
    other = Finding.objects.exclude(municipality=town).first().municipality
    client = client_of(make_user(Role.MUNICIPALITY, town))
    query = f"periode=2026&gemeente={other}&scope=region&municipality={other}"
    client.post(f"{reverse('kpi:export_finding_list', args=[check, 'csv'])}?{query}")
    job = ExportJob.objects.get()
    run_export(job.pk)
    heads, rows = rows_of(file_of(client, job)[1])
    assert len(rows) == many
    assert len({row[heads.index("Gemeente")] for row in rows}) == 1


@pytest.mark.parametrize("more", [0, 1])
def test_what_a_page_shows_whole_comes_at_once_and_more_is_offered(counted, more):
    rest = finding_file.MOST_ROWS - 21 + more  # 21 are found there already
    Finding.objects.create(
        run=counted,
        month="2026-08",
        kind=STOP,
        municipality=THERE,
        provider="x",
        examined=rest,
        by_municipality=0,
        by_provider=rest,
    )
    client = client_of(make_user(Role.CONTRACT_MANAGER))
    response = client.get(file_address(STOP, "csv"), QUARTER | {"gemeente": THERE})
    assert response["Content-Type"].startswith("text/html" if more else "text/csv")
    here = client_of(make_user(Role.MUNICIPALITY, HERE)).get(file_address(STOP, "csv"), QUARTER)
    assert here["Content-Type"].startswith("text/csv")  # what is elsewhere does not make it long


def test_the_page_of_an_export_tells_which_findings_and_leads_back_to_them(counted, monkeypatch):
    monkeypatch.setattr(views_findings, "MOST_ROWS", 1)
    client = client_of(make_user(Role.ANALYST))
    job = asked(client, STOP, "xlsx", QUARTER | {"vanaf": "2026-07", "tot": "2026-08", "aanbieder": BOTH})
    page = page_of(client, job)
    assert "Bevindingen “Stop zonder start”: Beide Zorg, vanaf juli 2026, tot en met augustus 2026" in page
    client.post(reverse("kpi:export_cancel", args=[job.pk]))
    again = re.search(r'href="([^"]*)">Vraag deze export opnieuw', page_of(client, job))[1].replace("&amp;", "&")
    shown = client.get(again).content.decode()
    assert "Stop zonder start: Beide Zorg, juli 2026 tot en met augustus 2026" in shown
    ExportJob.objects.filter(pk=job.pk).update(state=ExportState.RUNNING)
    assert "De berichten worden nagekeken." in page_of(client, job)
    ExportJob.objects.filter(pk=job.pk).update(rows_total=4000, rows_done=1000)
    assert "1.000 van 4.000 regels zijn geschreven." in page_of(client, job)


@pytest.mark.parametrize("role", Role)
def test_only_who_may_see_cases_asks_for_them(counted, role):
    address = reverse("kpi:export_finding_list", args=[STOP, "csv"])
    allowed = Permission.SEE_CASES in PERMISSIONS[role]
    assert client_of(make_user(role)).post(address).status_code == (302 if allowed else 403)
    assert ExportJob.objects.exists() is allowed
    assert ExportJob.objects.filter(what=ExportWhat.FINDINGS, filters__bevinding=STOP).exists() is allowed


def test_who_may_no_longer_see_cases_gets_no_file(counted):
    user = make_user(Role.ANALYST)
    client = client_of(user)
    address = reverse("kpi:export_finding_list", args=[STOP, "csv"])
    client.post(address)
    client.post(address)
    made, waiting = ExportJob.objects.order_by("pk")
    run_export(made.pk)
    assert rows_of(file_of(client, made)[1])[0] == list(HEADS)
    User.objects.filter(pk=user.pk).update(role=Role.POLICY)  # sees the same region
    run_export(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.remark) == (ExportState.FAILED, long.OTHER_RIGHTS)
    assert client.get(reverse("kpi:export_file", args=[made.pk])).status_code == 404
    assert long.OTHER_RIGHTS in page_of(client, made)


def test_a_choice_that_is_gone_when_the_file_is_made_does_not_widen_it(counted):
    client = client_of(make_user(Role.CONTRACT_MANAGER))
    client.post(f"{reverse('kpi:export_finding_list', args=[STOP, 'csv'])}?periode=2026-Q3&gemeente={THERE}")
    job = ExportJob.objects.get()
    assert job.filters["municipality"] == THERE
    ExportJob.objects.filter(pk=job.pk).update(filters=job.filters | {"municipality": "9999"})
    run_export(job.pk)
    assert "bestaat in de nieuwste cijfers niet meer" in page_of(client, job)


def test_a_list_that_is_cancelled_while_it_is_made_stops_and_keeps_nothing(small_region_run, monkeypatch):
    monkeypatch.setattr(whole, "CHUNK", 1)
    check, _, _ = most_found()
    client = client_of(make_user(Role.CONTRACT_MANAGER))
    client.post(f"{reverse('kpi:export_finding_list', args=[check, 'xlsx'])}?periode=2026")
    job = ExportJob.objects.get()
    with connection.cursor() as cursor:  # somebody cancels right after the first row
        cursor.execute(
            "CREATE FUNCTION cancel() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN NEW.state := 'afgebroken'; RETURN NEW; END $$;"
            " CREATE TRIGGER cancel BEFORE UPDATE ON kpi_exportjob FOR EACH ROW WHEN (NEW.rows_done = 1)"
            " EXECUTE FUNCTION cancel()"
        )
    run_export(job.pk)
    job.refresh_from_db()
    assert (job.state, job.rows_done) == (ExportState.CANCELLED, 1)
    assert not any(exports_dir().iterdir())


@pytest.mark.parametrize("address", ["/exports/bevindingen/niets/csv/", "/exports/bevindingen/stop_zonder_start/pdf/"])
def test_what_does_not_exist_is_not_made(counted, address):
    assert client_of(make_user(Role.ANALYST)).post(address).status_code == 404


def test_lists_of_providers_from_before_are_told_apart_from_all_figures():
    user = make_user(Role.ANALYST)
    ids = {kind: ExportJob.objects.create(user=user, kind=kind, period="2026").pk for kind in ("pdf", "csv", "xlsx")}
    importlib.import_module("kpi.migrations.0006_what_an_export_holds").tell_lists_apart(apps, None)
    assert {kind: ExportJob.objects.get(pk=pk).what for kind, pk in ids.items()} == {
        "pdf": ExportWhat.PROVIDERS,
        "csv": ExportWhat.FIGURES,
        "xlsx": ExportWhat.FIGURES,
    }
