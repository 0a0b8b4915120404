"""The upload pages: who may, what is refused, what is reported, what undoing says."""

import csv
import datetime as dt

import pytest
from celery import current_app
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.roles import Role
from messaging.actions import create_upload_of_paths, process_upload
from messaging.models import Rejection, Upload, UploadFile, UploadState
from messaging.presenters import size, upload_report
from messaging.resuming import UPLOAD_LOCK, left_behind
from messaging.selectors import undo_effect
from tests.support.accounts import client_of, make_user
from tests.support.traffic import make_message, make_upload

pytestmark = pytest.mark.django_db
PAGES = ["upload", "upload_progress", "rejections", "upload_undo"]
NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def admin():
    return client_of(make_user(Role.ADMIN))


@pytest.fixture(autouse=True)
def broker(monkeypatch):
    """Celery's own broker inside this process."""
    monkeypatch.setattr(current_app.conf, "broker_write_url", "memory://", raising=False)


@pytest.fixture
def elsewhere():
    """Another session with the database, of a worker."""
    other = connection.copy()
    with other.cursor() as cursor:
        yield cursor
    other.close()


def message_file(name="bericht.xml", content=b"<bericht/>"):
    return SimpleUploadedFile(name, content)


def address(page, upload):
    return reverse(f"messaging:{page}", args=[upload.pk])


def send(client, *files, **kwargs):
    return client.post(reverse("messaging:uploads"), {"files": files}, **kwargs)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("page", ["uploads", *PAGES])
def test_only_an_admin_sees_the_upload_pages(role, page):
    where = reverse("messaging:uploads") if page == "uploads" else address(page, make_upload())
    response = client_of(make_user(role)).get(where)
    assert response.status_code == (200 if role == Role.ADMIN else 403)
    assert client_of(None).get(where).url.startswith(reverse("login"))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_nobody_else_can_upload_start_or_undo(role):
    client, upload = client_of(make_user(role)), make_upload(make_message("301", "0080", "2026-10-01"))
    assert send(client, message_file()).status_code == 403
    assert client.post(address("upload_undo", upload)).status_code == 403
    assert client.post(address("upload_start", upload)).status_code == 403
    assert list(Upload.objects.values_list("pk", "state")) == [(upload.pk, UploadState.DONE)]


@pytest.mark.parametrize("page", ["upload_start", "upload_undo", "uploads"])
def test_no_order_is_taken_without_a_csrf_token(page):
    upload = make_upload()
    where = reverse("messaging:uploads") if page == "uploads" else address(page, upload)
    client = client_of(make_user(Role.ADMIN), check_csrf=True)
    assert client.post(where, {"files": [message_file()]}).status_code == 403
    assert list(Upload.objects.values_list("pk", "state")) == [(upload.pk, UploadState.DONE)]


def test_several_files_become_one_upload_that_is_followed_on_its_page(admin):
    response = send(admin, message_file("a.xml"), message_file("b.zip", b"PK\x03\x04"))
    upload = Upload.objects.get()
    assert response.url == address("upload", upload)
    assert list(upload.files.values_list("name", flat=True)) == ["a.xml", "b.zip"]
    assert upload.uploader == "beheerder"
    assert "wachten op verwerking" in admin.get(response.url).content.decode()


def test_a_script_gets_the_address_instead_of_the_page(admin):
    response = send(admin, message_file(), headers={"X-Requested-With": "XMLHttpRequest"})
    assert (response.status_code, response["Location"]) == (201, address("upload", Upload.objects.get()))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("leeg.xml", b"", "leeg.xml is leeg"),
        ("foto.xml", b"\x89PNG\r\n\x1a\n", "foto.xml is geen XML-, ZIP- of CSV-bestand"),
        ("tekst.xml", b"hallo", "tekst.xml is geen XML-, ZIP- of CSV-bestand"),
        ("lijst.xlsx", b"PK\x03\x04", "lijst.xlsx is een kantoorbestand"),
        ("oud.xml", b"\xd0\xcf\x11\xe0\xa1\xb1", "oud.xml is een kantoorbestand"),
    ],
)
def test_a_file_of_the_wrong_kind_is_refused_with_what_to_do_and_nothing_is_kept(admin, name, content, sentence):
    response = send(admin, message_file(), message_file(name, content))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"<a/>", b"\n  <a/>", b"\xef\xbb\xbf<a/>", "<a/>".encode("utf-16"), b"PK\x03\x04", b"PK\x05\x06"],
)
def test_the_content_decides_whatever_the_name(admin, content):
    assert send(admin, message_file("zonder-achtervoegsel", content)).status_code == 302


def test_every_refused_file_is_named_at_once(admin):
    body = send(admin, message_file("een.xml", b""), message_file("twee.xml", b"")).content.decode()
    assert "een.xml is leeg" in body
    assert "twee.xml is leeg" in body


def test_without_a_file_the_page_says_what_to_do(admin):
    response = admin.post(reverse("messaging:uploads"))
    assert response.status_code == 422
    assert "Kies eerst een of meer bestanden." in response.content.decode()


def test_too_little_room_is_told_before_anything_is_stored(admin, monkeypatch):
    monkeypatch.setattr("messaging.forms.SPARE_BYTES", 2**62)
    assert "te weinig ruimte" in send(admin, message_file()).content.decode()
    assert not Upload.objects.exists()


def test_a_file_over_the_limit_is_refused(admin, monkeypatch):
    monkeypatch.setattr("messaging.forms.MAX_FILE_BYTES", 3)
    assert "groter dan 4 GB" in send(admin, message_file()).content.decode()


def test_when_the_broker_is_away_the_upload_is_kept_and_the_page_says_what_to_do(admin, monkeypatch):
    monkeypatch.setattr(current_app.conf, "broker_write_url", NOWHERE, raising=False)
    response = send(admin, message_file())
    upload = Upload.objects.get()
    assert upload.state == UploadState.WAITING
    body = admin.get(response.url).content.decode()
    assert "De bestanden zijn bewaard, maar de verwerking kan nu niet starten." in body
    assert "Verwerking starten" in body
    again = admin.post(address("upload_start", upload))
    assert "niet starten" in admin.get(again.url).content.decode()


def test_a_waiting_upload_can_be_started_when_the_broker_is_back(admin):
    upload = make_upload(state=UploadState.WAITING)
    body = admin.get(admin.post(address("upload_start", upload)).url).content.decode()
    assert "niet starten" not in body


@pytest.mark.parametrize("state", [UploadState.DONE, UploadState.UNDONE])
def test_a_finished_upload_cannot_be_started_again(admin, state):
    upload = make_upload(state=state)
    assert admin.post(address("upload_start", upload)).status_code == 404
    assert "Verwerking starten" not in admin.get(address("upload", upload)).content.decode()


def test_a_failed_upload_can_be_started_again_and_waits_from_then_on(admin):
    upload = make_upload(state=UploadState.FAILED)
    UploadFile.objects.create(upload=upload, name="klaar.xml", state=UploadState.DONE)
    assert "Verwerking starten" in admin.get(address("upload", upload)).content.decode()
    body = admin.get(admin.post(address("upload_start", upload)).url).content.decode()
    assert "wachten op verwerking" in body
    assert "hx-get" in body
    assert list(upload.files.order_by("pk").values_list("state", flat=True)) == [UploadState.WAITING, UploadState.DONE]
    assert AuditEvent.objects.filter(action="upload opnieuw gestart", subject=f"upload {upload.pk}").count() == 1


def test_the_report_asks_for_itself_again_while_the_worker_is_busy_and_then_stops(admin, elsewhere):
    upload = make_upload(state=UploadState.RUNNING, files_total=8, files_done=2)
    elsewhere.execute("SELECT pg_advisory_lock(%s, %s)", [UPLOAD_LOCK, upload.pk])
    body = admin.get(address("upload_progress", upload)).content.decode()
    assert f'hx-get="{address("upload_progress", upload)}"' in body
    assert 'value="25"' in body
    assert "2 van 8 klaar" in body
    upload.state = UploadState.DONE
    upload.save()
    assert "hx-get" not in admin.get(address("upload_progress", upload)).content.decode()


def test_the_report_counts_per_file_and_per_type(admin):
    upload = make_upload(messages=1234, records=5000, duplicates=7, rejected=0, counts={"305": 234, "301": 1000})
    body = admin.get(address("upload", upload)).content.decode()
    assert "1.234 nieuwe berichten, 7 al bekend, 0 geweigerd" in body
    assert body.index("301 Toewijzing: 1.000") < body.index("305 Start zorg: 234")
    assert "Geweigerd</h2>" not in body


def test_the_report_tells_where_the_figures_are_computed_only_when_they_change(admin):
    changed, same = make_upload(messages=2), make_upload(messages=0, duplicates=2)
    undone, busy = make_upload(messages=2, state=UploadState.UNDONE), make_upload(messages=2, state=UploadState.RUNNING)
    for upload, told in ((changed, True), (same, False), (undone, True), (busy, False)):
        body = admin.get(address("upload", upload)).content.decode()
        assert ("De cijfers worden hierna opnieuw berekend" in body) is told


def test_what_has_not_been_read_is_unknown_not_zero(admin):
    make_upload(state=UploadState.WAITING)
    assert '<td data-label="Regels" class="num">–</td>' in admin.get(reverse("messaging:uploads")).content.decode()


def test_rejections_download_as_a_table_that_runs_no_formula(admin):
    upload = make_upload(rejected=2)
    file = upload.files.get()
    Rejection.objects.create(upload_file=file, file="=1+1.xml", reason='Regel 3; "datum" klopt niet.')
    Rejection.objects.create(upload_file=file, file="\t＠b.xml", reason="Leeg.")
    make_upload_of_somebody_else()
    response = admin.get(address("rejections", upload))
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert list(csv.reader(text.splitlines(), delimiter=";")) == [
        ["bestand", "waar", "reden"],
        ["export.zip", "'=1+1.xml", 'Regel 3; "datum" klopt niet.'],
        ["export.zip", "' ＠b.xml", "Leeg."],
    ]
    assert AuditEvent.objects.filter(action="weigeringen gedownload", subject=f"upload {upload.pk}").count() == 1


def make_upload_of_somebody_else():
    Rejection.objects.create(upload_file=make_upload().files.get(), file="c.xml", reason="Leeg.")


def test_the_history_shows_who_when_and_what_newest_first(admin):
    first, second = make_upload(messages=3, rejected=1), make_upload(messages=5)
    body = admin.get(reverse("messaging:uploads")).content.decode()
    assert body.index(address("upload", second)) < body.index(address("upload", first))
    assert "beheerder" in body


def test_a_file_name_is_shown_as_text(admin):
    upload = make_upload(name="<script>alert(1)</script>.xml")
    assert "<script>alert" not in admin.get(address("upload", upload)).content.decode()


def test_undoing_first_says_what_disappears_and_what_stays(admin):
    mine, shared = make_message("301", "0080", "2026-10-01"), make_message("305", "0080", "2026-10-01")
    upload = make_upload(mine, shared)
    make_upload(shared)
    assert undo_effect(upload) == ({"301": 1}, 1)
    body = admin.get(address("upload_undo", upload)).content.decode()
    assert "301 Toewijzing: 1" in body
    assert "305" not in body
    assert "1 bericht blijft meetellen, omdat een andere upload het ook heeft" in body
    upload.refresh_from_db()
    assert upload.state == UploadState.DONE


def test_an_upload_that_was_undone_keeps_no_message_alive():
    shared = make_message("301", "0080", "2026-10-01")
    upload = make_upload(shared)
    make_upload(shared, state=UploadState.UNDONE)
    assert undo_effect(upload) == ({"301": 1}, 0)


@pytest.mark.parametrize("state", [UploadState.WAITING, UploadState.RUNNING, UploadState.UNDONE])
def test_an_upload_that_is_busy_or_undone_cannot_be_undone(admin, state):
    upload = make_upload(state=state)
    assert admin.get(address("upload_undo", upload)).status_code == 404
    assert admin.post(address("upload_undo", upload)).status_code == 404
    assert "terugdraaien</a>" not in admin.get(address("upload", upload)).content.decode()


@pytest.mark.parametrize(
    ("state", "percent"),
    [(UploadState.WAITING, 0), (UploadState.RUNNING, 0), (UploadState.DONE, 100), (UploadState.FAILED, 100)],
)
def test_progress_of_a_file_without_parts(state, percent):
    upload = make_upload(state=state)
    assert upload_report(upload, list(upload.files.all()), worked_on=True).percent == percent


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (1024, "1,0 kB"), (3 * 1024**2 // 2, "1,5 MB"), (4 * 1024**3, "4,0 GB")],
)
def test_sizes_are_written_for_people(value, text):
    assert size(value) == text


def test_an_upload_that_nobody_works_on_says_that_it_goes_on_by_itself(admin, elsewhere):
    upload = make_upload()
    Upload.objects.update(state=UploadState.RUNNING)
    body = admin.get(address("upload", upload)).content.decode()
    assert "De verwerking is onderbroken, bijvoorbeeld doordat de server of de database opnieuw startte." in body
    assert "Verwerking starten" in body
    elsewhere.execute("SELECT pg_advisory_lock(%s, %s)", [UPLOAD_LOCK, upload.pk])
    body = admin.get(address("upload", upload)).content.decode()
    assert "De bestanden worden verwerkt" in body
    assert "Verwerking starten" not in body


def test_an_upload_that_was_interrupted_says_so_when_it_is_done(admin, tmp_path):
    (tmp_path / "a.xml").write_bytes(b"<a/>")
    upload = create_upload_of_paths(uploader="x", paths=[tmp_path / "a.xml"])
    Upload.objects.update(state=UploadState.RUNNING, interruptions=1)
    process_upload(upload.pk)
    body = admin.get(address("upload", upload)).content.decode()
    assert "De verwerking is klaar" in body
    assert (
        "De verwerking werd 2 keer onderbroken en ging daarna vanzelf verder waar ze was (voor het laatst op " in body
    )
    assert AuditEvent.objects.filter(action="upload hervat").count() == 1


def test_an_undisturbed_upload_does_not_speak_of_interruptions(admin, tmp_path):
    (tmp_path / "a.xml").write_bytes(b"<a/>")
    upload = process_upload(create_upload_of_paths(uploader="x", paths=[tmp_path / "a.xml"]).pk)
    assert "onderbroken" not in admin.get(address("upload", upload)).content.decode()


def test_only_uploads_that_nobody_works_on_are_left_behind(elsewhere):
    fresh, waiting, held, done, standing = (make_upload().pk for _ in range(5))
    now = timezone.now()
    Upload.objects.filter(pk__in=(fresh, waiting)).update(state=UploadState.WAITING)
    Upload.objects.filter(pk=waiting).update(created_at=now - dt.timedelta(minutes=2))
    Upload.objects.filter(pk__in=(held, standing)).update(state=UploadState.RUNNING)
    Upload.objects.filter(pk=done).update(state=UploadState.DONE)
    elsewhere.execute("SELECT pg_advisory_lock(%s, %s)", [UPLOAD_LOCK, held])
    assert left_behind(now) == [waiting, standing]
