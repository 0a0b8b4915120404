"""``manage.py demo``: the whole portal with an invented region, on one's own machine, until Ctrl-C."""

import errno
import fcntl
import os
import shutil
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connections
from django.urls import reverse

from sdf_portal import demo, embedded, servers
from sdf_portal.assets import collect
from sdf_portal.children import Child, ChildError
from sdf_portal.first_start import migrate_if_behind
from sdf_portal.lifeline import end_with_parent

WEB_LOG = "web.log"
LOOK_SECONDS = 0.3
BUSY_SECONDS = 10
FIRST_PAGE_SECONDS = 60


class Command(BaseCommand):
    help = "Start het hele portaal met een verzonnen regio; stop met Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clients", type=int, default=3000, help="cliënten van de regio, bij de eerste start")
        parser.add_argument("--months", type=int, default=36, help="maanden tot en met vandaag, bij de eerste start")

    def handle(self, *args: Any, **options: Any) -> None:
        if "MAKELEVEL" in os.environ:
            end_with_parent(signal.SIGTERM)  # a killed make takes the portal along
        self.data_dir: Path = settings.SDF_DATA_DIR
        self.web_log = self.data_dir / WEB_LOG
        self.stops = 0
        if not settings.EMBEDDED_DATABASE:
            raise CommandError("De demo draait alleen op de ingebouwde database. Haal DATABASE_URL uit de omgeving.")
        with _alone(self.data_dir), _clear_faults(self.data_dir):
            try:
                self._prepare(options["clients"], options["months"])
                self._serve()
            finally:
                connections.close_all()
                embedded.release(self.data_dir)

    def _prepare(self, clients: int, months: int) -> None:
        for sign in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, signal.default_int_handler)  # until there are programs to stop, as Ctrl-C
        _check_port(settings.SDF_PORT)
        migrate_if_behind()
        steps = demo.unfinished(self.data_dir, clients, months)
        if steps:
            _check_room(self.data_dir)
        for number, step in enumerate(steps, 1):
            started = time.monotonic()
            self._tell(f"[{number}/{len(steps)}] {step.told} …")
            with self._still_busy(started):
                told = demo.finish(self.data_dir, step)
            self._tell(f"      klaar in {time.monotonic() - started:.0f} seconden. {told}".rstrip())
        collect(self.data_dir / "static.stamp")
        self.accounts = demo.accounts(self.data_dir)
        connections.close_all()

    @contextmanager
    def _still_busy(self, started: float) -> Iterator[None]:
        """Meanwhile tells now and then that the work goes on."""
        done = threading.Event()

        def tell() -> None:
            while not done.wait(BUSY_SECONDS):
                self._tell(f"      bezig, {time.monotonic() - started:.0f} seconden …")

        ticker = threading.Thread(target=tell)
        ticker.start()
        try:
            yield
        finally:
            done.set()
            ticker.join()

    def _serve(self) -> None:
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, self._ask_stop)
        os.environ |= {"SDF_DATA_DIR": str(self.data_dir), "SDF_PORT": str(settings.SDF_PORT)}  # whatever the folder
        self.servers = embedded.ensure(self.data_dir)
        self.children = _children(self.data_dir)
        try:
            self._tell("Webserver en werker starten …")
            for child in self.children:
                child.start()
            if self._wait_first_page():
                self._tell_addresses()
            while not self.stops:
                self._look_after()
                time.sleep(LOOK_SECONDS)
        finally:
            self._tell("Stoppen …")
            for child in self.children:
                child.stop()
            self._tell("Gestopt; de gegevens zijn bewaard.")

    def _ask_stop(self, sign: int, frame: Any) -> None:
        self.stops += 1

    def _wait_first_page(self) -> bool:
        """Whether the login page answers; False when asked to stop first."""
        url = f"http://127.0.0.1:{settings.SDF_PORT}{reverse(settings.LOGIN_URL)}"
        deadline = time.monotonic() + FIRST_PAGE_SECONDS
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while not self.stops:
            try:
                with opener.open(url, timeout=10) as answer:
                    if answer.status == 200:
                        return True
            except urllib.error.HTTPError as error:
                raise ChildError(f"De webserver geeft fout {error.code}. Kijk in {self.web_log}.") from error
            except OSError:
                pass  # it does not listen yet
            if time.monotonic() > deadline:
                raise ChildError(f"De webserver antwoordt niet. Kijk in {self.web_log}.")
            self._look_after()
            time.sleep(0.1)
        return False

    def _tell_addresses(self) -> None:
        for role, user, password in self.accounts:
            self._tell(f"account: {role} {user} {password}")
        self._tell(f"ready: http://127.0.0.1:{settings.SDF_PORT}/")
        self._tell(f"Logboeken staan in {self.data_dir}. Stop met Ctrl-C.")

    def _look_after(self) -> None:
        """Start again what fell; when the servers came back elsewhere, everything that was connected to them."""
        moved = False
        if not embedded.keeper_runs(self.data_dir):
            self._tell("De database was gevallen en start opnieuw …")
            before, self.servers = self.servers, embedded.ensure(self.data_dir)
            moved = self.servers != before
        for child in self.children:
            if moved:
                child.stop()
            if not child.runs:
                self._tell(f"De {child.name} start opnieuw …")
                child.start()

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _children(data_dir: Path) -> list[Child]:
    python, root = sys.executable, settings.BASE_DIR
    web = [python, "-m", "gunicorn", "-c", "python:sdf_portal.gunicorn_settings", "sdf_portal.wsgi:application"]
    worker = [python, "-m", "celery", "-A", "sdf_portal", "worker", "--concurrency=2", "--loglevel=INFO"]
    worker += ["--beat", f"--schedule={data_dir / 'beat'}"]
    return [
        Child("webserver", web, data_dir / WEB_LOG, [(signal.SIGTERM, 8)], root),
        # first let it finish its task, then let it give the task back
        Child("werker", worker, data_dir / "worker.log", [(signal.SIGTERM, 8), (signal.SIGQUIT, 5)], root),
    ]


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    with (data_dir / "demo.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CommandError(
                f"Er draait al een demo op {data_dir}. Stop die eerst, of kies met SDF_DATA_DIR een andere map."
            ) from error
        yield


@contextmanager
def _clear_faults(data_dir: Path) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        raise CommandError("Gestopt. De volgende start gaat hier verder.", returncode=130) from None
    except (ChildError, embedded.EmbeddedError) as error:
        raise CommandError(str(error)) from error
    except (OSError, DatabaseError) as error:
        if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or _room(data_dir) < embedded.NEEDED_BYTES:
            raise CommandError(_full(data_dir)) from error
        raise


def _check_port(port: int) -> None:
    if servers.free_port(port) != port:
        raise CommandError(f"Poort {port} is bezet. Kies een andere, bijvoorbeeld: SDF_PORT={port + 1} make demo")


def _check_room(data_dir: Path) -> None:
    if _room(data_dir) < demo.NEEDED_BYTES:
        raise CommandError(_full(data_dir))


def _room(data_dir: Path) -> int:
    """Free bytes. A database that found no room tells it in many ways, so look for oneself."""
    return shutil.disk_usage(data_dir).free


def _full(data_dir: Path) -> str:
    return (
        f"De schijf van {data_dir} is vol; de demo heeft {demo.NEEDED_BYTES // 1024**3} GB nodig."
        " Maak ruimte of kies met SDF_DATA_DIR een andere map; de volgende start gaat hier verder."
    )
