"""No BSN, name or birth date of a message is ever kept, logged or shown: the whole database is searched for them."""

import base64
import hashlib
import io
import logging
import zipfile
from pathlib import Path

import pytest
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.roles import Role
from messaging import actions
from messaging.actions import create_upload, process_upload, undo_upload, uploads_dir
from messaging.berichten.interpret import digests
from messaging.models import Antwoord, Message, Rejection, StartProduct, Toewijzing, Verzoek
from tests.support.accounts import make_user
from tests.support.xmlmessages import (
    ANNA,
    BIRTH,
    BRAM,
    MARK,
    TOWN,
    Line,
    allocation,
    answer,
    change_request,
    claim_answer,
    message,
    new,
    question_answer,
    request,
    start,
    stop,
    unchanged,
)

pytestmark = pytest.mark.django_db
WRONG_BSN = "999900001"
MARKS = [mark.encode() for mark in (ANNA, BRAM, WRONG_BSN, MARK, BIRTH, "Zzygeheim")]
DAY, RETURNED = "2025-01-06", "2025-01-09"
STREET = "<Contactgegevens><Contact><Adres><Straat>Zzygeheim 1</Straat></Adres></Contact></Contactgegevens>"


def messages():
    lines = Line("R1", 100), Line("R2", 200, bsn=BRAM)
    parts = change_request("V1", unchanged(1), new("2025-06-01"))
    heen = [
        message("301", allocation(1), day=DAY),
        message("305", start(1, DAY), day=DAY, person=BRAM),
        message("307", stop(1, DAY, "2025-03-01"), day=DAY),
        message("315", request("V2"), day=DAY),
        message("317", *parts, day=DAY),
        message("319", question_answer("V2", "2"), day=DAY),
        message("323", *lines, day=DAY),
        message("303", *lines, day=DAY, release="2.3"),
    ]
    yield from heen
    for item in heen[:4]:
        yield answer(item, RETURNED, client=("9009",), records=((item.parts[0], "0233"),))
    for item in heen[6:]:
        yield claim_answer(
            item, RETURNED, whole=("0200",), listed=tuple((line, "8004") for line in lines), granted=(1, 2)
        )


def documents():
    for item in messages():
        yield item.xml().replace(b"</Client>", f"<Commentaar>{MARK} {ANNA}</Commentaar>{STREET}</Client>".encode())
    sound = message("305", start(1, DAY), day=DAY).xml()
    yield sound.replace(ANNA.encode(), WRONG_BSN.encode())
    yield sound.replace(DAY.encode(), ANNA.encode(), 1)
    yield sound.replace(b"<ToewijzingNummer>1", f"<ToewijzingNummer>{MARK}".encode())
    yield sound.replace(b"?>", f'?><!DOCTYPE a [<!ENTITY x "{ANNA}">]>'.encode(), 1)
    yield sound[:-40]
    yield sound.replace(b"<Bsn>", b"<Bsn><&")
    yield f"{MARK};{ANNA};{BIRTH}".encode()
    inner = base64.b64encode(sound).decode()
    yield f"<Di01><gebruiker>{MARK}</gebruiker><xmlBestand>{inner}</xmlBestand></Di01>".encode()


def package():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, document in enumerate(documents()):
            archive.writestr(f"{number}_{ANNA}.xml", document)
    return SimpleUploadedFile(f"client {ANNA}.zip", buffer.getvalue())


def database_text():
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema LIKE 'pg_temp%'")
        tables += [name for (name,) in cursor.fetchall()]
        assert {"messaging_message", "messaging_rejection", "accounts_auditevent"} <= set(tables)
        buffer = io.BytesIO()
        for table in tables:
            cursor.copy_expert(f'COPY (SELECT * FROM "{table}") TO STDOUT', buffer)
        return buffer.getvalue()


def found_in(text):
    return [mark.decode() for mark in MARKS if mark in text]


@pytest.fixture
def ingested(caplog):
    caplog.set_level(logging.DEBUG)
    upload = create_upload(by=make_user(Role.ADMIN), uploader="beheerder", files=[package()])
    assert found_in(b"".join(path.read_bytes() for path in uploads_dir().rglob("*.zip")))
    return process_upload(upload.pk)


def test_no_mark_is_in_any_table(ingested):
    assert Message.objects.count() == 15
    assert Rejection.objects.count() == 7
    assert found_in(database_text()) == []


def test_no_mark_is_in_any_log_or_sentence(ingested, caplog):
    told = "\n".join(
        [record.getMessage() for record in caplog.records] + list(map(str, Rejection.objects.values_list()))
    )
    assert found_in(told.encode()) == []


def referring(mark):
    """Messages of which the sender fills in a BSN wherever it may choose a number."""
    own = {"day": DAY, "identification": mark}
    line = Line(mark, 100)
    claims = [message("323", line, **own), message("303", line, release="2.3", **own)]
    heen = [
        message("301", allocation(mark, reference=mark), **own),
        message("305", start(int(mark), DAY), **own),
        message("307", stop(int(mark), DAY, "2025-03-01"), **own),
        message("315", request(mark), **own),
        message("317", *change_request(mark, unchanged(int(mark))), **own),
        message("319", question_answer(mark, "2"), **own),
    ]
    yield from (item.xml() for item in heen + claims)
    yield from (answer(item, RETURNED, records=((item.parts[0], "0233"),)).xml() for item in heen[:4])
    for item in claims:
        yield claim_answer(item, RETURNED, whole=("0200",), listed=((line, "8004"),), granted=(1,)).xml()


def ingest(name, documents):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, document in enumerate(documents):
            archive.writestr(f"{number}.xml", document)
    files = [SimpleUploadedFile(name, buffer.getvalue())]
    return process_upload(create_upload(by=None, uploader="beheerder", files=files).pk)


def test_a_bsn_that_a_sender_uses_as_a_reference_is_never_kept():
    documents = list(referring(ANNA))
    ingest("a.zip", documents)
    assert Message.objects.count() == len(documents)
    assert found_in(database_text()) == []
    guesses = [f"{wet}|301|{TOWN}|{ANNA}|{DAY}" for wet in ("jeugdwet", "wmo")]
    assert not {digests(guess)[0] for guess in guesses} & set(Message.objects.values_list("link", flat=True))


def test_what_refers_by_a_bsn_still_finds_what_it_refers_to():
    ingest("a.zip", referring(ANNA))
    by_link = Message.objects.values_list("link").annotate(soorten=ArrayAgg("soort", order_by="soort"))
    assert {tuple(found) for _, found in by_link} >= {("301", "302"), ("305", "306"), ("307", "308"), ("323", "325")}
    numbers = [set(table.objects.values_list("toewijzing_nummer", flat=True)) for table in (Toewijzing, StartProduct)]
    assert numbers[0] == numbers[1] != {None}
    references = [set(table.objects.values_list("referentie_aanbieder", flat=True)) for table in (Verzoek, Antwoord)]
    assert references[0] == references[1]
    assert len(references[0]) == 1


def test_a_bsn_inside_a_longer_reference_is_taken_out():
    line = Line(f"{ANNA}0001", 100)
    long = {"day": DAY, "identification": f"7{ANNA}25"}
    ingest("a.zip", [message("323", line, **long).xml(), message("301", allocation(1, reference=ANNA), **long).xml()])
    assert Message.objects.count() == 2
    assert found_in(database_text()) == []


def test_a_number_of_nine_digits_that_is_no_bsn_is_kept():
    ingest("a.zip", [message("301", allocation(123456789, reference="123456789"), day=DAY).xml()])
    (kept,) = Toewijzing.objects.all()
    assert (kept.toewijzing_nummer, kept.referentie_aanbieder) == (123456789, "123456789")


def test_nothing_of_the_files_stays_on_disk(ingested):
    (file,) = ingested.files.all()
    assert not Path(file.stored_path).parent.exists()


def test_nothing_of_the_files_stays_when_the_upload_cannot_be_noted(monkeypatch):
    def broken(**kwargs):
        raise RuntimeError

    monkeypatch.setattr(actions, "record", broken)
    before = set(uploads_dir().iterdir())
    with pytest.raises(RuntimeError):
        create_upload(by=make_user(Role.ADMIN), uploader="beheerder", files=[package()])
    assert set(uploads_dir().iterdir()) == before


def test_undoing_leaves_no_mark_either(ingested):
    undo_upload(by=make_user(Role.ADMIN, username="ander"), upload=ingested)
    assert found_in(database_text()) == []


def test_a_pseudonym_is_of_no_use_without_the_key(ingested):
    guesses = {int.from_bytes(hashlib.sha256(ANNA.encode()).digest()[:8], "big", signed=True), int(ANNA)}
    assert not guesses & set(Message.objects.values_list("client", flat=True))
