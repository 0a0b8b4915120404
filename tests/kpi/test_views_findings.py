"""The pages of data-quality findings: who sees which counts and which single findings."""

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.roles import PERMISSIONS, Permission, Role
from accounts.scope import NOTHING, Scope
from kpi import finding_selectors
from kpi.calc.checks import CHECKS
from kpi.filters import period_of
from kpi.finding_list import HEADS
from kpi.models import Run
from kpi.selection import Selection
from tests.kpi.test_exports import sheet_of
from tests.kpi.test_views import text
from tests.support.accounts import client_of, make_user
from tests.support.figures import BOTH, HERE, ONLY_FOUND, ONLY_THERE, THERE, publish_figures, publish_findings

pytestmark = pytest.mark.django_db
REGION = Scope(region=True)
QUARTER = {"periode": "2026-Q3"}


@pytest.fixture
def run():
    run = publish_figures()
    publish_findings(run)
    return run


def page_of(role, name="findings", *args, **query):
    return client_of(make_user(role)).get(reverse(f"kpi:{name}", args=args), query, follow=True)


def line(response, name):
    """The cells of the row with this name, as text; the first table that has it."""
    content = response.content.decode()
    for row in content.split("<tr>")[1:]:
        head, _, cells = row.partition("</th>")
        if name in head:
            return [text_of(cell) for cell in cells.split("</td>")[:-1]]
    return None


def text_of(cell):
    return cell.rpartition(">")[2].strip()


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("name", "permission"),
    [
        ("findings", Permission.SEE_DASHBOARD),
        ("finding_list", Permission.SEE_CASES),
        ("finding_file", Permission.SEE_CASES),
    ],
)
def test_only_roles_with_the_right_reach_a_page(run, name, permission, role):
    args = {"findings": [], "finding_list": ["stop_zonder_start"], "finding_file": ["stop_zonder_start", "csv"]}[name]
    allowed = permission in PERMISSIONS[role]
    assert page_of(role, name, *args).status_code == (200 if allowed else 403)


@pytest.mark.parametrize("name", ["findings", "finding_list", "finding_file"])
def test_a_visitor_is_sent_to_the_login_page(name):
    args = {"findings": [], "finding_list": ["stop_zonder_start"], "finding_file": ["stop_zonder_start", "csv"]}[name]
    response = client_of(None).get(reverse(f"kpi:{name}", args=args))
    assert response.status_code == 302
    assert response.url.startswith(reverse("login"))


def test_without_figures_the_page_says_so():
    assert page_of(Role.ANALYST).status_code == 200
    assert page_of(Role.CONTRACT_MANAGER, "finding_list", "stop_zonder_start").status_code == 404


def test_the_counts_of_a_quarter(run):
    page = page_of(Role.ANALYST, **QUARTER)
    assert line(page, "Stop zonder start")[:5] == ["154", "29", "18,8%", "0", "29"]
    assert line(page, "Start zonder toewijzing")[:5] == ["100", "8", "8,0%", "7", "1"]
    assert line(page, "Status 2 of 9")[:5] == ["–"] * 5  # nothing examined in these months: unknown, not zero
    assert "37 bevindingen: 7 voor gemeenten en 30 voor aanbieders om te herstellen." in text(page)
    assert "Score 86 van 100" in text(page)  # (125 / 154 + 92 / 100) / 2


def test_the_months_and_the_course(run):
    page = page_of(Role.ANALYST, **QUARTER)
    content = page.content.decode()
    table = content[content.index("Gevonden per maand") :]
    row = next(part for part in table.split("<tr>") if "Stop zonder start" in part)
    assert [text_of(cell) for cell in row.split("</td>")[:-1]][-3:] == ["3", "17", "9"]


def test_scores_per_municipality_and_provider_the_least_sound_first(run):
    page = page_of(Role.ANALYST, **QUARTER)
    assert line(page, "Hierdorp")[:3] == ["86", "140", "16"]
    assert line(page, "Daarstad</a>")[:3] == ["81", "114", "21"]
    assert line(page, "Beide Zorg")[:3] == ["82", "190", "33"]
    assert line(page, "Alleen Daarstad Zorg")[:3] == ["100", "60", "0"]
    assert line(page, ONLY_FOUND)[:3] == ["te weinig", "4", "4"]
    content = page.content.decode()
    providers = content.index('id="per-aanbieder"')
    order = [content.index(name, providers) for name in (">Beide Zorg<", ">Alleen Daarstad Zorg<", f">{ONLY_FOUND}<")]
    assert order == sorted(order)


def test_a_provider_without_figures_can_be_chosen(run):
    page = page_of(Role.ANALYST, aanbieder=ONLY_FOUND, **QUARTER)
    assert line(page, "Stop zonder start")[:2] == ["4", "4"]


FOREIGN = ("Alleen Daarstad Zorg", ONLY_FOUND, "Daarstad", "154", "29", "18,8%", "114")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"gemeente": THERE},
        {"gemeente": ""},
        {"aanbieder": ONLY_THERE},
        {"aanbieder": ONLY_FOUND},
        {"aanbieder": BOTH, "gemeente": THERE},
        {"municipality": THERE, "scope": "region"},
    ],
)
def test_a_municipality_sees_nothing_of_another_whatever_it_asks(run, query):
    page_of(Role.ANALYST, **QUARTER, **query)  # fills the stored HTML
    page_of(Role.CONTRACT_MANAGER, **QUARTER, **query)
    page = page_of(Role.MUNICIPALITY, **QUARTER, **query)
    shown = text(page)
    for foreign in FOREIGN:
        assert foreign not in shown
    assert line(page, "Stop zonder start")[:2] == ["40", "8"]


def test_what_a_scope_may_see(run):
    seen = {
        scope: set(finding_selectors.in_scope(scope, run).values_list("municipality", flat=True))
        for scope in (REGION, Scope(municipality=HERE), Scope(municipality="0059"), NOTHING)
    }
    assert list(seen.values()) == [{HERE, THERE}, {HERE}, set(), set()]
    everything = Selection(period_of("2026-Q3"), municipality=THERE)
    assert finding_selectors.counts_by(Scope(municipality=HERE), run, everything, "provider", ["2026-08"]) == {}


def test_counts_are_those_of_the_run_asked_for(run):
    other = Run.objects.create(as_of=run.as_of, code_version="test")
    assert not finding_selectors.in_scope(REGION, other).exists()


def test_who_may_not_see_cases_is_not_led_to_them(run):
    address = reverse("kpi:finding_list", args=["stop_zonder_start"])
    for role in (Role.CONTRACT_MANAGER, Role.POLICY, Role.ANALYST):
        page = page_of(role, **QUARTER).content.decode()
        assert (address in page) is (Permission.SEE_CASES in PERMISSIONS[role])


def test_the_data_quality_page_leads_to_the_findings():
    page = client_of(make_user(Role.ANALYST)).get(reverse("messaging:quality")).content.decode()
    assert reverse("kpi:findings") in page


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_every_list_opens_and_is_logged(run, check):
    assert page_of(Role.CONTRACT_MANAGER, "finding_list", check.code, **QUARTER).status_code == 200
    event = AuditEvent.objects.get(action="bevindingen bekeken")
    assert event.subject == check.name
    assert event.detail == {"bevindingen": 0, "cijfers": "hele regio, 3e kwartaal 2026"}


def test_a_check_that_does_not_exist_has_no_list(run):
    assert page_of(Role.CONTRACT_MANAGER, "finding_list", "niets").status_code == 404


def test_the_list_of_findings_is_a_workbook_that_says_what_was_asked(run):
    months = {"periode": "2026-Q3", "vanaf": "2026-08", "tot": "2026-09", "gemeente": HERE}
    client = client_of(make_user(Role.CONTRACT_MANAGER))
    response = client.get(reverse("kpi:finding_file", args=["stop_zonder_start", "xlsx"]), months)
    name = f"sdf-stop_zonder_start-2026-08-tm-2026-09-{HERE}.xlsx"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert list(HEADS) in sheet_of(response.content)
    notes = [word for row in sheet_of(response.content, 2) for word in row]
    assert {"augustus 2026 tot en met september 2026", f"Hierdorp ({HERE})", "Stop zonder start"} <= {*notes}
    assert any("Lever de start (305) alsnog aan" in str(word) for word in notes)
    assert AuditEvent.objects.filter(action="bevindingen gedownload").count() == 1
