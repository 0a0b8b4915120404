"""Nothing of a person in a CSV export is kept, logged or shown, whatever is wrong with the file."""

import datetime as dt
import io
import logging
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.roles import Role
from messaging.actions import create_upload, process_upload
from messaging.column_actions import discard_old
from messaging.models import Message, Rejection, UnreadTable
from tests.messaging.test_privacy import database_text, found_in
from tests.support.accounts import client_of, make_user
from tests.support.xmlmessages import ANNA, BIRTH, BRAM, MARK, message, start

pytestmark = pytest.mark.django_db
WRONG_BSN = "999900001"
DAY = "2025-01-06"
HEAD = "Gemeente;Wet;AGB-code;BSN;Naam;Geboortedatum;Straat;Berichtdatum;Toewijzingnummer;Begindatum;Kleur"
ROW = f"0080;Jeugdwet;42420001;{ANNA};{MARK};{BIRTH};Zzygeheim 1;{DAY};9;{DAY};{MARK}"
WRONG = [
    ROW.replace(ANNA, WRONG_BSN),
    ROW.replace(DAY, MARK),
    ROW.replace(";9;", f";{ANNA};"),
    f"{ROW};{MARK}",
    ROW.replace("Jeugdwet", MARK),
    ROW.replace("42420001", ANNA),
    f'"{ROW}',
    f"{MARK}\0{ANNA}",
    ROW + ANNA * 20_000,
]
EXPORTS = [
    "\n".join([HEAD, ROW, *WRONG]),
    f"Persoon;Nr;Van;Tot\n{ANNA};{MARK};{BIRTH};{DAY}\n",
    f"{HEAD};{ANNA}\n{ROW};x\n",
    f"{ROW}\n{ROW}\n",
]


@pytest.fixture
def ingested(caplog):
    caplog.set_level(logging.DEBUG)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, text in enumerate(EXPORTS):
            archive.writestr(f"{number}_{ANNA}.csv", text.encode("cp1252"))
    package = SimpleUploadedFile(f"client {ANNA}.zip", buffer.getvalue())
    return process_upload(create_upload(by=make_user(Role.ADMIN), uploader="beheerder", files=[package]).pk)


def test_no_mark_is_in_any_table_log_or_page(ingested, caplog):
    assert (Message.objects.count(), Rejection.objects.count(), UnreadTable.objects.count()) == (1, len(WRONG) + 3, 1)
    assert found_in(database_text()) == []
    assert found_in("\n".join(record.getMessage() for record in caplog.records).encode()) == []
    admin = client_of(make_user(Role.ADMIN, username="ander"))
    table = UnreadTable.objects.get()
    pages = [
        reverse("messaging:upload", args=[ingested.pk]),
        reverse("messaging:columns"),
        reverse("messaging:columns_explain", args=[table.pk]),
    ]
    assert found_in(b"".join(admin.get(page).content for page in pages)) == []


def test_a_file_that_waits_is_removed_when_nobody_looks(ingested, django_capture_on_commit_callbacks):
    folder = Path(ingested.files.get().stored_path).parent
    assert folder.exists()
    with django_capture_on_commit_callbacks(execute=True):
        discard_old(ingested.created_at + dt.timedelta(days=31))
    assert not folder.exists()


def test_the_reference_of_a_row_is_stored_as_that_of_its_message_would_be():
    """A number of nine digits that may be somebody's BSN is replaced, and the message still finds its row."""
    head = "Gemeente;Wet;AGB-code;BSN;Berichtnummer;Berichtdatum;Toewijzingnummer;Begindatum"
    row = f"0080;Jeugdwet;42420001;{ANNA};{BRAM};{DAY};9;{DAY}"
    sent = message("305", start(9, DAY), day=DAY, identification=BRAM).xml()
    for name, data in (("starts.csv", f"{head}\n{row}\n".encode()), ("start.xml", sent)):
        upload = create_upload(by=None, uploader="beheerder", files=[SimpleUploadedFile(name, data)])
        process_upload(upload.pk)
    assert BRAM.encode() not in database_text()
    assert len(set(Message.objects.values_list("identificatie", flat=True))) == 1
