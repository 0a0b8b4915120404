"""A real worker masks what looks like a BSN in all it tells, also when a task fails over a person."""

from tests.support.portal import WORKER
from tests.support.xmlmessages import ANNA, message, start

FAILING = """
from pathlib import Path
from django.core.files.uploadedfile import SimpleUploadedFile
from messaging.actions import create_upload
from messaging.tasks import ingest_upload
ingest_upload.apply_async(args=["{bsn}"], task_id="of-{bsn}")
ingest_upload.apply_async(args=["client {bsn}"])
sound = Path({path!r}).read_bytes()
upload = create_upload(by=None, uploader="beheerder", files=[SimpleUploadedFile("a.xml", sound)])
ingest_upload.delay(upload.pk)
"""


def test_the_error_of_a_task_is_told_without_the_person(portal, tmp_path):
    (tmp_path / "a.xml").write_bytes(message("305", start(1, "2025-01-05"), day="2025-01-06").xml())
    code = FAILING.format(bsn=ANNA, path=str(tmp_path / "a.xml"))
    portal.manage("shell", "-v0", "-c", code)
    worker = portal.start(*WORKER, log="people.log")
    portal.until("SELECT 1 FROM messaging_upload WHERE state = 'klaar'")
    portal.kill(worker)
    told = (portal.folder / "people.log").read_text()
    assert "ingest_upload[of-*********] raised unexpected" in told
    assert 'invalid input syntax for type integer: "client *********"' in told
    assert ANNA not in told
    portal.empty()
