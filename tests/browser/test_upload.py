"""From an export on somebody's disk to figures on somebody else's screen: a real browser, a real worker."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect
from redis import Redis

from accounts.roles import Role
from kpi import value_table
from kpi.models import Run, Value
from messaging.models import Message
from messaging.presenters import number
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_keyboard import go_with_keys
from tests.support.accounts import make_user
from tests.support.processes import ROOT

WORK = 90_000  # milliseconds that a worker may take on a busy machine
FIRST_BROKER = 8  # the numbers below are caches of test processes
CLIENTS, MONTHS = 40, 14
Worker = subprocess.Popen[str]


@pytest.fixture(scope="module")
def region(tmp_path_factory) -> Path:
    """The files of a small region up to today: berichten.zip and referentie/."""
    out = tmp_path_factory.mktemp("region") / "region"
    call_command("make_region", clients=CLIENTS, months=MONTHS, seed=3, out=out, zip=True, verbosity=0)
    return out


@pytest.fixture
def figures(transactional_db, region, broker) -> Iterator[None]:
    """No figures yet: reference data and an account per role."""
    call_command("load_reference", region / "referentie", verbosity=0)
    for role in Role:
        make_user(role, username=role.value)
    yield
    with connection.cursor() as cursor:  # not emptied between tests: the table is partitioned
        for run in Run.objects.filter(values_count__gt=0):
            cursor.execute(value_table.drop_partition(run.pk))


@pytest.fixture
def broker(monkeypatch) -> str:
    """The address of a broker that this test process shares with nobody but its worker."""
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    address = f"{settings.REDIS_URL.rsplit('/', 1)[0]}/{FIRST_BROKER + process}"
    monkeypatch.setattr(current_app.conf, "broker_write_url", address, raising=False)
    with Redis.from_url(address) as server:  # also the cache of the worker
        server.flushdb()
    return address


@pytest.fixture
def start_worker(broker) -> Iterator[Callable[[], Worker]]:
    """A function that starts a Celery worker on the database of the tests."""
    started: list[Worker] = []

    def start() -> Worker:
        base = connection.settings_dict
        database = f"postgres://{base['USER']}:{base['PASSWORD']}@{base['HOST']}:{base['PORT']}/{base['NAME']}"
        keys = {"SECRET_KEY": "s" * 32, "PSEUDONYM_KEY": "p" * 32}
        places = {"DATABASE_URL": database, "REDIS_URL": broker, "SDF_DATA_DIR": str(settings.SDF_DATA_DIR)}
        command = [sys.executable, "-m", "celery", "-A", "sdf_portal", "worker", "--concurrency=1", "--loglevel=INFO"]
        environment = os.environ | keys | places | {"DJANGO_SETTINGS_MODULE": "sdf_portal.settings"}
        log = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment, **log))
        return started[-1]

    yield start
    for worker in started:
        worker.terminate()
        worker.communicate()


def send(page: Page, go: Callable[[Locator], None], *files: Path) -> None:
    with page.expect_file_chooser() as chooser:
        go(page.get_by_label("Bestanden met berichten"))
    chooser.value.set_files(files)
    go(page.get_by_role("button", name="Uploaden"))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"Upload \d+"))


@pytest.mark.parametrize(("width", "go"), [(DESKTOP, Locator.click), (PHONE, go_with_keys)])
def test_an_export_becomes_figures(open_page, start_worker, region, tmp_path, width, go):
    broken = tmp_path / "kapot.xml"
    broken.write_text("<bericht>")
    page = open_page(Role.ADMIN, reverse("messaging:uploads"), width=width)
    send(page, go, region / "berichten.zip", broken)
    expect(page.get_by_role("status")).to_have_text("De bestanden staan klaar en wachten op verwerking.")
    expect(page.get_by_role("progressbar", name="Voortgang")).to_be_visible()

    worker = start_worker()
    expect(page.get_by_role("status")).to_contain_text("De verwerking is klaar", timeout=WORK)
    count = number(Message.objects.count())
    expect(page.get_by_role("status")).to_contain_text(f"{count} nieuwe berichten, 0 al bekend, 1 geweigerd")
    expect(page.get_by_role("row", name="berichten.zip")).to_contain_text(count)
    expect(page.get_by_role("row", name="kapot.xml").last).to_contain_text("De XML is onvolledig of beschadigd")
    expect(page.get_by_role("progressbar")).to_have_count(0)

    run = figures_after(worker)
    places = {Role.CONTRACT_MANAGER: ("region", ""), Role.MUNICIPALITY: ("municipality", "0080")}
    for role, (scope, municipality) in places.items():
        page = open_page(role, reverse("kpi:overview"))
        period = page.get_by_label("Periode").input_value()
        where = {"scope": scope, "municipality": municipality, "period": period, "detail": ""}
        value = Value.objects.get(run=run, measure="clienten_in_zorg", **where).numerator
        expect(page.get_by_role("row", name="11. Cliënten in zorg")).to_contain_text(number(value))


def figures_after(worker: Worker) -> Run:
    """The run with figures, as soon as the worker tells that a task is done and there is one."""
    assert worker.stdout
    for line in worker.stdout:
        if "succeeded" in line and (run := Run.objects.filter(values_count__gt=0).first()):
            return run
    raise AssertionError("the worker ended before it computed")


def test_a_refused_file_goes_without_choosing_the_others_again(open_page, tmp_path):
    files = [tmp_path / f"{name}.xml" for name in ("een", "brief", "twee")]
    for file in files:
        file.write_text("hallo" if file.stem == "brief" else "<bericht>")
    page = open_page(Role.ADMIN, reverse("messaging:uploads"), width=PHONE)
    page.get_by_label("Bestanden met berichten").set_input_files(files)
    page.get_by_role("button", name="Haal brief.xml weg").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Gekozen bestanden").get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_role("button", name="Haal twee.xml weg")).to_be_focused()
    page.get_by_role("button", name="Uploaden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"Upload \d+"))
    for name in ("een.xml", "twee.xml"):
        expect(page.get_by_role("row", name=name)).to_be_visible()
    expect(page.get_by_text("brief.xml")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
