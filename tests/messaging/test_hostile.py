"""Hostile and mistaken files of every kind: one Dutch sentence each, no neighbour lost, nobody named anywhere."""

import io
import logging
import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from accounts.roles import Role
from messaging import sources as source_module
from messaging import views
from messaging.actions import create_upload_of_paths, process_upload, stored_file
from messaging.batches import pack_files
from messaging.models import Message, Rejection
from messaging.rijen.header import Layouts
from messaging.rijen.tables import with_parts
from messaging.sources import sources
from tests.messaging.test_privacy import database_text, found_in
from tests.support.accounts import client_of, make_user
from tests.support.hostile import CSV_ROWS, FILES, HEAD, ROW, XML, data_of, table, zipped
from tests.support.large_files import ZEROS
from tests.support.records import PSEUDONYM
from tests.support.sentences import assert_discreet
from tests.support.xmlmessages import ANNA, BIRTH, BRAM, MARK, message, start

SECRETS = (ANNA, MARK, BIRTH, "passwd")
NEIGHBOUR = message("305", start(2, "2025-01-07"), day="2025-01-08", identification="BUUR").xml()


def look(path: Path):
    found = list(with_parts(sources(path), Layouts()))
    return pack_files(found, [""] * len(found), PSEUDONYM)


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_gets_one_sentence_or_is_harmless(tmp_path, name):
    _, sentence = FILES[name]
    path = tmp_path / ("a.zip" if name.endswith("(ZIP)") else "a")
    path.write_bytes(data_of(name))
    packed = look(path)
    assert [item.name for item in tmp_path.iterdir()] == [path.name]
    if sentence is None:
        assert packed.rows
        assert not packed.rejected
        return
    ((label, reason),) = packed.rejected
    assert reason.startswith(sentence)
    assert reason.endswith(".")
    assert label.isprintable()
    assert_discreet(reason + label[len("a.zip") :].replace("/etc/passwd", ""), *SECRETS)


@pytest.mark.parametrize("name", CSV_ROWS)
def test_a_hostile_row_costs_no_other(tmp_path, name):
    row, sentence = CSV_ROWS[name]
    (tmp_path / "a.csv").write_bytes(table(HEAD, ROW, row, ROW.replace(";101;", ";102;")))
    packed = look(tmp_path / "a.csv")
    ((_, reason),) = packed.rejected
    assert reason.startswith(f"{sentence}Herstel de rij in de bron en upload het bestand opnieuw (regel 3")
    assert len(packed.rows) == 2
    assert_discreet(reason, *SECRETS)


def test_two_members_of_one_name_are_both_read_however_large(tmp_path, monkeypatch):
    monkeypatch.setattr(source_module, "MAX_BYTES_IN_MEMORY", 100)
    with pytest.warns(UserWarning, match="Duplicate name"):
        (tmp_path / "a.zip").write_bytes(zipped(("a.csv", table(HEAD, ROW)), ("a.csv", table(HEAD, ROW, ROW))))
    assert len(look(tmp_path / "a.zip").rows) == 3


def test_many_small_bombs_in_one_zip_are_one_bomb(tmp_path, monkeypatch):
    monkeypatch.setattr(source_module, "TOTAL_RATIO_FROM", 20 * len(ZEROS))
    bombs = [(f"{number}.xml", ZEROS) for number in range(30)]
    (tmp_path / "a.zip").write_bytes(zipped(("first.xml", XML), *bombs))
    packed = look(tmp_path / "a.zip")
    assert packed.rejected[-1][1].startswith("De ZIP is verdacht sterk ingepakt en is niet verder gelezen. Lever ")
    assert (len(packed.rows), len(packed.rejected)) == (1, 20)


def test_zips_of_zips_of_small_bombs_are_one_bomb_and_their_neighbour_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(source_module, "TOTAL_RATIO_FROM", 25 * len(ZEROS))
    inner = zipped(*((f"{number}.xml", ZEROS) for number in range(10)))
    middle = zipped(*((f"{number}.zip", inner) for number in range(10)))
    (tmp_path / "a.zip").write_bytes(zipped(*((f"{number}.zip", middle) for number in range(10)), ("b.xml", XML)))
    found = list(sources(tmp_path / "a.zip"))
    assert sum(len(source.data) for source in found) == 20 * len(ZEROS) + len(XML)
    suspect = [source.label for source in found if source.fault == source_module.SUSPECT_ZIP]
    assert len(suspect) == 98  # each ZIP that no longer fits, before anything of it is read
    assert suspect[0] == "a.zip/0.zip/2.zip"
    assert found[-1].data == XML


def test_a_list_without_end_in_a_zip_in_a_zip_is_not_made(tmp_path, monkeypatch):
    monkeypatch.setattr(source_module, "MAX_NESTED_MEMBERS", 3)
    few, many = (zipped(*((f"{number}.xml", XML) for number in range(count))) for count in (3, 4))
    (tmp_path / "a.zip").write_bytes(zipped(("few.zip", few), ("many.zip", many), ("b.xml", XML)))
    packed = look(tmp_path / "a.zip")
    assert packed.rejected == [("a.zip/many.zip", "Een ZIP in een ZIP is te groot. Pak één laag uit.")]
    assert len(packed.rows) == 4


@pytest.fixture
def everything(tmp_path):
    """All of it in one ZIP and beside it, every name that of a person."""
    paths = [tmp_path / f"alles_{ANNA}.zip"]
    members = [
        (f"{ANNA}_{number}{'.zip' * name.endswith('(ZIP)')}", data_of(name)) for number, name in enumerate(FILES)
    ]
    rows = table(HEAD, *(row for row, _ in CSV_ROWS.values()))
    paths[0].write_bytes(zipped(*members, ("rijen.csv", rows), ("buur.xml", NEIGHBOUR)))
    for name in ("gzip (other)", "7z (other)", "pdf (other)", "half (ZIP)", "line ends of an old Mac (CSV)"):
        paths.append(tmp_path / f"{ANNA}_{len(paths)}")
        paths[-1].write_bytes(data_of(name))
    return paths


@pytest.mark.django_db
def test_nobody_is_named_by_the_command(everything, caplog):
    caplog.set_level(logging.DEBUG)
    told = io.StringIO()
    call_command("ingest", *map(str, everything), "--json", stdout=told)
    assert Message.objects.filter(identificatie="BUUR").count() == 1
    assert Rejection.objects.count() > len(FILES) / 2
    assert not Rejection.objects.filter(reason__contains="eigen fout").exists()
    assert found_in(database_text()) == []
    assert found_in((told.getvalue() + caplog.text).encode()) == []


@pytest.mark.django_db
def test_nobody_is_named_by_the_page(everything, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(views, "enqueue", lambda upload: bool(process_upload(upload)))
    client = client_of(make_user(Role.ADMIN))
    address = reverse("messaging:uploads")
    refused, accepted = (
        client.post(address, {"files": [SimpleUploadedFile(path.name, path.read_bytes()) for path in paths]})
        for paths in (everything, everything[:1])
    )
    assert refused.status_code == 422
    told = client.get(accepted["Location"]).content + refused.content
    told += client.get(f"{accepted['Location']}weigeringen.csv").getvalue()
    assert Message.objects.filter(identificatie="BUUR").count() == 1
    assert found_in(database_text()) == []
    assert found_in(told + caplog.text.encode()) == []


@pytest.mark.django_db
def test_a_file_named_after_a_person_is_found_back_without_keeping_its_name(tmp_path):
    paths = [tmp_path / f"[{ANNA}].xml", tmp_path / f"[{ANNA[:-1]}7].xml", tmp_path / f"{ANNA}.xml"]
    for path in paths:
        path.write_bytes(NEIGHBOUR)
    upload = create_upload_of_paths(uploader="x", paths=paths[::2])
    assert found_in(str(list(upload.files.values())).encode()) == []
    assert [stored_file(file.stored_path) for file in upload.files.order_by("pk")] == paths[::2]
    paths.append(tmp_path / f"{BRAM}.xml")
    paths[-1].write_bytes(XML)
    assert not stored_file(upload.files.last().stored_path).exists()


@pytest.mark.django_db
def test_a_file_of_which_the_name_is_no_text_is_taken_in_and_found_back(tmp_path):
    """As a name is that another system wrote in Latin-1, beside one that differs in that sign only."""
    paths = [tmp_path / os.fsdecode(name) for name in (b"caf\xe9 [1].xml", b"caf\xe9 2.xml")]
    for path in paths:
        path.write_bytes(NEIGHBOUR)
    upload = create_upload_of_paths(uploader="x", paths=paths)
    assert [stored_file(file.stored_path) for file in upload.files.order_by("pk")] == paths
    told = io.StringIO()
    call_command("ingest", str(paths[0]), "--json", stdout=told)
    assert Message.objects.filter(identificatie="BUUR").count() == 1
    assert '"rejected": []' in told.getvalue()
    (tmp_path / os.fsdecode(b"caf\xe8 2.xml")).write_bytes(XML)
    assert not stored_file(upload.files.last().stored_path).exists()
