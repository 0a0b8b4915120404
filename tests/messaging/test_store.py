"""Into the tables: each message once, whole batches at a time, and back out again."""

import io
import threading
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from accounts.roles import Role
from accounts.scope import Scope
from messaging import batches, inserting, store
from messaging import sources as source_module
from messaging.actions import create_upload, create_upload_of_paths, process_upload, undo_upload
from messaging.exceptions import UploadError
from messaging.models import (
    Antwoord,
    AntwoordRegel,
    Message,
    Occurrence,
    Prestatie,
    Rejection,
    RetourRegel,
    StartProduct,
    StopProduct,
    Toewijzing,
    Upload,
    UploadFile,
    UploadState,
    Verzoek,
)
from messaging.quality import Window, unanswered
from messaging.signals import messages_changed
from tests.support.accounts import client_of, make_user
from tests.support.xmlmessages import (
    Line,
    allocation,
    answer,
    claim_answer,
    message,
    question_answer,
    request,
    start,
    stop,
)

pytestmark = pytest.mark.django_db
DAY = "2025-01-06"
TODAY = date(2025, 3, 1)
RECORDS = (Toewijzing, StartProduct, StopProduct, Prestatie, Verzoek, Antwoord, RetourRegel, AntwoordRegel)


def starts(count, *, first=1):
    return [
        message("305", start(number, "2025-01-05"), day="2025-01-06", identification=f"S{number}")
        for number in range(first, first + count)
    ]


@pytest.fixture
def ingest(tmp_path):
    """Take in files (name → content or messages) as one upload, like the command does."""

    def run(**files):
        paths = []
        for name, content in files.items():
            path = tmp_path / name.replace("_", ".")
            path.write_bytes(content if isinstance(content, bytes) else zipped(content))
            paths.append(path)
        upload = create_upload_of_paths(uploader="beheerder", paths=paths)
        return process_upload(upload.pk, paths=paths)

    return run


def zipped(messages):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, item in enumerate(messages):
            archive.writestr(f"{number}.xml", item if isinstance(item, bytes) else item.xml())
    return buffer.getvalue()


def counts(upload):
    (file,) = upload.files.all()
    return {name: getattr(file, name) for name in ("files_done", "messages", "records", "duplicates", "rejected")}


def table_sizes():
    return {model.__name__: model.objects.count() for model in (Message, Occurrence, *RECORDS)}


ALL_KINDS = [
    *(message("301", allocation(1, reference="REF1"), day="2025-01-02", identification="T1"),),
    *(message("315", request("REF1"), day="2025-01-01", identification="V1"),),
    *(message("319", question_answer("REF1", "2"), day="2025-01-02", identification="O1"),),
    *(message("305", start(1, "2025-01-05"), day="2025-01-06", identification="S1"),),
    *(message("307", stop(1, "2025-01-05", "2025-03-01"), day="2025-03-02", identification="E1"),),
    *(message("323", Line("R1", 100), day="2025-02-02", identification="D1"),),
]
ALL_KINDS += [
    answer(ALL_KINDS[0], "2025-01-03", records=((allocation(1), "9332"),), identification="RT1"),
    claim_answer(ALL_KINDS[5], "2025-02-05", whole=("0200",), listed=((Line("R1", 100), "8004"),), identification="A1"),
]


def test_every_kind_of_record_reaches_its_table(ingest):
    upload = ingest(alles_zip=ALL_KINDS)
    assert table_sizes() == {"Message": 8, "Occurrence": 8} | {model.__name__: 1 for model in RECORDS}
    assert counts(upload) == {"files_done": 8, "messages": 8, "records": 8, "duplicates": 0, "rejected": 0}
    assert upload.state == UploadState.DONE
    assert upload.files.get().counts == dict.fromkeys(("301", "302", "305", "307", "315", "319", "323", "325"), 1)


def test_the_same_file_twice_changes_nothing(ingest):
    ingest(alles_zip=ALL_KINDS)
    before = table_sizes()
    again = ingest(alles_zip=ALL_KINDS)
    assert counts(again) == {"files_done": 8, "messages": 0, "records": 0, "duplicates": 8, "rejected": 0}
    assert table_sizes() == before | {"Occurrence": 16}


def test_a_message_twice_in_one_file_counts_once(ingest):
    (one,) = starts(1)
    upload = ingest(a_zip=[one, one, one])
    assert counts(upload) == {"files_done": 3, "messages": 1, "records": 1, "duplicates": 2, "rejected": 0}
    assert table_sizes()["StartProduct"] == 1


def test_overlapping_zips_give_each_message_once(ingest):
    upload = ingest(a_zip=starts(4), b_zip=starts(4, first=3), c_xml=starts(1, first=6)[0].xml())
    assert [file.messages for file in upload.files.order_by("pk")] == [4, 2, 0]
    assert [file.duplicates for file in upload.files.order_by("pk")] == [0, 2, 1]
    assert table_sizes()["StartProduct"] == 6


def test_a_message_in_another_layout_is_the_same_message(ingest):
    (one,) = starts(1)
    upload = ingest(a_zip=[one, one.xml().replace(b"><", b">\n  <")])
    assert (counts(upload)["messages"], counts(upload)["duplicates"]) == (1, 1)


def test_one_identity_with_other_content_is_kept_and_counts_as_known(ingest):
    """The calculation takes one of the two whatever arrived first, so both have to be there."""
    one = message("305", start(1, "2025-01-05"), day="2025-01-06", identification="S1")
    other = message("305", start(1, "2025-01-09"), day="2025-01-06", identification="S1")
    upload = ingest(a_zip=[one, other])
    assert (counts(upload)["messages"], counts(upload)["duplicates"]) == (1, 1)
    assert Message.objects.count() == 2
    assert Message.objects.values("identity").distinct().count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"identification": "S2"},
        {"day": "2025-01-07"},
        {"provider": "42420002"},
        {"wet": "wmo"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_identifies_a_message(ingest, other):
    base = {"day": "2025-01-06", "identification": "S1"}
    upload = ingest(
        a_zip=[message("305", start(1, "2025-01-05"), **base), message("305", start(1, "2025-01-05"), **base | other)]
    )
    assert counts(upload)["messages"] == 2


def test_one_number_for_a_305_and_a_307_is_two_messages(ingest):
    base = {"day": "2025-03-02", "identification": "S1"}
    upload = ingest(
        a_zip=[
            message("305", start(1, "2025-01-05"), **base),
            message("307", stop(1, "2025-01-05", "2025-03-01"), **base),
        ]
    )
    assert counts(upload)["messages"] == 2


def test_the_neighbours_of_a_faulty_message_are_stored(ingest):
    first, second = starts(2)
    upload = ingest(a_zip=[first, b"geen bericht", second.xml()[:-50], second])
    assert counts(upload) == {"files_done": 4, "messages": 2, "records": 2, "duplicates": 0, "rejected": 2}
    assert list(Rejection.objects.values_list("file", flat=True)) == ["a.zip/1.xml", "a.zip/2.xml"]


def test_a_rejection_names_the_file_as_the_user_knows_it(tmp_path, ingest):
    path = tmp_path / "0.xml"
    path.write_bytes(b"geen bericht")
    upload = Upload.objects.create(uploader="beheerder")
    UploadFile.objects.create(upload=upload, name="mijn bericht.xml", stored_path=str(path))
    process_upload(upload.pk)
    assert Rejection.objects.get().file == "mijn bericht.xml"


def test_what_was_read_with_a_remark_is_told(ingest):
    odd = message("315", request("REF1", last="2027-06-31"), day="2025-01-01")
    upload = ingest(a_zip=[*starts(1), odd])
    assert counts(upload)["rejected"] == 0
    assert upload.remark == (
        "a.zip/1.xml: De datum bestaat niet; het gegeven is leeg gelaten (regel 2, element ToewijzingEinddatum)."
    )


def test_remarks_never_outgrow_their_place(ingest):
    odd = [message("315", request(f"REF{number}", last="2027-06-31"), day="2025-01-01") for number in range(30)]
    upload = ingest(a_zip=odd[:15], b_zip=odd[15:])
    assert len(upload.remark) <= 500
    assert upload.remark.startswith("a.zip/0.xml: ")
    assert upload.remark.endswith("element ToewijzingEinddatum). En meer.")
    assert Message.objects.count() == 30


def test_a_newer_release_is_told_first_and_once_on_the_page_of_the_upload(ingest, admin):
    odd = [message("315", request(f"REF{number}", last="2027-06-31"), day="2025-01-01") for number in range(15)]
    newer = [message("305", start(1, DAY), day=DAY, release=release) for release in ("3.3", "3.3", "4.0")]
    upload = ingest(a_zip=[*odd, *newer])
    first, second = (
        f"Release {release} is nieuwer dan het portaal kent; wat past is gelezen." for release in ("3.3", "4.0")
    )
    assert upload.remark.startswith(f"{first} {second} a.zip/0.xml: ")
    assert upload.remark.count("3.3") == 1
    page = client_of(admin).get(reverse("messaging:upload", args=[upload.pk]))
    assert f"{first} {second}" in page.content.decode()


def test_a_path_that_is_longer_than_its_column_is_taken_in_and_told(tmp_path):
    folder = tmp_path.joinpath(*["m" * 100] * 4)
    folder.mkdir(parents=True)
    path = folder / f"{'b' * 240}.xml"
    path.write_bytes(message("305", start(1, DAY), day=DAY).xml())
    upload = create_upload_of_paths(uploader="beheerder", paths=[path])
    assert process_upload(upload.pk).state == UploadState.DONE
    file = upload.files.get()
    assert (file.name, file.messages, file.rejected) == (path.name, 1, 0)


def test_a_message_with_every_text_that_copy_treats_specially(ingest):
    nasty = "a\\b\\N\tc\nd\\."
    item = message("315", request(nasty), day="2025-01-01")
    ingest(a_xml=item.xml())
    assert Verzoek.objects.get().referentie_aanbieder == nasty


def test_processing_twice_changes_nothing(ingest):
    upload = ingest(a_zip=starts(3))
    before = counts(upload)
    assert counts(process_upload(upload.pk)) == before


def known_messages():
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'messaging_message'")
        return cursor.fetchone()[0]


def test_postgres_knows_of_many_new_messages_before_figures_are_computed_of_them(ingest):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE messaging_message")
    assert known_messages() == 0
    known = []
    messages_changed.connect(lambda **_: known.append(known_messages()), weak=False, dispatch_uid="known")
    try:
        ingest(first_zip=starts(30))
        ingest(second_zip=starts(1, first=31))
    finally:
        messages_changed.disconnect(dispatch_uid="known")
    assert known == [30, 30]  # one more is not worth the look


def test_a_change_of_messages_is_announced_and_nothing_else(ingest):
    heard = []

    def listen(upload, **kwargs):
        heard.append(upload.pk)

    messages_changed.connect(listen)
    try:
        first = ingest(a_zip=starts(2))
        ingest(b_xml=b"geen bericht")
    finally:
        messages_changed.disconnect(listen)
    assert heard == [first.pk]


class Killed(BaseException):
    """What ends the process halfway."""


def test_an_upload_is_announced_before_it_is_done_so_that_a_kill_in_between_loses_nothing(tmp_path, admin):
    upload = create_upload(by=admin, uploader="beheerder", files=[SimpleUploadedFile("a.zip", zipped(starts(2)))])
    kept = Path(upload.files.get().stored_path)

    def listen(upload, **kwargs):
        raise Killed

    messages_changed.connect(listen)
    try:
        with pytest.raises(Killed):
            process_upload(upload.pk)
    finally:
        messages_changed.disconnect(listen)
    upload.refresh_from_db()
    assert (upload.state, kept.exists()) == (UploadState.RUNNING, False)
    assert process_upload(upload.pk).state == UploadState.DONE
    assert counts(upload) == {"files_done": 2, "messages": 2, "records": 2, "duplicates": 0, "rejected": 0}


def test_a_run_that_was_killed_between_batches_goes_on_where_it_was(monkeypatch, tmp_path):
    monkeypatch.setattr(store, "BATCH_FILES", 3)
    path = tmp_path / "a.zip"
    path.write_bytes(zipped([*starts(7), b"geen bericht", *starts(3)]))
    upload = create_upload_of_paths(uploader="beheerder", paths=[path])
    really, calls = store.store_batch, []

    def dying(file, outcomes):
        calls.append(len(outcomes))
        if len(calls) == 3:
            raise Killed
        really(file, outcomes)

    monkeypatch.setattr(store, "store_batch", dying)
    with pytest.raises(Killed):
        process_upload(upload.pk, paths=[path])
    upload.refresh_from_db()
    assert (upload.state, counts(upload)["files_done"], upload.files.get().files_total) == (UploadState.RUNNING, 6, 11)
    monkeypatch.setattr(store, "store_batch", really)
    done = process_upload(upload.pk, paths=[path])
    assert counts(done) == {"files_done": 11, "messages": 7, "records": 7, "duplicates": 3, "rejected": 1}
    assert done.state == UploadState.DONE
    assert (Message.objects.count(), StartProduct.objects.count(), Rejection.objects.count()) == (7, 7, 1)


def test_a_file_that_is_gone_when_a_killed_run_goes_on_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(store, "BATCH_FILES", 3)
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(starts(7)))
    upload = create_upload_of_paths(uploader="beheerder", paths=[path])
    really = store.store_batch

    def dying(file, outcomes):
        really(file, outcomes)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(store, "store_batch", dying)
        with pytest.raises(Killed):
            process_upload(upload.pk, paths=[path])
    path.unlink()
    process_upload(upload.pk, paths=[path])
    assert (Message.objects.count(), Rejection.objects.count()) == (3, 1)
    assert Rejection.objects.get().reason.startswith("Het bestand is niet te lezen")


def test_a_batch_that_fails_halfway_leaves_nothing_of_itself(monkeypatch, tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped([*starts(3), b"geen bericht"]))
    upload = create_upload_of_paths(uploader="beheerder", paths=[path])

    def dying(*args):
        raise Killed

    monkeypatch.setattr(store, "_rejections", dying)
    with pytest.raises(Killed):
        process_upload(upload.pk, paths=[path])
    assert set(table_sizes().values()) == {0}
    assert counts(upload)["files_done"] == 0


def test_many_batches_go_through_worker_processes_with_the_same_result(monkeypatch, ingest):
    monkeypatch.setattr(store, "BATCH_FILES", 4)
    upload = ingest(a_zip=[*starts(18), b"geen bericht", *ALL_KINDS])
    assert counts(upload) == {"files_done": 27, "messages": 25, "records": 25, "duplicates": 1, "rejected": 1}
    assert Rejection.objects.get().file == "a.zip/18.xml"


@pytest.fixture
def admin():
    return make_user(Role.ADMIN)


def test_undoing_takes_back_exactly_what_the_upload_brought(ingest, admin):
    ingest(a_zip=starts(2))
    before = table_sizes()
    upload = ingest(b_zip=[*starts(2), *starts(2, first=3), *ALL_KINDS])
    undo_upload(by=admin, upload=upload)
    assert table_sizes() == before
    upload.refresh_from_db()
    assert upload.state == UploadState.UNDONE


def test_what_another_upload_also_brought_stays_until_that_is_undone_too(ingest, admin):
    first, second = ingest(a_zip=starts(3)), ingest(b_zip=starts(3, first=2))
    undo_upload(by=admin, upload=first)
    assert sorted(Message.objects.values_list("identificatie", flat=True)) == ["S2", "S3", "S4"]
    undo_upload(by=admin, upload=second)
    assert set(table_sizes().values()) == {0}


def test_after_an_undo_the_same_file_counts_as_new(ingest, admin):
    undo_upload(by=admin, upload=ingest(alles_zip=ALL_KINDS))
    assert counts(ingest(alles_zip=ALL_KINDS))["messages"] == 8
    assert table_sizes() == {"Message": 8, "Occurrence": 8} | {model.__name__: 1 for model in RECORDS}


def test_undoing_twice_is_refused_with_a_sentence(ingest, admin):
    upload = ingest(a_zip=starts(1))
    undo_upload(by=admin, upload=upload)
    with pytest.raises(UploadError, match="al teruggedraaid"):
        undo_upload(by=admin, upload=upload)


def test_an_upload_that_still_runs_is_not_undone(admin):
    upload = Upload.objects.create(uploader="beheerder", state=UploadState.RUNNING)
    with pytest.raises(UploadError, match="nog bezig"):
        undo_upload(by=admin, upload=upload)


def test_an_upload_that_was_undone_is_not_processed_again(ingest, admin):
    upload = ingest(a_zip=starts(1))
    undo_upload(by=admin, upload=upload)
    assert process_upload(upload.pk).state == UploadState.UNDONE
    assert Message.objects.count() == 0


def test_case_08_a_305_without_any_return_after_three_working_days_is_overdue_not_rejected(ingest):
    ingest(a_zip=starts(1))
    window = Window(date(2025, 1, 1), date(2025, 1, 31))
    (line,) = unanswered(Scope(region=True), window, today=TODAY)
    assert (line.soort, line.sent, line.unanswered, line.overdue) == ("305", 1, 1, 1)
    assert StartProduct.objects.count() == 1


def test_an_unexpected_fault_is_told_and_can_be_processed_again(monkeypatch, tmp_path, admin):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(starts(3)))
    upload = create_upload_of_paths(uploader="beheerder", paths=[path])

    def broken(*args):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(batches, "outcome", broken)
        with pytest.raises(RuntimeError):
            process_upload(upload.pk, paths=[path])
    upload.refresh_from_db()
    assert (upload.state, upload.files.get().state) == (UploadState.FAILED, UploadState.FAILED)
    assert process_upload(upload.pk, paths=[path]).state == UploadState.DONE
    assert counts(upload)["messages"] == 3


def in_thread(work, *args, **kwargs):
    """Start ``work`` on a connection of its own."""

    def run():
        try:
            work(*args, **kwargs)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def somebody_waits_for_an_advisory_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_an_undo_waits_for_a_batch_that_found_its_messages_known(monkeypatch, ingest, tmp_path):
    first = ingest(a_zip=starts(3))
    path = tmp_path / "b.zip"
    path.write_bytes(zipped(starts(3)))
    second = create_upload_of_paths(uploader="beheerder", paths=[path])
    stored, go_on = threading.Event(), threading.Event()

    def hesitate(*args):
        stored.set()
        assert go_on.wait(30)

    monkeypatch.setattr(store, "_remark", hesitate)
    storing = in_thread(process_upload, second.pk)
    assert stored.wait(30)
    undoing = in_thread(undo_upload, by=make_user(Role.ADMIN), upload=first)
    while undoing.is_alive() and not somebody_waits_for_an_advisory_lock():
        pass
    assert undoing.is_alive()
    go_on.set()
    storing.join()
    undoing.join()
    second.refresh_from_db()
    assert second.state == UploadState.DONE
    assert (Message.objects.count(), StartProduct.objects.count(), Occurrence.objects.count()) == (3, 3, 3)


@pytest.mark.django_db(transaction=True)
def test_two_uploads_with_the_same_messages_at_once_give_each_message_once(monkeypatch, tmp_path):
    monkeypatch.setattr(store, "POOL_FROM_BATCHES", 1000)
    monkeypatch.setattr(store, "BATCH_FILES", 5)
    items = starts(40)
    uploads = []
    for name, order in (("a.zip", items), ("b.zip", items[::-1])):
        (tmp_path / name).write_bytes(zipped(order))
        uploads.append(create_upload_of_paths(uploader="beheerder", paths=[tmp_path / name]))
    together = threading.Barrier(2)

    def work(upload):
        together.wait()
        process_upload(upload.pk)

    for thread in [in_thread(work, upload) for upload in uploads]:
        thread.join()
    found = [counts(upload) for upload in uploads]
    assert [got["messages"] + got["duplicates"] for got in found] == [40, 40]
    assert sum(got["messages"] for got in found) == 40
    assert table_sizes() == dict.fromkeys(table_sizes(), 0) | {"Message": 40, "Occurrence": 80, "StartProduct": 40}


@pytest.mark.django_db(transaction=True)
def test_a_message_that_another_upload_brings_while_a_batch_is_stored_is_stored_once(monkeypatch, ingest, tmp_path):
    (tmp_path / "b.zip").write_bytes(zipped(starts(5)))
    second = create_upload_of_paths(uploader="beheerder", paths=[tmp_path / "b.zip"])
    really = inserting._numbers

    def overtaken(*args):
        monkeypatch.setattr(inserting, "_numbers", really)
        in_thread(ingest, a_zip=starts(2, first=4)).join()
        return really(*args)

    monkeypatch.setattr(inserting, "_numbers", overtaken)
    process_upload(second.pk)
    assert counts(second) == {"files_done": 5, "messages": 3, "records": 3, "duplicates": 2, "rejected": 0}
    assert (Message.objects.count(), StartProduct.objects.count(), Occurrence.objects.count()) == (5, 5, 7)


def test_a_large_claim_is_not_read_again(tmp_path, monkeypatch):
    monkeypatch.setattr(source_module, "MAX_BYTES_IN_MEMORY", 100)
    (tmp_path / "a.xml").write_bytes(message("323", Line("R1", 100), day="2025-01-06").xml())
    first = process_upload(create_upload_of_paths(uploader="x", paths=[tmp_path / "a.xml"]).pk)
    monkeypatch.setattr(batches, "read_large", None)
    again = process_upload(create_upload_of_paths(uploader="x", paths=[tmp_path / "a.xml"]).pk)
    assert [(file.messages, file.duplicates) for file in (first.files.get(), again.files.get())] == [(1, 0), (0, 1)]
