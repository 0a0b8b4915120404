"""The norm pages: who may add, what is previewed, and that no version is ever lost."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from lxml import html

from accounts.models import AuditEvent
from accounts.roles import PERMISSIONS, Permission, Role
from accounts.scope import Scope
from kpi import norm_preview
from kpi.calc.indicators import MEASURES
from kpi.filters import period_of
from kpi.models import Norm
from kpi.pages import view_of
from kpi.selection import Selection
from tests.support.accounts import client_of, make_user
from tests.support.figures import AS_OF, HERE, ONLY_THERE, THERE, publish_figures, reference

pytestmark = pytest.mark.django_db
NORM = {
    "measure": "uitval_pct",
    "domain": "",
    "municipality": "",
    "direction": "lager",
    "green": "20%",
    "red": "25%",
    "basis": "absoluut",
    "valid_from": "2027-01-01",
    "reason": "Besluit van het bestuur",
}


def post(role: Role, **changes: str):
    publish_figures()
    return client_of(make_user(role)).post(reverse("kpi:norm_add"), {**NORM, **changes})


@pytest.mark.parametrize("role", Role)
def test_only_a_policy_officer_adds_norms(role):
    response = post(role, opslaan="1")
    edits = Permission.EDIT_NORMS in PERMISSIONS[role]
    assert response.status_code == (302 if edits else 403)
    assert Norm.objects.count() == edits


def test_what_is_saved_is_what_was_written_and_by_whom():
    post(Role.POLICY, opslaan="1", green="12,5%", red="0,2")
    norm = Norm.objects.get()
    assert (norm.green, norm.red, norm.decided_by) == (Decimal("0.125"), Decimal("0.2"), "beleid")
    assert AuditEvent.objects.filter(action="norm vastgesteld").count() == 1


@pytest.mark.parametrize(
    ("written", "limit"),
    [
        ("1.500", "1500"),
        ("€ 1.500", "1500"),
        ("1.250.000", "1250000"),
        ("1.500,50", "1500.5"),
        ("1500", "1500"),
        ("1,500", "1.5"),
        ("0.125", "0.125"),
        ("12.5", "12.5"),
    ],
)
def test_a_limit_in_euro_is_read_as_a_dutch_official_writes_it(written, limit):
    post(Role.POLICY, opslaan="1", measure="kosten_per_client", green=written, red="2.000.000")
    norm = Norm.objects.get()
    assert (norm.green, norm.red) == (Decimal(limit), Decimal(2_000_000))


@pytest.mark.parametrize(
    ("measure", "written", "choice"),
    [
        ("duur_gemiddeld", "1.500", "Schrijf 1500 of 1,500."),
        ("uitval_pct", "12.500%", "Schrijf 12500% of 12,500%."),
        ("kosten_per_client", "12.500%", "Schrijf 12500% of 12,500%."),
    ],
)
def test_a_point_that_may_mean_two_things_is_asked_about(measure, written, choice):
    response = post(Role.POLICY, opslaan="1", measure=measure, green=written, red=written)
    assert response.status_code == 422
    assert f"De punt in “{written}” kan twee dingen betekenen. {choice}" in response.content.decode()
    assert not Norm.objects.exists()


def test_the_preview_says_who_changes_and_saves_nothing():
    page = post(Role.POLICY, bekijken="1", green="10%", red="12%").content.decode()
    assert "Wat er zou veranderen in het 3e kwartaal 2026" in page
    assert "2 aanbieders: van “Geen kader” naar “Buiten norm”" in page
    assert "Van de 2 aanbieders met cijfers krijgen er 2 een kleur" in page
    assert "Beide Zorg</a>" in page
    assert f'href="/aanbieders/{ONLY_THERE}/?periode=2026-Q3"' in page
    assert not Norm.objects.exists()


def test_the_preview_compares_with_the_norm_that_would_have_held_on_that_day():
    """Not with that of the period: the norm from October on is what the new one replaces."""
    for valid_from, green in (("2026-01-01", "0.50"), ("2026-10-01", "0.10")):
        Norm.objects.create(
            measure="uitval_pct", direction="lager", green=green, red=green, valid_from=valid_from, decided_by="beleid"
        )
    page = post(Role.POLICY, bekijken="1", green="50%", red="60%").content.decode()
    assert "2 aanbieders: van “Buiten norm” naar “Op norm”" in page


def test_the_preview_says_how_many_would_alarm_by_chance():
    """Of 90 and 70 cases at a norm of 20%, by the binomial: 2.8% and 3.0% filled, so 0.1 of the two."""
    page = post(Role.POLICY, bekijken="1").content.decode()
    assert "Zouden alle 2 aanbieders met een kleur in werkelijkheid precies op de groene grens zitten" in page
    assert "door toeval bij 0,1 van hen een dicht oranje of rood licht" in page
    assert "per gemeente" not in page


@pytest.mark.parametrize(
    ("measure", "period"),
    [("uitval_pct", "2026-Q3"), ("declaratiegraad", "2026-Q2"), ("kosten_per_client", "2025-Q4")],
)
def test_the_preview_is_of_a_period_whose_data_allow_a_judgement(measure, period):
    """On 25 November claims over September still come in, and those over the year."""
    run = publish_figures()
    view = view_of(Scope(region=True), run, now=AS_OF)
    labels = [f"{year}-Q{quarter}" for year in (2025, 2026) for quarter in (1, 2, 3, 4)]
    latest = Selection(period_of("2026-Q3"))
    assert norm_preview.fit(view, MEASURES[measure], latest, labels).period.label == period
    assert norm_preview.fit(view, MEASURES[measure], latest, []) == latest


def test_the_preview_of_a_difference_with_the_region():
    """The region has 27.5%, so green is 10% and red 12%, as in the absolute norm above."""
    page = post(Role.POLICY, bekijken="1", basis="regio", green="-17,5%", red="-15,5%").content.decode()
    assert "2 aanbieders: van “Geen kader” naar “Buiten norm”" in page


def test_the_preview_of_a_difference_with_a_year_that_is_not_there():
    page = post(Role.POLICY, bekijken="1", basis="vorig_jaar", green="0%", red="1%").content.decode()
    assert "2 aanbieders: van “Geen kader” naar “Onvoldoende data”" in page
    assert "Geen enkele aanbieder krijgt een kleur" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"green": "20"}, "Schrijf een percentage met een procentteken: 20%."),
        ({"green": "veel"}, "is geen getal"),
        ({"green": "30%"}, "De grens voor rood moet gelijk zijn aan die voor groen, of boven die liggen."),
        ({"direction": "hoger", "green": "20%", "red": "25%"}, "of onder die liggen."),
        ({"measure": "onzin"}, "geen beschikbare keuze"),
        ({"reason": ""}, "verplicht"),
    ],
)
def test_a_wrong_norm_is_refused_in_words(changes, sentence):
    response = post(Role.POLICY, opslaan="1", **changes)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Norm.objects.exists()


def test_a_version_is_never_overwritten():
    post(Role.POLICY, opslaan="1")
    response = client_of(make_user(Role.POLICY, username="ander")).post(
        reverse("kpi:norm_add"), {**NORM, "green": "5%", "opslaan": "1"}
    )
    assert "Er begint al een versie op deze dag" in response.content.decode()
    assert Norm.objects.get().green == Decimal("0.2")


def test_a_municipality_does_not_see_norms_of_another():
    publish_figures()
    for code, reason in ((HERE, "alleen hier"), (THERE, "alleen daar"), ("", "voor allen")):
        Norm.objects.create(
            measure="uitval_pct",
            municipality=code,
            direction="lager",
            green="0.1",
            red="0.2",
            valid_from="2026-01-01",
            decided_by="beleid",
            reason=reason,
        )
    page = client_of(make_user(Role.MUNICIPALITY)).get(reverse("kpi:norms")).content.decode()
    assert "alleen hier" in page
    assert "voor allen" in page
    assert "alleen daar" not in page


def test_a_version_that_another_follows_says_until_when_it_held():
    for start in ("2025-01-01", "2026-07-01"):
        add_norm(valid_from=start)
    add_norm(valid_from="2026-09-01", municipality=HERE)  # of a place of its own: it ends no other
    page = client_of(make_user(Role.POLICY)).get(reverse("kpi:norms")).content.decode()
    assert re.findall(r"tot en met ([^<]+)<", page) == ["30 juni 2026"]
    assert page.count(">Nieuwe versie</a>") == 2


@pytest.mark.parametrize(
    ("measure", "green", "red", "written"),
    [("uitval_pct", "0.125", "0.2", ("12,5%", "20%")), ("kosten_per_client", "1500", "2000.5", ("1500", "2000,5"))],
)
def test_a_new_version_begins_with_what_holds_now(measure, green, red, written):
    reference()
    norm = add_norm(measure=measure, green=green, red=red, municipality=HERE, direction="lager")
    client = client_of(make_user(Role.POLICY))
    address = re.search(r'href="([^"]+norm=\d+)"', client.get(reverse("kpi:norms")).content.decode())[1]
    fields = html.fromstring(client.get(address).content).forms[-1].fields
    assert (fields["measure"], fields["municipality"], fields["direction"]) == (measure, HERE, "lager")
    assert (fields["green"], fields["red"]) == written
    assert (fields["valid_from"], fields["reason"].strip()) == (None, "")
    sent = {**fields, "valid_from": "2027-01-01", "reason": "Opnieuw", "opslaan": "1"}
    assert client.post(address, sent).status_code == 302
    assert Norm.objects.exclude(pk=norm.pk).values_list("green", "red").get() == (Decimal(green), Decimal(red))


@pytest.mark.parametrize("norm", ["999999", "x", "-1", "9" * 30])
def test_a_new_version_of_nothing_is_an_empty_form(norm):
    response = client_of(make_user(Role.POLICY)).get(reverse("kpi:norm_add"), {"norm": norm})
    assert (response.status_code, response.context["form"].initial) == (200, {})


def add_norm(**changes: str) -> Norm:
    fields = {"measure": "uitval_pct", "direction": "lager", "green": "0.1", "red": "0.2", "valid_from": "2026-01-01"}
    return Norm.objects.create(decided_by="beleid", reason="Besluit", **fields | changes)
