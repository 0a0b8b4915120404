"""Where movers went is told by the messages of another municipality: one municipality sees it nowhere."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.roles import Role
from accounts.scope import Scope
from kpi import actions, client_page, look_back
from kpi.exports import long
from kpi.models import Run
from kpi.presenters import UNTOLD
from messaging.models import StopProduct
from providers.models import Municipality
from tests.support.accounts import client_of, make_user
from tests.support.care import CATALOGUE, care
from tests.support.figures import HERE, THERE
from tests.support.records import catalogue, records
from tests.support.stored_records import store, store_catalogue

pytestmark = pytest.mark.django_db
AS_OF = dt.date(2025, 10, 31)
ASKED = {"maat": "uitstroom_verhuisd", "periode": "2025-Q2", "gemeente": HERE}
PAGES = [
    *(("kpi:indicator", ["uitstroom"], more) for more in ({}, {"vanaf": "2025-04", "tot": "2025-05"})),
    *(("kpi:export_indicator", ["uitstroom", "csv"], more) for more in ({}, {"vanaf": "2025-04", "tot": "2025-05"})),
    *(("kpi:explain", ["uitstroom"], more) for more in ({}, {"onderdeel": THERE})),
]


@pytest.fixture
def run() -> Run:
    """Somebody leaves Hierdorp with the reason of a move, and gets care in Daarstad; somebody else stays."""
    cache.clear()
    Municipality.objects.create(code=HERE, name="Hierdorp")
    Municipality.objects.create(code=THERE, name="Daarstad")
    moved = care(1, 1, "2025-01-01", "2025-05-20", "35"), care(1, 2, "2025-07-01", town=THERE)
    found = records(*(message for spell in (*moved, care(2, 3, "2025-01-01")) for message in spell))
    store_catalogue(catalogue(*CATALOGUE), {})
    store(found, found.messages["message_id"])
    return actions.compute(as_of=AS_OF)


def told(role: Role) -> list[str]:
    client = client_of(make_user(role))
    answers = [client.get(reverse(name, args=args), ASKED | more) for name, args, more in PAGES]
    assert {answer.status_code for answer in answers} == {200}
    return [answer.content.decode() for answer in answers]


def test_only_the_region_is_told_where_movers_went(run):
    mover = client_page.pseudonym(StopProduct.objects.get().client)
    of_region, of_one = told(Role.ANALYST), told(Role.MUNICIPALITY)
    assert all("Daarstad" in page for page in of_region)
    assert sum(mover in page for page in of_region) == 2
    for page in of_one:
        assert UNTOLD in page
        assert "Daarstad" not in page
        assert mover not in page


def test_the_long_export_of_one_municipality_is_silent_too(run, tmp_path):
    def rows(scope: Scope, **chosen: str) -> list[str]:
        path = tmp_path / "all.csv"
        asked = {"kind": "csv", "period": "2025", "with_parts": True, "chosen": chosen}
        long.write(path, scope=scope, counted=lambda _: None, progress=lambda _: None, **asked)
        return [line for line in path.read_text("utf-8-sig").splitlines() if "verhuisd" in line]

    months = {"vanaf": "2025-04", "tot": "2025-05"}
    assert len(rows(Scope(region=True))) == 3  # of the month, the quarter and the year
    assert len(rows(Scope(region=True), **months)) == 4  # and of the range
    assert rows(Scope(municipality=HERE)) == rows(Scope(municipality=HERE), **months) == []


def test_nor_can_one_municipality_ask_why_it_changed(run):
    earlier = look_back.ask_for(by=None, date=dt.date(2025, 6, 30), today=AS_OF)
    look_back.compute_date(earlier.pk)
    for role, status in ((Role.ANALYST, 200), (Role.MUNICIPALITY, 422)):
        page = client_of(make_user(role)).get(reverse("kpi:differences"), {"maat": "uitstroom_verhuisd"})
        assert page.status_code == status
