"""The lines of a large claim are copied while it is read; they stay only when it is a message, and a new one."""

import zipfile

import psycopg2
import pytest
from django.db import OperationalError, connection

from messaging import inserting, large, pieces, workers
from messaging import sources as source_module
from messaging.actions import create_upload_of_paths, process_upload
from messaging.exceptions import StoreError, UploadInterrupted
from messaging.models import Message, Prestatie, Upload
from tests.support.xmlmessages import Line, bsn, message, start

pytestmark = pytest.mark.django_db
DAY = "2025-01-06"
LINES = [Line(f"R{number}", 10 + number, bsn=bsn(1 + number // 3)) for number in range(40)]
CLAIM = message("323", *LINES, day=DAY, identification="GROOT").xml()


@pytest.fixture(autouse=True)
def read_in_parts(monkeypatch):
    """Every claim is large, read here in small pieces, and copied a few lines at a time."""
    monkeypatch.setattr(source_module, "MAX_BYTES_IN_MEMORY", 3000)
    monkeypatch.setattr(workers, "are_of_use", lambda: False)
    monkeypatch.setattr(pieces, "SIZE", 1500)
    monkeypatch.setattr(large, "ROWS", 5)
    monkeypatch.setattr(large, "AT_ONCE", 300)


@pytest.fixture
def copied(monkeypatch):
    """How many lines went ahead at a time."""
    found, really = [], inserting.Ahead.add

    def listening(sink, record, text):
        found.append(text.count("\n") + 1)
        really(sink, record, text)

    monkeypatch.setattr(inserting.Ahead, "add", listening)
    return found


def ingest(path, data):
    path.write_bytes(data)
    return process_upload(create_upload_of_paths(uploader="beheerder", paths=[path]).pk)


def counts(upload):
    (file,) = upload.files.all()
    return file.messages, file.records, file.duplicates, file.rejected


def test_lines_go_ahead_and_become_those_of_the_message(tmp_path, monkeypatch, copied):
    assert counts(ingest(tmp_path / "a.xml", CLAIM)) == (1, 40, 0, 0)
    assert sum(copied) == 40
    assert len(copied) > 5
    (claim,) = Message.objects.all()
    ahead = list(Prestatie.objects.order_by("regel").values())
    assert {row["message_id"] for row in ahead} == {claim.pk}

    Message.objects.all().delete()
    monkeypatch.setattr(source_module, "MAX_BYTES_IN_MEMORY", 10**6)
    ingest(tmp_path / "b.xml", CLAIM)
    at_once = list(Prestatie.objects.order_by("regel").values())
    ids = ("message_id", "pk")
    assert [{**row, **dict.fromkeys(ids)} for row in at_once] == [{**row, **dict.fromkeys(ids)} for row in ahead]


def test_lines_of_a_message_that_was_there_do_not_stay(tmp_path, copied):
    ingest(tmp_path / "a.xml", CLAIM)
    before = list(Prestatie.objects.values())
    again = ingest(tmp_path / "b.xml", CLAIM.replace(b"><", b">\n<"))
    assert counts(again) == (0, 0, 1, 0)
    assert sum(copied) == 80
    assert list(Prestatie.objects.values()) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"<Bedrag>49<", b"<Bedrag>veel<"), (b"</Bericht>", b""), (b"<Identificatie>GROOT</Identificatie>", b"")],
    ids=["a fault in the last line", "no end", "a fault in the header"],
)
def test_lines_of_what_is_refused_do_not_stay(tmp_path, copied, old, new):
    assert old in CLAIM
    neighbour = message("305", start(1, DAY), day=DAY).xml()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("0.xml", neighbour)
        archive.writestr("1.xml", CLAIM.replace(old, new))
        archive.writestr("2.xml", neighbour)
    upload = process_upload(create_upload_of_paths(uploader="beheerder", paths=[tmp_path / "a.zip"]).pk)
    assert counts(upload) == (1, 1, 1, 1)
    assert copied
    assert not Prestatie.objects.exists()


def test_lines_of_what_must_be_read_again_are_copied_anew(tmp_path, copied):
    head, unit, tail = CLAIM.rpartition(b"</Eenheid>")
    remarked = head + unit + b"<ProductTarief>duur</ProductTarief>" + tail
    assert counts(ingest(tmp_path / "a.xml", remarked)) == (1, 40, 0, 0)
    assert sum(copied) > 60
    assert list(Prestatie.objects.order_by("regel").values_list("regel", flat=True)) == list(range(1, 41))


def test_lines_in_a_damaged_zip_do_not_stay(tmp_path, copied):
    long = message("323", *LINES, *(Line(f"S{number}", 49) for number in range(100)), day=DAY).xml()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("1.xml", long)
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[data.index(b"<Bedrag>49<") + 8] = ord("5")  # the checksum tells, at the end
    assert counts(ingest(tmp_path / "b.zip", bytes(data))) == (0, 0, 0, 1)
    assert copied
    assert not Prestatie.objects.exists()


@pytest.mark.parametrize("error", [OperationalError, psycopg2.OperationalError])
def test_a_database_that_goes_away_is_no_fault_of_the_file(tmp_path, monkeypatch, error):
    really, calls = inserting._copy_to, []

    def going(*args):
        calls.append(args)
        if len(calls) == 3:
            raise error
        really(*args)

    monkeypatch.setattr(inserting, "_copy_to", going)
    (tmp_path / "a.xml").write_bytes(CLAIM)
    upload = create_upload_of_paths(uploader="beheerder", paths=[tmp_path / "a.xml"])
    with pytest.raises((UploadInterrupted, OperationalError, psycopg2.OperationalError)):
        process_upload(upload.pk)
    assert not Upload.objects.filter(files__rejected__gt=0).exists()
    assert not Prestatie.objects.exists()
    Upload.objects.filter(pk=upload.pk).update(state="wacht")
    assert counts(process_upload(upload.pk)) == (1, 40, 0, 0)


def test_a_line_that_the_database_refuses_is_told_without_the_line(tmp_path):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE messaging_prestatie ADD CONSTRAINT broken CHECK (bedrag < 49)")
    with pytest.raises(StoreError) as found:
        ingest(tmp_path / "a.xml", CLAIM)
    assert str(found.value) == "CheckViolation messaging_prestatie broken"
    assert found.value.__cause__ is None


def test_of_two_large_claims_in_a_zip_each_has_its_lines(tmp_path):
    other = message("323", *LINES, day=DAY, identification="ANDER").xml()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number, data in enumerate((CLAIM, other, CLAIM)):
            archive.writestr(f"{number}.xml", data)
    upload = process_upload(create_upload_of_paths(uploader="beheerder", paths=[tmp_path / "a.zip"]).pk)
    assert counts(upload) == (2, 80, 1, 0)
    for claim in Message.objects.all():
        assert Prestatie.objects.filter(message=claim).count() == 40
