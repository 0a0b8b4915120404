"""PGB decisions: the last version counts, what runs on a day, and no source is not zero."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.roles import Role
from accounts.scope import Scope
from messaging.actions import create_upload_of_paths, process_upload
from messaging.decisions import Running, running
from providers.models import Municipality
from tests.support.accounts import client_of, make_user
from tests.support.xmlmessages import ANNA, BRAM

pytestmark = pytest.mark.django_db
HEAD = "Gemeente;Wet;BSN;Besluitnummer;Besluitdatum;Ingangsdatum;Einddatum;PGB-budget"
ROWS = [
    f"0080;Jeugdwet;{ANNA};1;2025-01-02;2025-01-01;2025-12-31;1000",
    f"0080;Jeugdwet;{ANNA};1;2025-03-01;2025-01-01;2025-03-31;250",  # ends earlier after all
    f"0080;Wmo;{ANNA};1;2025-01-02;2025-01-01;;500,50",  # the same number under the other law
    f"0080;Jeugdwet;{BRAM};2;2025-01-02;2025-06-01;;100",
    f"0085;Jeugdwet;{BRAM};1;2025-01-02;2025-01-01;2025-01-31;100",
]
REGION = Scope(region=True)


@pytest.fixture
def decisions(tmp_path):
    (tmp_path / "pgb.csv").write_text("\n".join([HEAD, *ROWS]))
    upload = process_upload(create_upload_of_paths(uploader="x", paths=[tmp_path / "pgb.csv"]).pk)
    assert upload.files.get().messages == len(ROWS)
    for code in ("0080", "0085", "0086"):
        Municipality.objects.create(code=code, name=f"Gemeente {code}")


@pytest.mark.parametrize(
    ("day", "here", "there"),
    [
        ("2025-01-31", Running(2, 1, 150050), Running(1, 1, 10000)),
        ("2025-02-28", Running(2, 1, 150050), Running(0, 0, None)),
        ("2025-03-31", Running(2, 1, 75050), Running(0, 0, None)),
        ("2025-04-01", Running(1, 1, 50050), Running(0, 0, None)),
        ("2025-06-01", Running(2, 2, 60050), Running(0, 0, None)),
    ],
)
def test_the_last_version_known_on_the_day_counts_while_it_runs(decisions, day, here, there):
    assert running(REGION, dt.date.fromisoformat(day)) == {"0080": here, "0085": there}


def test_a_municipality_sees_its_own_only_whatever_is_asked(decisions):
    day = dt.date(2025, 1, 31)
    own = Scope(region=False, municipality="0085")
    assert set(running(own, day)) == {"0085"}
    assert running(own, day, "0080") == {}


def test_no_source_is_told_and_is_not_zero(decisions):
    body = client_of(make_user(Role.CONTRACT_MANAGER)).get(reverse("messaging:quality")).content.decode()
    pgb = body[body.index('id="pgb"') :]
    assert pgb.count("geen bron") == 3
    assert "Gemeente 0086" in pgb
    mine = client_of(make_user(Role.MUNICIPALITY, "0085")).get(reverse("messaging:quality")).content.decode()
    assert "Gemeente 0080" not in mine
