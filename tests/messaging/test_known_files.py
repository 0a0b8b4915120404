"""A file that was stored before is recognised by its bytes and not parsed again; everything else stays the same."""

import hashlib
import zipfile

import pytest

from accounts.roles import Role
from messaging import batches, store
from messaging.actions import create_upload_of_paths, process_upload, undo_upload
from messaging.models import Message, Occurrence, StartProduct, Upload
from tests.support.accounts import make_user
from tests.support.records import PSEUDONYM
from tests.support.xmlmessages import message, request, start

pytestmark = pytest.mark.django_db
FILES = [
    message("305", start(number, "2025-01-05"), day="2025-01-06", identification=f"S{number}").xml()
    for number in range(4)
]


@pytest.fixture
def ingest(tmp_path):
    def run(*files):
        path = tmp_path / f"{Upload.objects.count()}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for number, content in enumerate(files):
                archive.writestr(f"{number}.xml", content)
        upload = create_upload_of_paths(uploader="beheerder", paths=[path])
        return process_upload(upload.pk, paths=[path])

    return run


@pytest.fixture
def parsed(monkeypatch):
    """The contents of the files that are parsed."""
    really, found = batches.outcome, []

    def listening(file, *args):
        found.append(file.data)
        return really(file, *args)

    monkeypatch.setattr(batches, "outcome", listening)
    return found


def counts(upload):
    (file,) = upload.files.all()
    return {name: getattr(file, name) for name in ("files_done", "messages", "records", "duplicates", "rejected")}


def test_only_files_that_are_not_known_are_parsed(ingest, parsed):
    ingest(*FILES[:3])
    parsed.clear()
    upload = ingest(FILES[1], FILES[3], FILES[1], b"geen bericht", FILES[0])
    assert parsed == [FILES[3], b"geen bericht"]
    assert counts(upload) == {"files_done": 5, "messages": 1, "records": 1, "duplicates": 3, "rejected": 1}
    assert Occurrence.objects.filter(upload_file__upload=upload).count() == 3
    assert (Message.objects.count(), StartProduct.objects.count()) == (4, 4)


def test_a_refused_file_is_refused_again(ingest):
    assert [counts(ingest(b"geen bericht"))["rejected"] for _ in range(2)] == [1, 1]


def test_what_was_read_with_a_remark_is_told_again(ingest):
    odd = message("315", request("REF1", last="2027-06-31"), day="2025-01-01").xml()
    first, second = ingest(odd), ingest(odd)
    assert first.remark.partition("/")[2] == second.remark.partition("/")[2] != ""
    assert counts(second)["duplicates"] == 1


def test_a_known_message_in_another_layout_is_parsed_and_recognised(ingest, parsed):
    ingest(FILES[0])
    upload = ingest(FILES[0].replace(b"><", b">\n<"))
    assert (len(parsed), counts(upload)["duplicates"], Message.objects.count()) == (2, 1, 1)


def test_a_file_of_an_undone_upload_is_parsed_again(ingest, parsed):
    undo_upload(by=make_user(Role.ADMIN), upload=ingest(*FILES))
    parsed.clear()
    assert counts(ingest(*FILES))["messages"] == 4
    assert parsed == FILES


def test_a_known_file_whose_upload_is_undone_before_it_is_stored_is_parsed_after_all(monkeypatch, ingest):
    ingest(FILES[0])
    first = ingest(*FILES[1:3])
    really = store._note_known

    def undone(upload_file_id, packed):
        monkeypatch.setattr(store, "_note_known", really)
        undo_upload(by=make_user(Role.ADMIN), upload=first)
        really(upload_file_id, packed)

    monkeypatch.setattr(store, "_note_known", undone)
    upload = ingest(*FILES)
    assert counts(upload) == {"files_done": 4, "messages": 3, "records": 3, "duplicates": 1, "rejected": 0}
    assert Occurrence.objects.filter(upload_file__upload=upload).count() == 4
    assert sorted(Message.objects.values_list("identificatie", flat=True)) == ["S0", "S1", "S2", "S3"]
    assert sorted(StartProduct.objects.values_list("toewijzing_nummer", flat=True)) == [0, 1, 2, 3]


def test_known_files_among_many_batches_through_worker_processes(monkeypatch, ingest):
    ingest(*FILES[:2])
    monkeypatch.setattr(store, "BATCH_FILES", 2)
    upload = ingest(*FILES, *FILES, b"geen bericht")
    assert counts(upload) == {"files_done": 9, "messages": 2, "records": 2, "duplicates": 6, "rejected": 1}


def test_what_is_kept_of_a_file_cannot_be_found_back_without_the_key(ingest):
    ingest(FILES[0])
    (kept,) = Message.objects.values_list("bestand", flat=True)
    unkeyed = [hashlib.blake2b(FILES[0], digest_size=16), hashlib.new("md5", FILES[0])]
    assert kept.hex not in [digest.hexdigest() for digest in unkeyed]
    assert PSEUDONYM.digest_of_bytes(FILES[0]) != type(PSEUDONYM)("another key").digest_of_bytes(FILES[0])
