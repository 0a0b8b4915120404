"""A worker that takes in marked persons, and fails over them, writes none of it down: all its files are searched."""

import zipfile
from pathlib import Path

import pytest

from tests.messaging.test_privacy import MARKS, documents
from tests.support.portal import WORKER, Portal
from tests.support.xmlmessages import Line, message

REFERENCE = b"Zzyreferentie"  # a value that is stored, but has no business in a log
UPLOAD = """
from pathlib import Path
from django.core.files.uploadedfile import SimpleUploadedFile
from messaging.actions import create_upload
path = Path({path!r})
create_upload(by=None, uploader="beheerder", files=[SimpleUploadedFile(path.name, path.read_bytes())])
"""
RESTART = """
from messaging.actions import restart_upload
from messaging.models import Upload
restart_upload(by=None, upload=Upload.objects.get())
"""


def package(path: Path) -> str:
    with zipfile.ZipFile(path, "w") as archive:
        for number, document in enumerate(documents()):
            archive.writestr(f"{number}.xml", document)
        archive.writestr("last.xml", message("323", Line(REFERENCE.decode(), 100), day="2025-01-06").xml())
    return str(path)


def holding(folder: Path, *marks: bytes) -> set[tuple[str, bytes]]:
    """The files under ``folder`` that hold a mark, with the mark."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {(str(path.relative_to(folder)), mark) for path in files for mark in marks if mark in path.read_bytes()}


def told(portal: Portal) -> set[tuple[str, bytes]]:
    """What is found in all that is no table and no waiting upload."""
    found = holding(portal.folder, *MARKS, REFERENCE)
    return {(name, mark) for name, mark in found if not name.startswith(("postgres/", "uploads/"))}


@pytest.fixture
def broken(portal: Portal):
    """The database refuses the last message, as in a fault of our own."""
    portal.ask(
        f"ALTER TABLE messaging_prestatie ADD CONSTRAINT broken CHECK (referentie_nummer <> '{REFERENCE.decode()}')"
    )
    yield
    portal.ask("ALTER TABLE messaging_prestatie DROP CONSTRAINT IF EXISTS broken")
    portal.empty()


def test_nothing_of_a_person_is_written_by_a_worker_that_fails_and_goes_on(portal, tmp_path, broken):
    portal.manage("shell", "-v0", "-c", UPLOAD.format(path=package(tmp_path / "export.zip")))
    first = portal.start(*WORKER, log="worker-1.log")
    portal.until("SELECT 1 FROM messaging_upload WHERE state = 'mislukt'")
    portal.kill(first)
    assert "StoreError: CheckViolation messaging_prestatie broken" in (portal.folder / "worker-1.log").read_text()
    assert told(portal) == set()

    portal.ask("ALTER TABLE messaging_prestatie DROP CONSTRAINT broken")
    portal.manage("shell", "-v0", "-c", RESTART)
    second = portal.start(*WORKER, log="worker-2.log")
    portal.until("SELECT 1 FROM messaging_upload WHERE state = 'klaar'")
    portal.kill(second)
    portal.ask("CHECKPOINT")
    assert portal.ask("SELECT count(*) FROM messaging_message") == [(16,)]
    assert told(portal) == set()
    assert holding(portal.folder, *MARKS) == set()
