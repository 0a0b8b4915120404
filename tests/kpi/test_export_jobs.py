"""Long exports: asked on a page, made whole in the scope of the asker, for him alone, gone after some days."""

import csv
import datetime as dt
import os
import re
from io import StringIO

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from accounts.roles import PERMISSIONS, Permission, Role
from kpi import export_actions, selectors
from kpi.calc.definition import OverTime
from kpi.calc.periods import months_between, parse
from kpi.cells import numbers
from kpi.export_actions import KEPT_DAYS, MOST_ATTEMPTS, MOST_UNFINISHED, exports_dir, remove_old, run_export
from kpi.exports import whole, workbook
from kpi.exports.delimited import written
from kpi.models import ExportJob, ExportState, Run, Value
from kpi.selection import Selection
from providers.models import Product, Provider
from tests.kpi.test_exports import sheet_of
from tests.support.accounts import client_of, make_user
from tests.support.figures import BOTH, HERE, ONLY_THERE, THERE, publish_figures

pytestmark = pytest.mark.django_db
QUARTER = {"periode": "2026-Q3", "soort": "csv"}


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.SDF_DATA_DIR = tmp_path


@pytest.fixture
def asked():
    """A function that asks for an export on the page, and gives the asker's client and the export."""

    def ask(role: Role = Role.CONTRACT_MANAGER, **query):
        client = client_of(User.objects.filter(username=f"u-{role}").first() or make_user(role, username=f"u-{role}"))
        response = client.post(reverse("kpi:exports"), QUARTER | query)
        job = ExportJob.objects.first()
        assert response.url == reverse("kpi:export_job", args=[job.pk])
        return client, job

    publish_figures()
    return ask


def page_of(client, job) -> str:
    return client.get(reverse("kpi:export_job", args=[job.pk])).content.decode()


def file_of(client, job) -> bytes:
    response = client.get(reverse("kpi:export_file", args=[job.pk]))
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def lines_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_every_value_of_the_period_is_in_the_file(asked):
    client, job = asked()
    assert "wacht op de verwerking" in page_of(client, job)
    run_export(job.pk)
    assert "De export is klaar" in page_of(client, job)
    heads, *rows = lines_of(file_of(client, job))
    assert heads == list(whole.HEADS)
    codes = [measure.code for _, measure in whole.MEASURES]
    assert len(rows) == Value.objects.filter(period="2026-Q3", measure__in=codes).count() > 0
    here = next(
        row
        for row in rows
        if row[4] == "gemeente" and row[6] == HERE and row[2] == "Zorgperioden die met uitval eindigden"
    )
    assert here[3:9] == ["2026-Q3", "gemeente", "", HERE, "Hierdorp", ""]
    assert here[14:] == ["27,50", "procent", "11", "40"]
    events = AuditEvent.objects.filter(action__startswith="export").order_by("pk")
    assert [event.action for event in events] == ["export aangevraagd", "export csv"]


def test_with_its_parts_a_year_has_its_months_and_quarters(asked):
    client, job = asked(periode="2026", onderdelen="1")
    run_export(job.pk)
    assert {row[3] for row in lines_of(file_of(client, job))[1:]} == set(selectors.labels_of(Run.objects.get()))
    client, job = asked(periode="2026")
    run_export(job.pk)
    assert {row[3] for row in lines_of(file_of(client, job))[1:]} == {"2026"}


def test_a_filter_narrows_the_file(asked):
    client, job = asked(gemeente=HERE, aanbieder=BOTH)
    run_export(job.pk)
    rows = lines_of(file_of(client, job))[1:]
    assert rows
    assert {(row[6], row[8]) for row in rows} == {(HERE, BOTH)}


def add_products(run: Run) -> None:
    """Figures of three products, of which two have the profile Hoog; one of them also per provider."""
    for code, profile in (("45A04", "Hoog"), ("45A05", "Hoog"), ("50B01", "Laag")):
        product = f"jeugdwet:{code[:2]}:{code}"
        Product.objects.create(
            wet="jeugdwet",
            category=code[:2],
            code=code,
            name=f"Product {code}",
            domain="jeugd-ggz",
            profile=profile,
            kind="herstel",
        )
        for period in ("2026-Q3", "2026"):  # filters offer what has figures in the longest periods
            add_figures(run, product, period)
    cache.clear()


def add_figures(run: Run, product: str, period: str) -> None:
    common = {
        "run": run,
        "measure": "uitval_pct",
        "period": period,
        "numerator": 3,
        "denominator": 9,
        "value": 1,
    }
    Value.objects.create(scope="product", product=product, **common)
    Value.objects.create(scope="provider+product", product=product, provider=BOTH, **common)
    Value.objects.create(scope="municipality+product", product=product, municipality=HERE, **common)
    Value.objects.get_or_create(scope="referrer", referrer="huisarts", **common)


@pytest.mark.parametrize(
    ("query", "column", "left", "levels"),
    [
        (
            {"product": "jeugdwet:50:50B01"},
            10,
            {"Product 50B01"},
            {"product", "aanbieder × product", "gemeente × product"},
        ),
        (
            {"profiel": "Hoog"},
            10,
            {"Product 45A04", "Product 45A05"},
            {"product", "aanbieder × product", "gemeente × product"},
        ),
        ({"profiel": "Hoog", "aanbieder": BOTH}, 10, {"Product 45A04", "Product 45A05"}, {"aanbieder × product"}),
        ({"verwijzer": "huisarts"}, 11, {"huisarts"}, {"verwijzer"}),
        ({"aanbiedertype": "systeem"}, 8, {BOTH}, None),
    ],
)
def test_every_filter_of_a_page_narrows_the_file(asked, query, column, left, levels):
    add_products(Run.objects.get())
    Provider.objects.filter(agb=BOTH).update(type="systeem")
    client, job = asked(**query)
    run_export(job.pk)
    rows = lines_of(file_of(client, job))[1:]
    assert {row[column] for row in rows} == left
    assert levels is None or {row[4] for row in rows} == levels
    again = client.get(reverse("kpi:export_job", args=[job.pk]))
    assert all(f"{name}=" in again.context["again_url"] for name in query)


def test_a_course_from_a_month_brings_its_months(asked):
    client, job = asked(vanaf="2026-08")
    run_export(job.pk)
    assert {row[3] for row in lines_of(file_of(client, job))[1:]} == {
        *("2026-Q3", "2026-08", "2026-09", "2026-08 t/m 2026-09")
    }


def test_a_range_of_months_brings_its_months_and_no_others(asked):
    client, job = asked(vanaf="2026-07", tot="2026-08")
    run_export(job.pk)
    assert {row[3] for row in lines_of(file_of(client, job))[1:]} == {
        *("2026-Q3", "2026-07", "2026-08", "2026-07 t/m 2026-08")
    }
    page = client.get(reverse("kpi:export_job", args=[job.pk])).content.decode()
    assert "tot en met augustus 2026" in page


@pytest.mark.parametrize("role", [Role.CONTRACT_MANAGER, Role.MUNICIPALITY])
def test_the_totals_of_a_range_are_those_of_the_pages(asked, role):
    client, job = asked(role, vanaf="2026-08", tot="2026-09")
    run_export(job.pk)
    job.refresh_from_db()
    heads, *rows = lines_of(file_of(client, job))
    assert job.rows_total == job.rows_done == len(rows)
    sums = [row for row in rows if row[3] == "2026-08 t/m 2026-09"]
    by_name = {measure.name: measure for _, measure in whole.MEASURES}
    assert {by_name[row[2]].over_time for row in sums} == {OverTime.ADDED}
    assert {row[6] for row in sums} == ({HERE} if role == Role.MUNICIPALITY else {"", HERE, THERE})
    scope, run = export_actions.scope_of_export(job), Run.objects.get()
    domains = {name: code for code, name in selectors.names()["domain"].items()}
    months = months_between(parse("month", "2026-08"), parse("month", "2026-09"))
    for row in sums:
        place = Selection(months, domain=domains.get(row[5], ""), municipality=row[6], provider=row[8])
        measure = by_name[row[2]]
        figures = selectors.figures(scope, run, place, [measure.code], [months.label], details=True)
        one = next(figure for figure in figures if figure.detail == row[13])
        shown = [written(number) for number in numbers(measure, one.numerator, one.denominator)]
        assert row[16:] == shown


def test_the_months_of_a_range_add_up_to_its_total(asked):
    client, job = asked(vanaf="2026-08", tot="2026-09")
    run_export(job.pk)
    found = {}
    for row in lines_of(file_of(client, job))[1:]:
        if row[2] == "Zorgperioden die met uitval eindigden" and row[4] == "gemeente" and row[6] == HERE:
            found[row[3]] = [int(number) for number in row[16:]]
    both = [sum(pair) for pair in zip(found["2026-08"], found["2026-09"], strict=True)]
    assert found["2026-08 t/m 2026-09"] == both


def test_months_that_are_a_quarter_have_it_as_their_total(asked):
    client, job = asked(periode="2026-08", vanaf="2026-07", tot="2026-09")
    run_export(job.pk)
    assert {row[3] for row in lines_of(file_of(client, job))[1:]} == {"2026-07", "2026-08", "2026-09", "2026-Q3"}


def test_months_that_are_no_range_are_refused_before_anything_is_made(asked):
    client = client_of(make_user(Role.CONTRACT_MANAGER))
    page = client.post(reverse("kpi:exports"), QUARTER | {"vanaf": "2026-09", "tot": "2026-07"}).content.decode()
    assert "ligt vóór die bij “Vanaf”" in page
    assert not ExportJob.objects.exists()


def test_a_page_leads_to_an_export_with_its_filters_and_what_is_not_followed_is_said(asked):
    add_products(Run.objects.get())
    client = client_of(make_user(Role.CONTRACT_MANAGER))
    query = {"periode": "2026-Q3", "profiel": "Hoog", "zoek": "beide", "vanaf": "2026-08"}
    page = client.get(reverse("kpi:providers"), query).content.decode()
    address = re.search(r'href="(/exports/[^"]*)">alle cijfers', page)[1].replace("&amp;", "&")
    form = client.get(address).content.decode()
    assert '<option value="Hoog" selected>' in form
    assert "Zoeken op naam of AGB-code geldt hier niet" in form
    assert "elk apart en niet opgeteld" in form
    assert "Ook de maanden vanaf augustus 2026 staan in het bestand." in form
    provider = client.get(reverse("kpi:provider", args=[BOTH]), {"periode": "2026-Q3"}).content.decode()
    assert f"aanbieder={BOTH}" in re.search(r'href="(/exports/[^"]*)">alle cijfers', provider)[1]


def test_a_comparison_leads_to_an_export_of_its_providers_only(asked):
    client = client_of(make_user(Role.CONTRACT_MANAGER))
    query = {"periode": "2026-Q3", "aanbieder": [BOTH, ONLY_THERE]}
    page = client.get(reverse("kpi:compare"), query).content.decode()
    address = re.search(r'href="(/exports/[^"]*)">alle cijfers', page)[1].replace("&amp;", "&")
    form = client.get(address).content.decode()
    assert "Alleen de aanbieders die u vergeleek: Beide Zorg, Alleen Daarstad Zorg." in form
    assert f'name="vergeleken" value="{BOTH} {ONLY_THERE}"' in form
    client, job = asked(vergeleken=ONLY_THERE)
    run_export(job.pk)
    assert {row[8] for row in lines_of(file_of(client, job))[1:]} == {ONLY_THERE}
    assert "Alleen Daarstad Zorg" in page_of(client, job)


def test_a_compared_provider_outside_the_scope_does_not_exist(asked):
    client = client_of(make_user(Role.MUNICIPALITY))
    query = QUARTER | {"vergeleken": f"{BOTH} {ONLY_THERE}"}
    assert client.get(reverse("kpi:exports"), query).status_code == 404
    assert client.post(reverse("kpi:exports"), query).status_code == 404
    assert not ExportJob.objects.exists()


def test_compared_providers_that_are_gone_when_the_file_is_made_do_not_narrow_it_silently(asked):
    client, job = asked(vergeleken=f"{BOTH} {ONLY_THERE}")
    Value.objects.filter(provider=ONLY_THERE).delete()
    cache.clear()
    run_export(job.pk)
    assert "bestaat in de nieuwste cijfers niet meer" in page_of(client, job)


def test_a_filter_that_a_municipality_does_not_have_is_named(asked):
    page = client_of(make_user(Role.MUNICIPALITY)).get(reverse("kpi:exports"), {"kwadrant": "routine"})
    assert "Het filter Kraljic-kwadrant geldt hier niet" in page.content.decode()


def test_a_combination_that_is_not_computed_is_refused_with_what_to_do(asked):
    add_products(Run.objects.get())
    client = client_of(make_user(Role.CONTRACT_MANAGER))
    query = {"product": "jeugdwet:50:50B01", "zorgdomein": "jeugd-ggz"}
    page = client.post(reverse("kpi:exports"), QUARTER | query).content.decode()
    assert "Haal een filter weg" in page
    assert not ExportJob.objects.exists()


def test_a_choice_that_is_gone_when_the_file_is_made_does_not_widen_it(asked):
    add_products(Run.objects.get())
    client, job = asked(product="jeugdwet:50:50B01")
    Value.objects.filter(product="jeugdwet:50:50B01").delete()
    cache.clear()
    run_export(job.pk)
    assert "bestaat in de nieuwste cijfers niet meer" in page_of(client, job)


def test_an_export_of_an_earlier_reference_date_has_its_figures(asked):
    current = Run.objects.get()
    old = Run.objects.create(as_of="2026-09-30", state="oud", code_version="test", values_count=2)
    common = {"run": old, "period": "2026-Q3", "scope": "region"}
    Value.objects.create(measure="clienten_in_zorg", numerator=77, value=77, **common)
    client, job = asked(peildatum="2026-09-30", soort="xlsx")
    run_export(job.pk)
    content = file_of(client, job)
    assert [row[-1] for row in sheet_of(content, 2)[1:]] == [77]
    assert ["Peildatum", "30 september 2026"] in sheet_of(content, 1)
    assert "bekend op 30 september 2026" in page_of(client, job)
    assert current.as_of != old.as_of


@pytest.mark.parametrize("query", [{}, {"gemeente": THERE}, {"region": "1", "municipality": THERE}])
def test_a_municipality_gets_its_own_rows_whatever_it_asks(asked, query):
    client, job = asked(Role.MUNICIPALITY, **query)
    run_export(job.pk)
    content = file_of(client, job)
    assert {row[6] for row in lines_of(content)[1:]} == {HERE}
    assert b"Alleen Daarstad" not in content
    assert ONLY_THERE.encode() not in content


def test_the_workbook_streams_all_rows_over_sheets_with_the_notes_first(asked, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 10)
    client, job = asked(soort="xlsx", gemeente=HERE)
    run_export(job.pk)
    content = file_of(client, job)
    job.refresh_from_db()
    sheets = [sheet_of(content, number) for number in range(1, 2 + -(-job.rows_total // 10))]
    notes = "\n".join("|".join(map(str, row)) for row in sheets[0])
    for expected in (
        "Gemeente|Hierdorp",
        "Peildatum",
        "Definities",
        "Normen",
        "maanden en kwartalen in deze periode|nee",
    ):
        assert expected in notes
    assert [sheet[0] for sheet in sheets[1:]] == [list(whole.HEADS)] * (len(sheets) - 1)
    assert sum(len(sheet) - 1 for sheet in sheets[1:]) == job.rows_total > 10


def test_the_file_is_as_the_scope_was_when_it_was_asked(asked):
    client, job = asked(Role.MUNICIPALITY)
    User.objects.filter(pk=job.user_id).update(role=Role.ANALYST, municipality="")
    run_export(job.pk)
    job.refresh_from_db()
    content = (exports_dir() / job.stored_name).read_bytes()
    assert {row[6] for row in lines_of(content)[1:]} == {HERE}
    assert "Uw rechten zijn veranderd" in page_of(client, job)
    assert client.get(reverse("kpi:export_file", args=[job.pk])).status_code == 404


def test_who_moved_to_another_municipality_takes_nothing_of_the_former_along(asked):
    client, job = asked(Role.MUNICIPALITY)
    run_export(job.pk)
    User.objects.filter(pk=job.user_id).update(municipality=THERE)
    assert client.get(reverse("kpi:export_file", args=[job.pk])).status_code == 404


@pytest.mark.parametrize("address", ["export_job", "export_progress", "export_file", "export_cancel"])
def test_an_export_is_for_nobody_else(asked, address):
    _, job = asked()
    run_export(job.pk)
    other = client_of(make_user(Role.CONTRACT_MANAGER, username="ander"))
    url = reverse(f"kpi:{address}", args=[job.pk])
    assert (other.post if address == "export_cancel" else other.get)(url).status_code == 404
    assert f"Export {job.pk}" not in other.get(reverse("kpi:exports")).content.decode()


@pytest.mark.parametrize("role", [role for role in Role if Permission.SEE_DASHBOARD not in PERMISSIONS[role]])
def test_without_the_right_there_is_no_export(asked, role):
    client = client_of(make_user(role))
    assert client.post(reverse("kpi:exports"), QUARTER).status_code == 403
    assert not ExportJob.objects.exists()


def test_a_choice_that_does_not_exist_is_said_and_asks_nothing(asked):
    client = client_of(make_user(Role.MUNICIPALITY))
    response = client.post(reverse("kpi:exports"), QUARTER | {"aanbieder": ONLY_THERE})
    assert "Deze keuze bestaat niet" in response.content.decode()
    assert not ExportJob.objects.exists()


def test_one_person_has_only_a_few_exports_at_a_time(asked):
    for _ in range(MOST_UNFINISHED):
        client, job = asked()
    response = client.post(reverse("kpi:exports"), QUARTER)
    assert "Wacht tot er een klaar is" in response.content.decode()
    assert ExportJob.objects.count() == MOST_UNFINISHED
    run_export(job.pk)
    assert client.post(reverse("kpi:exports"), QUARTER).status_code == 302


def test_a_waiting_export_that_is_cancelled_is_not_made(asked):
    client, job = asked()
    client.post(reverse("kpi:export_cancel", args=[job.pk]))
    run_export(job.pk)
    assert "De export is afgebroken" in page_of(client, job)
    assert not any(exports_dir().iterdir())


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_that_is_cancelled_while_it_is_made_stops_and_keeps_nothing(asked, kind, monkeypatch):
    monkeypatch.setattr(whole, "CHUNK", 5)
    client, job = asked(soort=kind)
    with connection.cursor() as cursor:  # somebody cancels right after the first rows
        cursor.execute(
            "CREATE FUNCTION cancel() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN NEW.state := 'afgebroken'; RETURN NEW; END $$;"
            " CREATE TRIGGER cancel BEFORE UPDATE ON kpi_exportjob FOR EACH ROW WHEN (NEW.rows_done = 5)"
            " EXECUTE FUNCTION cancel()"
        )
    run_export(job.pk)
    job.refresh_from_db()
    assert (job.state, job.rows_done, job.stored_name) == (ExportState.CANCELLED, 5, "")
    assert not any(exports_dir().iterdir())
    assert client.get(reverse("kpi:export_file", args=[job.pk])).status_code == 404


def test_without_figures_any_more_the_export_says_so(asked):
    client, job = asked()
    Run.objects.update(state="oud")
    run_export(job.pk)
    assert "Er zijn geen cijfers over deze periode en deze keuze" in page_of(client, job)


def test_a_full_disk_is_said_in_words_and_nothing_half_stays(asked, monkeypatch):
    client, job = asked()
    os.mkdir(exports_dir() / f"{job.pk}.part")  # opening it fails as on a disk that is full
    with pytest.raises(OSError, match="directory"):
        run_export(job.pk)
    assert "waarschijnlijk is de schijf vol" in page_of(client, job)


def test_a_fault_of_the_portal_is_said_in_words(asked, monkeypatch):
    client, job = asked()
    monkeypatch.setattr(whole, "FIELDS", ("measure",))
    with pytest.raises(ValueError, match="not enough values"):
        run_export(job.pk)
    assert "Er ging iets mis in het portaal; er is niets bewaard" in page_of(client, job)
    assert not any(exports_dir().iterdir())


def test_what_stops_the_worker_every_time_is_given_up(asked):
    client, job = asked()
    ExportJob.objects.update(attempts=MOST_ATTEMPTS, state=ExportState.RUNNING)
    run_export(job.pk)
    assert f"De verwerking is {MOST_ATTEMPTS} keer gestopt" in page_of(client, job)


def test_running_a_finished_export_again_changes_nothing(asked):
    client, job = asked()
    run_export(job.pk)
    before = ExportJob.objects.values().get()
    run_export(job.pk)
    assert ExportJob.objects.values().get() == before


def test_after_its_days_an_export_is_gone(asked):
    client, job = asked()
    run_export(job.pk)
    kept = exports_dir() / ExportJob.objects.get().stored_name
    assert kept.stat().st_mode & 0o777 == 0o600
    remove_old(now=timezone.now() + dt.timedelta(days=KEPT_DAYS - 1))
    assert kept.exists()
    ExportJob.objects.update(finished_at=timezone.now() - dt.timedelta(days=KEPT_DAYS))
    assert "De export is verlopen" in page_of(client, job)
    assert client.get(reverse("kpi:export_file", args=[job.pk])).status_code == 404
    old = (timezone.now() - dt.timedelta(days=KEPT_DAYS)).timestamp()
    os.utime(kept, (old, old))
    assert remove_old(now=timezone.now()) == 1
    assert not kept.exists()
    assert ExportJob.objects.get().state == ExportState.EXPIRED


def test_files_that_no_export_names_go_but_not_what_is_in_the_making(asked):
    old, new = exports_dir() / "old.csv", exports_dir() / "1.part"
    for path in (old, new):
        path.write_text("x")
    stamp = (timezone.now() - export_actions.STRAY).timestamp()
    os.utime(old, (stamp, stamp))
    assert remove_old(now=timezone.now()) == 1
    assert new.exists()
