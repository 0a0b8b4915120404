"""The database restarts under an upload, or the broker falls: the upload goes on by itself and the admin is told."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.many_messages import write_traffic
from tests.support.own_servers import OwnServers
from tests.support.portal import WORKER, Portal

DONE = "SELECT 1 FROM messaging_upload HAVING bool_and(state = 'klaar')"
OLD = "UPDATE messaging_upload SET created_at = created_at - interval '1 hour'"
LOOK = "from messaging.tasks import take_up; take_up()"


@pytest.fixture(scope="module")
def servers() -> Iterator[OwnServers]:
    found = OwnServers()
    yield found
    found.leave()


@pytest.fixture(scope="module")
def portal(servers, tmp_path_factory) -> Iterator[Portal]:
    found = Portal(tmp_path_factory.mktemp("portal"), servers)
    yield found
    for process in found.started:
        if process.poll() is None:
            found.kill(process)
    found.database.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("files")
    return [write_traffic(folder / f"{number}.zip", 2500, name=f"F{number}") for number in range(2)]


@pytest.fixture(scope="module")
def undisturbed(portal, files) -> dict[str, list[str]]:
    """What the tables hold when nothing falls."""
    for path in files:
        portal.manage("ingest", str(path))
    found = portal.holds()
    portal.empty()
    return found


def interruptions(portal: Portal) -> list[int]:
    return [number for (number,) in portal.ask("SELECT interruptions FROM messaging_upload ORDER BY id")]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGQUIT], ids=["fast", "immediate"])
def test_a_worker_goes_on_when_the_database_is_back(portal, servers, files, undisturbed, sign):
    portal.upload(*files)
    with portal.gate("messaging_occurrence", "0.zip", 1000) as waits:
        worker = portal.start(*WORKER)
        portal.until(waits)
        servers.end_database(sign)
        servers.start_database()
        portal.connect()
    portal.until(DONE)
    portal.kill(worker)
    assert portal.holds() == undisturbed
    assert interruptions(portal) == [1, 0]
    assert portal.ask("SELECT count(*) FROM accounts_auditevent WHERE action = 'upload hervat'") == [(1,)]
    portal.ask("TRUNCATE accounts_auditevent")
    portal.empty()


def test_a_command_that_loses_the_database_says_so_and_a_worker_finishes_it(portal, servers, files, undisturbed):
    with portal.gate("messaging_message", "0.zip", 1000) as waits:
        command = portal.start("manage.py", "ingest", *map(str, files), log="command.log")
        portal.until(waits)
        servers.end_database(signal.SIGINT)
        assert command.wait() == 1
        servers.start_database()
        portal.connect()
    assert "CommandError: De database viel weg." in (portal.folder / "command.log").read_text()
    worker = portal.start(*WORKER)
    portal.until(DONE)
    portal.kill(worker)
    assert portal.holds() == undisturbed
    portal.ask("TRUNCATE accounts_auditevent")
    portal.empty()


def test_an_upload_ends_without_the_broker_and_the_next_is_found_though_the_queue_forgot_it(
    portal, servers, files, undisturbed
):
    portal.upload(files[0])
    with portal.gate("messaging_occurrence", "0.zip", 1000) as waits:
        worker = portal.start(*WORKER)
        portal.until(waits)
        servers.kill_broker(forgetting=True)
    portal.until(DONE)
    assert interruptions(portal) == [0]

    portal.upload(files[1])
    servers.start_broker()
    portal.ask(OLD)
    portal.manage("shell", "-v0", "-c", LOOK)
    portal.started.append(worker)
    portal.until(DONE)
    portal.kill(worker)
    assert portal.holds() == undisturbed
    portal.empty()
