"""The Kraljic pages: who may see and decide, and that every decision stays."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.roles import Role
from kpi.models import KraljicDecision, KraljicPosition, Run
from tests.support.accounts import client_of, make_user
from tests.support.figures import BOTH, ONLY_THERE, publish_figures, publish_position

pytestmark = pytest.mark.django_db
NEXT_YEAR = timezone.localdate() + dt.timedelta(days=365)
DECISION = {
    "quadrant": "strategisch",
    "reason": "Enige aanbieder met deze specialisatie",
    "transformation": 3,
    "niche": 2,
    "market_risk": 1,
    "financial_influence": 0,
    "review_on": NEXT_YEAR.isoformat(),
}


@pytest.fixture
def run() -> Run:
    run = publish_figures()
    for provider, spend in ((BOTH, 900_000_00), (ONLY_THERE, 100_00)):
        publish_position(
            run,
            provider,
            spend=spend,
            share=500_000,
            cumulative_share=500_000,
            supply_risk=250_000,
            cost_effect_high=spend > 100_000,
            supply_risk_high=False,
            proposed="hefboom" if spend > 100_000 else "routine",
            earlier=["hefboom", "hefboom", "routine", "routine"],
        )
    return run


@pytest.mark.parametrize("role", Role)
def test_only_who_sees_the_region_sees_the_matrix(run, role):
    response = client_of(make_user(role)).get(reverse("kpi:kraljic"))
    regional = role in (Role.CONTRACT_MANAGER, Role.POLICY, Role.ANALYST)
    assert response.status_code == (200 if regional else 403)
    assert ("Beide Zorg" in response.content.decode()) is regional


@pytest.mark.parametrize("role", Role)
def test_only_a_contract_manager_decides(run, role):
    response = client_of(make_user(role)).post(reverse("kpi:kraljic_decide", args=[BOTH]), DECISION)
    decides = role == Role.CONTRACT_MANAGER
    assert response.status_code == (302 if decides else 403)
    assert KraljicDecision.objects.count() == decides


def test_a_decision_stands_beside_the_proposal_and_earlier_ones_stay(run):
    client = client_of(make_user(Role.CONTRACT_MANAGER))
    where = reverse("kpi:kraljic_decide", args=[BOTH])
    client.post(where, DECISION)
    client.post(where, {**DECISION, "quadrant": "knelpunt", "reason": "Tweede besluit"})
    page = client.get(reverse("kpi:kraljic")).content.decode()
    row = page.split('id="aanbieders"')[1].split("Beide Zorg", 1)[1].split("</tr>", 1)[0]
    assert "Hefboom" in row
    assert "Knelpunt (wijkt af)" in row
    history = client.get(where).content.decode()
    assert history.index("Tweede besluit") < history.index("Enige aanbieder met deze specialisatie")
    assert AuditEvent.objects.filter(action="kraljic-klasse besloten").count() == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"niche": ""}, "Kies hoe zwaar dit telt; 0 als het niet meetelt."),
        ({"review_on": "2020-01-01"}, "Kies een dag in de toekomst"),
        ({"reason": ""}, "verplicht"),
        ({"quadrant": "groot"}, "geen beschikbare keuze"),
        ({"niche": 7}, "geen beschikbare keuze"),
    ],
)
def test_a_wrong_decision_is_refused_and_nothing_is_kept(run, change, sentence):
    client = client_of(make_user(Role.CONTRACT_MANAGER))
    response = client.post(reverse("kpi:kraljic_decide", args=[BOTH]), {**DECISION, **change})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not KraljicDecision.objects.exists()


def test_a_provider_that_is_not_known_cannot_be_decided_on(run):
    client = client_of(make_user(Role.CONTRACT_MANAGER))
    assert client.post(reverse("kpi:kraljic_decide", args=["99999999"]), DECISION).status_code == 404


@pytest.mark.parametrize("path", ["/kraljic/%00/", "/aanbieders/%00/"])
def test_no_provider_has_a_null_byte_in_its_code(run, path):
    assert client_of(make_user(Role.CONTRACT_MANAGER)).get(path).status_code == 404


@pytest.mark.parametrize("page", ["/kraljic/", "/kraljic/export.csv", f"/kraljic/{BOTH}/"])
def test_a_care_domain_that_cannot_exist_is_none(run, page):
    client = client_of(make_user(Role.CONTRACT_MANAGER))
    asked, whole = client.get(f"{page}?zorgdomein=%00"), client.get(page)
    assert asked.status_code == whole.status_code == 200
    assert ("Beide Zorg" in asked.content.decode()) == ("Beide Zorg" in whole.content.decode()) is True


def test_the_distribution_stands_beside_that_of_the_memo(run):
    page = client_of(make_user(Role.POLICY)).get(reverse("kpi:kraljic")).content.decode()
    rows = re.findall(r'<tr><th scope="row">(\w+)</th>(.*?)</tr>', page.split('id="verdeling"')[1])
    cells = {name: re.sub(r"<[^>]+>", " ", line).split() for name, line in rows}
    assert cells["Hefboom"] == ["1", "50%", "1", "50%", "30", "12%"]
    assert cells["Strategisch"] == ["0", "0%", "0", "0%", "6", "2%"]
    assert cells["Knelpunt"][-2:] == ["2", "1%"]
    assert cells["Routine"] == ["1", "50%", "1", "50%", "221", "85%"]


def test_who_changed_class_and_who_is_near_a_border_is_named_with_the_line(run):
    near = KraljicPosition.objects.filter(provider=BOTH)
    near.update(near_border=True, cumulative_share=823_456, supply_risk=450_000)
    page = " ".join(re.sub(r"<[^>]+>", " ", kraljic_page_of(Role.ANALYST)).split())
    assert "0 van de 2 aanbieders met uitgaven hadden in alle vier de kwartalen ervoor dezelfde klasse als nu" in page
    assert "1 staat dicht bij een grens" in page
    assert "82,3% van de uitgaven; de lijn ligt bij 80% en leveringsrisico 0,45; de lijn ligt bij 0,50" in page
    assert "Nu K3 2026 K2 2026 K1 2026 K4 2025" in page
    assert "Beide Zorg Hefboom Hefboom Hefboom Routine Routine" in page


def kraljic_page_of(role: Role) -> str:
    return client_of(make_user(role)).get(reverse("kpi:kraljic")).content.decode()
