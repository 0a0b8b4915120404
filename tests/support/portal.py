"""A portal on a data directory of its own: its commands and worker as processes, its database seen from outside."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from tests.support.own_servers import OwnServers
from tests.support.processes import ROOT, ServerUser, assert_ended, children
from tests.support.stored import stored_by_uploads

WORKER = ("-m", "celery", "-A", "sdf_portal", "worker", "--concurrency=1", "--loglevel=info")
LOOK_SECONDS = 0.02  # between two looks in the database, unless the process ends first
PATIENCE_SECONDS = 300  # many times what anything takes on a busy machine: then it will never come
GATE = 99  # the advisory lock at which a batch waits
GATED = f"""
CREATE OR REPLACE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM messaging_uploadfile WHERE name = TG_ARGV[0] AND files_done = TG_ARGV[1]::int) THEN
        PERFORM pg_advisory_xact_lock_shared({GATE});
    END IF;
    RETURN NULL;
END $$;
SELECT pg_advisory_lock({GATE})
"""


# The kernel counts what a process held before it became another program too: a small one starts the real one.
MEASURED = """
import os, subprocess, sys
process = subprocess.Popen([sys.executable, *sys.argv[1:]], stdout=subprocess.DEVNULL)
_, status, used = os.wait4(process.pid, 0)
print(os.waitstatus_to_exitcode(status), used.ru_maxrss // 1024)
"""


UPLOAD = """
from pathlib import Path
from django.core.files.uploadedfile import SimpleUploadedFile
from messaging.actions import create_upload
for path in {paths}:
    file = SimpleUploadedFile(Path(path).name, Path(path).read_bytes())
    create_upload(by=None, uploader="beheerder", files=[file])
"""


class Portal:
    """``close`` it: it ends all that it started. Without ``servers`` it has the embedded ones."""

    def __init__(self, folder: Path, servers: OwnServers | None = None) -> None:
        self.folder = folder
        ours = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PSEUDONYM_KEY", "DJANGO_SETTINGS_MODULE"}
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        self.environment = kept | {"SDF_DATA_DIR": str(folder), "HTTPS": "0"}
        self.environment |= servers.environment if servers else {}
        self.started: list[subprocess.Popen[bytes]] = []
        self.servers = servers or ServerUser(folder)
        self.connect()
        self.manage("migrate", "-v0")

    def connect(self) -> None:
        """Look into the database, anew when it was restarted."""
        self.database = psycopg2.connect(self.servers.database_url)
        self.database.autocommit = True

    def start(self, *arguments: str, log: str = "told.log") -> "subprocess.Popen[bytes]":
        """What it tells goes to a file in the data directory."""
        with (self.folder / log).open("ab") as target:
            process = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=self.environment, stdout=target, stderr=subprocess.STDOUT
            )
        self.started.append(process)
        return process

    def manage(self, *arguments: str) -> None:
        assert self.start("manage.py", *arguments).wait() == 0

    def megabytes(self, *arguments: str) -> int:
        """The most memory that a command held."""
        told = subprocess.check_output(
            [sys.executable, "-c", MEASURED, "manage.py", *arguments], cwd=ROOT, env=self.environment, text=True
        )
        status, most = map(int, told.split())
        assert status == 0
        return most

    def ask(self, query: str) -> list[tuple]:
        with self.database.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall() if cursor.description else []

    def holds(self) -> dict[str, list[str]]:
        """All tables of messages and uploads, comparable."""
        with self.database.cursor() as cursor:
            return stored_by_uploads(cursor)

    def until(self, query: str) -> None:
        """Until the query gives a row; what was started last must go on running."""
        self._until(lambda: bool(self.ask(query)), query)

    def _until(self, come: Callable[[], bool], what: str) -> None:
        handle = os.pidfd_open(self.started[-1].pid)
        given_up = time.monotonic() + PATIENCE_SECONDS
        try:
            while not come():
                ended, _, _ = select.select([handle], [], [], LOOK_SECONDS)
                assert not ended, f"ended before: {what}"
                assert time.monotonic() < given_up, f"never came: {what}"
        finally:
            os.close(handle)

    def pass_time(self, seconds: float) -> None:
        """What was started last runs on for so long, or ends."""
        handle = os.pidfd_open(self.started[-1].pid)
        try:
            select.select([handle], [], [], seconds)
        finally:
            os.close(handle)

    def upload(self, *paths: Path) -> None:
        """As the page does it, save that the worker is not asked."""
        self.manage("shell", "-v0", "-c", UPLOAD.format(paths=list(map(str, paths))))

    def empty(self) -> None:
        found = self.ask("SELECT tablename FROM pg_tables WHERE tablename ~ '^messaging_' AND schemaname = 'public'")
        self.ask(f"TRUNCATE {', '.join(name for (name,) in found)}, kpi_run CASCADE")

    @contextmanager
    def gate(self, table: str, file: str, done: int) -> Iterator[str]:
        """Within this a batch waits once it has written to ``table`` while the progress of ``file`` is ``done``.

        The batch itself counts in that progress from when it has stored its messages. Gives the query that tells
        that it waits there.
        """
        self.ask(GATED)
        self.ask(
            f"CREATE TRIGGER gate AFTER INSERT OR UPDATE ON {table} FOR EACH STATEMENT"
            f" EXECUTE FUNCTION gate('{file}', '{done}')"
        )
        yield f"SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = {GATE} AND NOT granted"
        self.ask(f"SELECT pg_advisory_unlock({GATE})")
        self.ask(f"DROP TRIGGER gate ON {table}")

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """Without a last word; its own children must go along by themselves."""
        family = children(process.pid)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert_ended(family)

    def close(self) -> None:
        for process in self.started:
            if process.poll() is None:
                self.kill(process)
        self.database.close()
        self.servers.leave()
