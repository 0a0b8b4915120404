"""The PDF of a long list of providers: made by the worker, as its asker would print it, with its progress in pages."""

import re
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import AuditEvent, User
from accounts.roles import Role
from kpi import export_actions
from kpi.export_actions import CancelledError, run_export
from kpi.exports import paper
from kpi.exports.paper import MOST_ROWS
from kpi.models import ExportJob, ExportState, Run
from tests.kpi.test_pdf import text_of
from tests.support.accounts import client_of, make_user
from tests.support.figures import HERE, more_providers, publish_figures

pytestmark = pytest.mark.django_db
QUARTER = {"periode": "2026-Q3"}


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.SDF_DATA_DIR = tmp_path


@pytest.fixture
def run() -> Run:
    run = publish_figures()
    more_providers(run, MOST_ROWS + 20)
    return run


@pytest.fixture
def manager(run: Run) -> Client:
    return client_of(make_user(Role.CONTRACT_MANAGER))


def asked(client: Client, **query: str) -> ExportJob:
    """The export of a list, asked for as the page offers it."""
    offered = client.get(reverse("kpi:pdf_providers"), QUARTER | query).content.decode()
    address = re.search(r'<form method="post" action="(/exports/aanbieders/[^"]*)"', offered)[1].replace("&amp;", "&")
    job = ExportJob.objects.order_by("pk").last()
    assert job is None or job.kind != "pdf"  # to look is not to ask
    response = client.post(address)
    job = ExportJob.objects.get(kind="pdf")
    assert response.url == reverse("kpi:export_job", args=[job.pk])
    return job


def file_of(client: Client, job: ExportJob) -> tuple[str, str]:
    """The name of a file that is done, and its text."""
    response = client.get(reverse("kpi:export_file", args=[job.pk]))
    content = b"".join(response.streaming_content)
    return response["Content-Disposition"], text_of(PdfReader(BytesIO(content)))


def test_a_long_list_is_made_by_the_worker_and_holds_every_provider(manager):
    job = asked(manager, vanaf="2026-08", tot="2026-09")
    run_export(job.pk)
    shown = manager.get(reverse("kpi:export_job", args=[job.pk])).content.decode()
    assert f"De export is klaar: {MOST_ROWS + 22} regels" in shown
    assert "Lijst van aanbieders: vanaf augustus 2026, tot en met september 2026, 3e kwartaal 2026" in shown
    name, text = file_of(manager, job)
    assert name == 'attachment; filename="sdf-aanbieders-2026-q3-2026-08-2026-09.pdf"'
    assert len(set(re.findall(r"9\d{7}", text))) == MOST_ROWS + 20
    assert "hele regio, augustus 2026 tot en met september 2026" in text
    assert "48 / 180" in text


def test_a_short_list_is_not_waited_for_long(manager):
    response = manager.get(reverse("kpi:pdf_providers"), QUARTER | {"zoek": "beide"})
    assert response["Content-Type"] == "application/pdf"


def test_its_progress_is_told_in_pages(manager, monkeypatch):
    job = asked(manager)
    told = []
    monkeypatch.setattr(export_actions, "_still", lambda pk, **changes: told.append(changes.get("rows_done")))
    run_export(job.pk)
    pages = [number for number in told if number]
    assert pages == sorted(pages)
    assert pages[-1] > 2
    ExportJob.objects.filter(pk=job.pk).update(state=ExportState.RUNNING, rows_done=3, rows_total=0)
    shown = manager.get(reverse("kpi:export_progress", args=[job.pk])).content.decode()
    assert "3 bladzijden zijn opgemaakt." in shown
    assert "%" not in shown


def test_an_export_that_is_no_longer_wanted_stops_at_the_next_page(manager, run):
    job = asked(manager)
    told = []

    def stop(page: int) -> None:
        told.append(page)
        raise CancelledError

    with pytest.raises(CancelledError):
        paper.write(
            export_actions.exports_dir() / "x.part",
            by=job.user,
            scope=job.user.scope,
            period=job.period,
            chosen=job.filters,
            progress=stop,
        )
    assert told == [1]


def test_what_was_searched_for_is_followed_and_stands_in_no_log_and_no_name(manager):
    job = asked(manager, zoek="9", sorteer="naam", norm="nu")
    run_export(job.pk)
    name, text = file_of(manager, job)
    assert name == 'attachment; filename="sdf-aanbieders-2026-q3.pdf"'
    assert "Beide Zorg" not in text
    assert "90000001" in text
    logged = AuditEvent.objects.get(action="export aangevraagd")
    assert "zoek" not in logged.detail
    assert job.filters["norm"] == "nu"


def test_a_municipality_gets_its_own_list_alone(run):
    client = client_of(make_user(Role.MUNICIPALITY, HERE))
    query = QUARTER | {"gemeente": "0090"}
    assert client.get(reverse("kpi:pdf_providers"), query)["Content-Type"] == "application/pdf"
    client.post(f"{reverse('kpi:export_list')}?periode=2026-Q3&gemeente=0090")
    job = ExportJob.objects.get()
    run_export(job.pk)
    _, text = file_of(client, job)
    assert "11 / 40" in text
    assert "Beide Zorg" in text
    assert "Alleen Daarstad" not in text
    assert "24 / 90" not in text


def test_with_other_rights_than_when_it_was_asked_nothing_is_made(manager):
    job = asked(manager)
    User.objects.filter(pk=job.user_id).update(role=Role.MUNICIPALITY, municipality=HERE)
    run_export(job.pk)
    job.refresh_from_db()
    assert (job.state, job.remark) == (ExportState.FAILED, paper.OTHER_RIGHTS)


def test_an_admin_cannot_ask(run):
    assert client_of(make_user(Role.ADMIN)).post(reverse("kpi:export_list")).status_code == 403
    assert not ExportJob.objects.exists()
