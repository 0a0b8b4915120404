"""The Kraljic pages: who may see and decide, and that every decision stays."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.roles import Role
from kpi.models import KraljicDecision, KraljicPosition, Run
from tests.support.accounts import client_of, make_user
from tests.support.figures import BOTH, ONLY_THERE, publish_figures

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
        KraljicPosition.objects.create(
            run=run,
            domain="",
            provider=provider,
            spend=spend,
            share=500_000,
            cumulative_share=500_000,
            supply_risk=250_000,
            cost_effect_high=spend > 100_000,
            supply_risk_high=False,
            proposed="hefboom" if spend > 100_000 else "routine",
            near_border=False,
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
