"""Every address of the portal, in the light of everybody who may see it: accessible, and nothing beside the screen.

The addresses come from the URL configuration, so that a new page is in here by itself.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

import pytest
from celery import current_app
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from lxml import html

from accounts.models import User
from accounts.roles import Role
from kpi import actions, client_page, look_back, value_table
from kpi.models import ExportJob, Run, Value
from messaging.actions import create_upload, process_upload
from messaging.models import ColumnLayout, PartlyReadTable, StartProduct, UnreadTable, Upload
from tests.browser.accessibility import all_faults
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_keyboard import walk
from tests.support.accounts import client_of, make_user
from tests.support.addresses import filled, patterns

UNTIL, EARLIER = dt.date(2026, 6, 30), dt.date(2026, 4, 15)
TOWN = "0080"
EXPORT = b"Burger;Zorgpartij;Nr;Vanaf\n123;42420001;7;06-01-2025\n"
# Indicators and checks in one list: a page answers to its own. One indicator of each kind of page.
CODES = ["uitval", "duur", "verwijzers", "berichtenmonitor", "start_te_laat"]
REGIONAL = [Role.CONTRACT_MANAGER, Role.POLICY, Role.ANALYST]
OTHERS: list[Role | None] = [None, Role.ADMIN, Role.MUNICIPALITY]
Values = Mapping[str, Sequence[object]]


@pytest.fixture(scope="module")
def region(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("region") / "region"
    call_command("make_region", clients=30, months=10, seed=7, out=out, until=UNTIL, verbosity=0)
    return out


@pytest.fixture
def figures(transactional_db, region, settings, tmp_path, monkeypatch) -> Iterator[None]:
    """A small region computed on two dates, an account per role, and something of everything that people make."""
    monkeypatch.setattr(current_app.conf, "broker_write_url", "memory://", raising=False)
    settings.SDF_DATA_DIR = tmp_path
    cache.clear()
    call_command("load_reference", region / "referentie", verbosity=0)
    call_command("ingest", str(region / "berichten"), verbosity=0)
    run = actions.compute(as_of=UNTIL)
    for role in Role:
        user = make_user(role, username=role.value)
        ExportJob.objects.create(user=user, region=user.scope.region, municipality=user.municipality, period="2026-Q1")
    kept = look_back.ask_for(by=None, date=EARLIER, today=UNTIL)
    look_back.compute_date(kept.pk)
    admin = User.objects.get(username=Role.ADMIN)
    process_upload(create_upload(by=admin, uploader="beheerder", files=[SimpleUploadedFile("a.csv", EXPORT)]).pk)
    table = UnreadTable.objects.get()
    PartlyReadTable.objects.create(upload_file=table.upload_file, label="b.csv", columns=table.columns, unknown=["X"])
    ColumnLayout.objects.create(
        gemeente=TOWN, fingerprint="0", columns=table.columns, soort="305", fields={"burger": "bsn"}
    )
    yield
    with connection.cursor() as cursor:  # not emptied between tests: the table is partitioned
        for made in (run, kept):
            cursor.execute(value_table.drop_partition(made.pk))


def values_for(user: User | None) -> Values:
    """What the parameters of addresses may be; what is somebody's own is that of ``user``."""
    other = User.objects.get(username=Role.ANALYST)
    start = StartProduct.objects.filter(message__gemeente=TOWN)[0]
    provider = Value.objects.filter(run=Run.objects.latest("id"), municipality=TOWN).exclude(provider="")[0].provider
    jobs = ExportJob.objects.filter(user=user)
    made = [
        other,
        *Upload.objects.all(),
        *UnreadTable.objects.all(),
        *PartlyReadTable.objects.all(),
        *ColumnLayout.objects.all(),
        *jobs,
    ]
    return {
        "agb": [provider],
        "code": CODES,
        "kind": ["csv"],
        "key": [client_page.pseudonym(number) for number in (start.client, start.message.link)],
        "pk": sorted({item.pk for item in made}),
        "uidb64": [urlsafe_base64_encode(force_bytes(other.pk))],
        "token": [default_token_generator.make_token(other)],
    }


def is_page(body: bytes) -> bool:
    return body.lstrip()[:15].lower() == b"<!doctype html>"


def pages_of(client: Client, values: Values, without: Collection[str] = ()) -> Iterator[tuple[str, str, bytes]]:
    """Name, address and text of every page that somebody may see; one of each name, and one of each code."""
    for name, pattern in patterns():
        parameters = pattern.pattern.regex.groupindex
        if name in without or name.startswith("kpi:pdf_") or "kind" in parameters:
            continue
        for address in filled(name, pattern, values):
            response = client.get(address, follow=name == "password_set")  # it hides its token from the address
            if response.status_code == 200 and not response.streaming and is_page(response.content):
                yield name, address, response.content
                if "code" not in parameters:
                    break


def buttons_that_need_a_script(body: bytes) -> list[str]:
    """Buttons that do nothing without JavaScript, and yet are not hidden until it runs."""
    found = html.fromstring(body).xpath("//button[@type='button'][not(ancestor-or-self::*[@hidden])]")
    return [f"needs a script: {button.text_content()}" for button in found]


def whoever_asks(body: bytes, user: User | None) -> str:
    """The text of a page without what tells who asked for it: pages that differ in nothing else are checked once."""
    text = re.sub(r'value="[A-Za-z0-9]{64}"', "", body.decode())
    return text.replace(user.username, "").replace(user.get_role_display(), "") if user else text


@pytest.mark.parametrize("roles", [REGIONAL, OTHERS], ids=["regional", "others"])
def test_every_page_is_accessible_and_fits(open_page, live_server, figures, roles):
    found, known = {}, set()
    for role in roles:
        user = User.objects.get(username=role) if role else None
        page = open_page(role, reverse("login"))
        for _, address, body in pages_of(client_of(user), values_for(user)):
            if (text := whoever_asks(body, user)) not in known:
                page.goto(f"{live_server.url}{address}")
                found[role, address] = [*buttons_that_need_a_script(body), *all_faults(page)]
            known.add(text)
        assert any(whose == role for whose, _ in found)
    assert {where: wrong for where, wrong in found.items() if wrong} == {}


# No page of their own: an order, a part of a page, a file.
NO_PAGES = {
    *("start", "logout", "user_reactivate", "user_reset_password", "saved_view_save", "saved_view_delete"),
    *("kpi:ask_differences", "kpi:ask_date", "kpi:export_progress", "kpi:export_cancel", "kpi:export_file"),
    *("kpi:compute_now", "kpi:export_list"),
    *("messaging:columns_discard", "messaging:upload_progress", "messaging:upload_start", "messaging:rejections"),
}


def test_every_address_is_seen_by_somebody(figures):
    seen: set[str] = set()
    for role in (*OTHERS, *REGIONAL):
        user = User.objects.get(username=role) if role else None
        seen |= {name for name, _, _ in pages_of(client_of(user), values_for(user), without=seen)}
    files = {name for name, pattern in patterns() if "kind" in pattern.pattern.regex.groupindex}
    files |= {name for name, _ in patterns() if name.startswith("kpi:pdf_")}
    assert {name for name, _ in patterns()} - seen == NO_PAGES | files


def test_no_focus_hides_under_the_heads_of_a_large_table(open_page, figures):
    hidden = {}
    for name, width in product(("kpi:providers", "kpi:domain", "kpi:kraljic"), (DESKTOP, PHONE)):
        page = open_page(Role.CONTRACT_MANAGER, reverse(name), width=width)
        hidden[name, width] = [step for key in ("Tab", "Shift+Tab") for step in walk(page, key) if step["wrong"]]
    assert hidden == dict.fromkeys(hidden, [])
