"""Killed with SIGKILL in the middle of things, an upload goes on by itself and ends as if nothing had happened.

The moment of a kill is certain: the batch waits in the database at the place that the test chose (see ``Portal.gate``).
"""

import os
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.portal import WORKER, Portal
from tests.support.processes import assert_ended, children
from tests.support.xmlmessages import ANNA, Line, allocation, answer, message, start, stop

MESSAGES = 2500  # per file: three batches
DAY = "2025-01-06"
UPLOAD = """
from pathlib import Path
from django.core.files.uploadedfile import SimpleUploadedFile
from messaging.actions import create_upload
for path in {paths}:
    file = SimpleUploadedFile(Path(path).name, Path(path).read_bytes())
    create_upload(by=None, uploader="beheerder", files=[file])
"""


def traffic(number: int) -> Iterator[bytes]:
    """Messages of several types; some come twice, some are refused."""
    for item in range(MESSAGES // 5):
        name = f"F{number}M{item}"
        allocated = message("301", allocation(item + 1), day=DAY, identification=f"{name}T")
        last = message("307", stop(item + 1, DAY, "2025-03-01"), day=DAY, identification=f"{name}E").xml()
        yield allocated.xml()
        yield answer(allocated, "2025-01-07", identification=f"{name}R").xml()
        yield message("305", start(item + 1, DAY), day=DAY, identification=f"{name}S").xml()
        yield message("323", Line(f"R{item}", 100), Line(f"Q{item}", 7), day=DAY, identification=f"{name}D").xml()
        yield (last, allocated.xml(), last.replace(ANNA.encode(), b"999900001"))[item % 3]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("files")
    paths = [folder / f"{number}.zip" for number in range(3)]
    for number, path in enumerate(paths):
        with zipfile.ZipFile(path, "w") as archive:
            for place, data in enumerate(traffic(number)):
                archive.writestr(f"{place:05}.xml", data)
    return paths


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
        portal.manage("shell", "-v0", "-c", UPLOAD.format(paths=[str(path) for path in files]))
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
