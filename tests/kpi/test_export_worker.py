"""A long export by the real worker: taken up without being asked twice, and made whole when the worker was killed."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.portal import WORKER, Portal

ROWS = 5000
ASK = f"""
import datetime as dt
from accounts.models import User
from accounts.scope import Scope
from kpi.export_actions import request_export
from kpi.models import Run, Value
run = Run.objects.create(as_of=dt.date(2026, 11, 25), state="actueel", code_version="test")
cell = dict(run=run, period="2026-Q3")
dropouts = dict(cell, measure="uitval_pct", scope="provider")
Value.objects.create(**cell, measure="clienten_in_zorg", scope="region", numerator=7, value=7)
Value.objects.bulk_create(
    Value(**dropouts, provider=f"{{n:08d}}", numerator=n, denominator=2 * n, value=0.5)
    for n in range(1, {ROWS} + 1)
)
user = User.objects.create_user(username="vrager", role="analist")
scope = Scope(region=True)
request_export(by=user, scope=scope, kind="csv", period="2026-Q3", with_parts=False, filters={{}})
"""
GATE = 98  # the advisory lock at which the progress of an export waits


@pytest.fixture
def asked(portal: Portal) -> Iterator[None]:
    """Figures, and an export that no broker was told of."""
    portal.manage("shell", "-v0", "-c", ASK)
    yield
    portal.ask("TRUNCATE kpi_exportjob, kpi_value, accounts_auditevent, accounts_user CASCADE")
    portal.empty()


@contextmanager
def gate(portal: Portal, rows: int) -> Iterator[str]:
    """Within this the export waits when it has written so many rows; gives the query that tells that it waits."""
    portal.ask(
        f"CREATE FUNCTION export_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" PERFORM pg_advisory_xact_lock_shared({GATE}); RETURN NULL; END $$;"
        f" CREATE TRIGGER export_gate AFTER UPDATE ON kpi_exportjob FOR EACH ROW WHEN (NEW.rows_done = {rows})"
        f" EXECUTE FUNCTION export_gate(); SELECT pg_advisory_lock({GATE})"
    )
    yield f"SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = {GATE} AND NOT granted"
    portal.ask(f"SELECT pg_advisory_unlock({GATE}); DROP FUNCTION export_gate CASCADE")


def test_the_worker_takes_up_what_waits_and_makes_it_again_when_it_was_killed(portal, asked):
    with gate(portal, 4000) as waits:
        worker = portal.start(*WORKER)
        portal.until(waits)
        assert portal.ask("SELECT state, attempts, rows_done, rows_total FROM kpi_exportjob") == [
            ("bezig", 1, 2000, ROWS + 1)
        ]
        portal.kill(worker)
    worker = portal.start(*WORKER)
    portal.until("SELECT 1 FROM kpi_exportjob WHERE state = 'klaar'")
    portal.kill(worker)
    [(attempts, name, size)] = portal.ask("SELECT attempts, stored_name, size FROM kpi_exportjob")
    files = [*(portal.folder / "exports").iterdir()]
    assert (attempts, [file.name for file in files], files[0].stat().st_size) == (2, [name], size)
    lines = files[0].read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + ROWS + 1
    assert lines[-1].endswith(f";{ROWS};{2 * ROWS}")
