"""Killed with SIGKILL in the middle of things, an upload goes on by itself and ends as if nothing had happened.

The moment of a kill is certain: the batch waits in the database at the place that the test chose (see ``Portal.gate``).
"""

import os
import random
import signal
from pathlib import Path

import pytest

from tests.fuzz.budget import LONG
from tests.support.large_files import write_claim
from tests.support.many_messages import write_traffic
from tests.support.portal import WORKER, Portal
from tests.support.processes import assert_ended, children

MESSAGES = 2500  # per file: three batches
MANY = 50_000 if LONG else 10_000
KILLS = 6 if LONG else 3


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("files")
    return [write_traffic(folder / f"{number}.zip", MESSAGES, name=f"F{number}") for number in range(3)]


@pytest.fixture(scope="module")
def undisturbed(portal: Portal, files: list[Path]) -> dict[str, list[str]]:
    """What the tables hold when nothing is killed."""
    for path in files:
        portal.manage("ingest", str(path))
    found = portal.holds()
    assert len(found["messaging_message"]) == 3 * (4 * MESSAGES // 5 + (MESSAGES // 5 + 2) // 3)
    assert found["messaging_rejection"]
    assert len(found["messaging_uploadfile"]) == 3
    portal.empty()
    return found


def finish(portal: Portal) -> None:
    portal.until("SELECT 1 FROM messaging_upload HAVING count(*) = 3 AND bool_and(state = 'klaar')")


def test_a_killed_command_is_taken_up_by_the_worker(portal, files, undisturbed):
    moments = ("messaging_message", 0), ("messaging_prestatie", 1000), ("messaging_occurrence", 2000)
    for path, (table, done) in zip(files, moments, strict=True):
        with portal.gate(table, path.name, done) as waits:
            ingest = portal.start("manage.py", "ingest", str(path))
            portal.until(waits)
            portal.kill(ingest)
    assert sorted(portal.ask("SELECT files_done, state FROM messaging_uploadfile")) == [
        (0, "bezig"),
        (1000, "bezig"),
        (2000, "bezig"),
    ]

    worker = portal.start(*WORKER)
    finish(portal)
    portal.kill(worker)

    assert portal.holds() == undisturbed
    portal.empty()


def test_a_killed_worker_goes_on_with_the_uploads_of_the_page(portal, files, undisturbed):
    with portal.gate("messaging_occurrence", "1.zip", 1000) as waits:
        portal.upload(*files)
        first = portal.start(*WORKER)
        portal.until(waits)
        portal.kill(first)

    with portal.gate("messaging_rejection", "0.zip", 2000) as waits:
        portal.start(*WORKER)
        portal.until(waits)
        pool = children(portal.started[-1].pid)
        for pid in pool:
            os.kill(pid, signal.SIGKILL)
        assert_ended(pool)
    finish(portal)
    portal.kill(portal.started[-1])

    assert portal.holds() == undisturbed
    assert list((portal.folder / "uploads").iterdir()) == []
    portal.empty()


def test_a_worker_killed_while_a_large_claim_is_read_reads_it_again(portal, tmp_path):
    lines = write_claim(tmp_path / "claim.xml", 34_000_000)
    portal.manage("ingest", str(tmp_path / "claim.xml"))
    whole = portal.holds()
    assert len(whole["messaging_prestatie"]) == lines
    portal.empty()

    portal.upload(tmp_path / "claim.xml")
    for table in ("messaging_prestatie", "messaging_message"):  # after its first lines, and after its last
        with portal.gate(table, "claim.xml", 0) as waits:
            worker = portal.start(*WORKER)
            portal.until(waits)
            portal.kill(worker)
        assert portal.ask("SELECT count(*) FROM messaging_prestatie") == [(0,)]
        assert portal.ask("SELECT state, files_done, messages FROM messaging_uploadfile") == [("bezig", 0, 0)]
    last = portal.start(*WORKER)
    portal.until("SELECT 1 FROM messaging_upload WHERE state = 'klaar'")
    portal.kill(last)

    assert portal.holds() == whole
    assert portal.ask("SELECT interruptions FROM messaging_upload") == [(2,)]
    portal.empty()


@pytest.mark.parametrize("seed", range(3 if LONG else 1))
def test_an_upload_of_thousands_survives_kills_at_any_moment(portal, tmp_path, seed):
    path = write_traffic(tmp_path / "many.zip", MANY)
    portal.manage("ingest", str(path))
    undisturbed = portal.holds()
    portal.empty()

    portal.upload(path)
    rng = random.Random(seed)
    for done in sorted(rng.sample(range(MANY), KILLS)):
        worker = portal.start(*WORKER)
        portal.until(f"SELECT 1 FROM messaging_uploadfile WHERE files_done >= {done} OR state = 'klaar'")
        portal.pass_time(rng.random() / 4)
        portal.kill(worker)
    worker = portal.start(*WORKER)
    portal.until("SELECT 1 FROM messaging_upload WHERE state = 'klaar'")
    portal.kill(worker)
    assert portal.holds() == undisturbed
    ((times,),) = portal.ask("SELECT interruptions FROM messaging_upload")
    assert 0 < times <= KILLS
    portal.empty()
