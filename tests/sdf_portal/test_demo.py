"""``manage.py demo`` as a person meets it: started, stopped, started again, killed; and its accounts."""

import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from accounts.models import User
from accounts.roles import Role
from sdf_portal import demo
from tests.support.processes import ROOT, assert_ended, children


class Demo:
    """A running demo of a small region; ``told`` holds its lines up to and including the one with the address."""

    def __init__(self, data_dir: Path) -> None:
        ours = {"SECRET_KEY", "PSEUDONYM_KEY", "HTTPS", "DJANGO_SETTINGS_MODULE", "MAKELEVEL"}
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        self.port = _free_port()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--clients=30", "--months=4"],
            cwd=ROOT,
            env=kept | {"SDF_DATA_DIR": str(data_dir), "SDF_PORT": str(self.port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.told: list[str] = []
        assert self.process.stdout
        for line in self.process.stdout:
            self.told.append(line.rstrip("\n"))
            if line.startswith("ready:"):
                return
        raise AssertionError("\n".join(self.told))

    @property
    def accounts(self) -> list[str]:
        return [line for line in self.told if line.startswith("account:")]

    @property
    def running(self) -> set[int]:
        return children(self.process.pid)

    def stop(self, sign: int) -> int:
        self.process.send_signal(sign)
        self.process.communicate()
        return self.process.returncode


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _page_after_login(port: int, account: str) -> str:
    _, _, user, password = account.split(" ")
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    )
    address = f"http://127.0.0.1:{port}/inloggen/"
    with opener.open(address) as answer:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())
    assert token
    form = {"csrfmiddlewaretoken": token[1], "username": user, "password": password}
    with opener.open(address, urllib.parse.urlencode(form).encode()) as answer:
        assert "/inloggen/" not in answer.url
        return str(answer.read().decode())


def test_the_demo_starts_serves_and_stops_whole_and_keeps_its_data(data_dir):
    first = Demo(data_dir)
    running = first.running

    assert first.told[-1] == f"ready: http://127.0.0.1:{first.port}/"
    assert [line.split(" ")[1] for line in first.accounts] == list(Role)
    assert [line[:5] for line in first.told if line.startswith("[")] == ["[1/4]", "[2/4]", "[3/4]", "[4/4]"]
    for account in first.accounts:
        assert "<h1" in _page_after_login(first.port, account)
    assert first.stop(signal.SIGINT) == 0
    assert_ended(running)

    second = Demo(data_dir)
    running = second.running

    assert second.accounts == first.accounts
    assert not [line for line in second.told if line.startswith("[")]
    second.stop(signal.SIGKILL)
    assert_ended(running)


def test_a_second_demo_on_the_same_data_or_port_is_refused_in_a_sentence(data_dir, other_data_dir):
    running = Demo(data_dir)
    environment = {name: value for name, value in os.environ.items() if name not in ("SECRET_KEY", "PSEUDONYM_KEY")}

    def refused(folder: Path, port: int) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", "demo"],
            cwd=ROOT,
            env=environment | {"SDF_DATA_DIR": str(folder), "SDF_PORT": str(port)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        return done.stderr

    assert f"Er draait al een demo op {data_dir}" in refused(data_dir, _free_port())
    assert f"Poort {running.port} is bezet" in refused(other_data_dir, running.port)
    running.stop(signal.SIGTERM)


def test_every_role_gets_an_account_once_with_a_password_that_works(db, tmp_path):
    made = demo.accounts(tmp_path)

    assert [role for role, _, _ in made] == list(Role)
    for role, user_name, password in made:
        user = User.objects.get(username=user_name)
        assert (user.role, user.check_password(password)) == (role, True)
    assert User.objects.get(username=Role.MUNICIPALITY).municipality == demo.MUNICIPALITY
    assert demo.accounts(tmp_path) == made
    assert (tmp_path / "demo-accounts.json").stat().st_mode & 0o777 == 0o600


def test_a_password_that_somebody_chose_is_kept_and_not_told(db, tmp_path):
    demo.accounts(tmp_path)
    user = User.objects.get(username=Role.ANALYST)
    user.set_password("zelf bedacht, en lang")
    user.save()

    assert (Role.ANALYST, Role.ANALYST, "(zelf gekozen)") in demo.accounts(tmp_path)
    user.refresh_from_db()
    assert user.check_password("zelf bedacht, en lang")


def test_a_step_is_taken_up_after_the_last_one_that_was_finished(db, tmp_path):
    steps = demo.steps(30, 4)
    assert [step.name for step in demo.unfinished(tmp_path, 30, 4)] == [step.name for step in steps]
    demo.finish(tmp_path, demo.Step("region", "", lambda _: "made"))

    assert [step.name for step in demo.unfinished(tmp_path, 30, 4)] == ["reference", "messages", "figures"]


def test_a_new_database_is_filled_again(db, tmp_path):
    demo.finish(tmp_path, demo.Step("region", "", lambda _: "made"))
    state = json.loads((tmp_path / "demo.json").read_text())
    (tmp_path / "demo.json").write_text(json.dumps(state | {"database": "another"}))

    assert len(demo.unfinished(tmp_path, 30, 4)) == 4


def test_a_region_that_was_half_made_is_made_anew(tmp_path):
    half = tmp_path / "demo-regio.draft"
    half.mkdir()
    (half / "rest").touch()

    demo.make_region(tmp_path, clients=2, months=2)

    assert not half.exists()
    assert list((tmp_path / "demo-regio").rglob("gemeenten.csv"))
    assert not list((tmp_path / "demo-regio").rglob("rest"))


@pytest.mark.parametrize("step", ["load_reference", "ingest"])
def test_a_step_done_twice_adds_nothing(transactional_db, tmp_path, step):
    demo.make_region(tmp_path, clients=2, months=2)
    getattr(demo, step)(tmp_path)

    told = getattr(demo, step)(tmp_path)

    assert re.search(r"\b0 nieuwe?\b", told)
