"""An admin says what unknown columns mean, and the file is read again without being uploaded anew."""

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.roles import Role
from messaging import column_views
from messaging.actions import create_upload, create_upload_of_paths, process_upload, undo_upload
from messaging.column_actions import discard_old
from messaging.models import ColumnLayout, Message, PartlyReadTable, Rejection, StartProduct, UnreadTable, UploadState
from providers.models import Municipality
from tests.support.accounts import client_of, make_user
from tests.support.xmlmessages import ANNA, message, start

pytestmark = pytest.mark.django_db
NAMES = ["Burger", "Zorgpartij", "Nr", "Vanaf", "Verstuurd", "Roepnaam"]
ROWS = f"{';'.join(NAMES)}\n{ANNA};42420001;7;06-01-2025;07-01-2025;Zzymark\n"
CHOICES = {
    "gemeente": "0080",
    "wet": "wmo",
    "kolom_0": "bsn",
    "kolom_1": "aanbieder",
    "kolom_2": "toewijzing_nummer",
    "kolom_3": "begindatum",
    "kolom_4": "dagtekening",
    "kolom_5": "",
}


@pytest.fixture
def admin(monkeypatch):
    Municipality.objects.create(code="0080", name="Hierdorp")
    monkeypatch.setattr(column_views, "enqueue", lambda upload: bool(process_upload(upload)))
    return make_user(Role.ADMIN)


@pytest.fixture
def waiting(admin):
    """An upload with a ZIP of a sound message and an export with unknown columns."""
    path = Path("waiting.zip")
    upload = create_upload(by=admin, uploader="beheerder", files=[SimpleUploadedFile(path.name, zipped())])
    return process_upload(upload.pk)


def zipped():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.xml", message("305", start(1, "2025-01-05"), day="2025-01-06").xml())
        archive.writestr("b.csv", ROWS)
    return buffer.getvalue()


def page():
    return reverse("messaging:columns_explain", args=[UnreadTable.objects.get().pk]) + "?soort=305"


def test_unknown_columns_wait_and_the_rest_is_read(waiting, admin):
    file = waiting.files.get()
    assert (file.messages, file.rejected, waiting.state) == (1, 1, UploadState.DONE)
    assert UnreadTable.objects.get().columns == NAMES
    assert Path(file.stored_path).exists()
    body = client_of(admin).get(reverse("messaging:upload", args=[waiting.pk])).content.decode()
    assert "Wacht op uitleg van de kolommen" in body
    assert "waiting.zip/b.csv" in client_of(admin).get(reverse("messaging:columns")).content.decode()


def test_what_is_chosen_is_kept_and_the_file_is_read_again(waiting, admin):
    response = client_of(admin).post(page(), CHOICES)
    assert response.url == reverse("messaging:upload", args=[waiting.pk])
    waiting.refresh_from_db()
    file = waiting.files.get()
    assert (waiting.state, file.messages, file.rejected, file.duplicates) == (UploadState.DONE, 2, 0, 0)
    assert not Rejection.objects.exists()
    assert not UnreadTable.objects.exists()
    assert not Path(file.stored_path).exists()
    assert Message.objects.get(rij=True).wet == "wmo"
    assert StartProduct.objects.filter(toewijzing_nummer=7, begindatum="2025-01-06").count() == 1
    saved = ColumnLayout.objects.get()
    assert (saved.gemeente, saved.soort, saved.saved_by) == ("0080", "305", "beheerder")
    assert AuditEvent.objects.filter(action="kolommen vastgelegd").count() == 1


def test_the_next_file_with_these_columns_in_any_order_is_read_at_once(waiting, admin, tmp_path):
    client_of(admin).post(page(), CHOICES)
    path = tmp_path / "next.csv"
    path.write_text("\n".join(";".join(line.split(";")[::-1]) for line in ROWS.replace(";7;", ";8;").splitlines()))
    upload = process_upload(create_upload_of_paths(uploader="x", paths=[path]).pk)
    assert upload.files.get().messages == 1


def test_a_layout_of_another_municipality_is_not_used(waiting, admin, tmp_path):
    client_of(admin).post(page(), CHOICES)
    path = tmp_path / "elders.csv"
    path.write_text(ROWS)
    upload = process_upload(create_upload_of_paths(uploader="x", paths=[path], gemeente="0085").pk)
    assert (upload.files.get().messages, UnreadTable.objects.count()) == (0, 1)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"kolom_0": ""}, "Kies bij welke kolom “BSN” staat"),
        ({"kolom_5": "bsn"}, "U koos “BSN” bij meer dan één kolom"),
        ({"gemeente": ""}, "Kies bij welke kolom “Gemeente (CBS-code)” staat"),
        ({"kolom_1": "", "aanbieder": "De Zorg"}, "De AGB-code bestaat niet uit 8 cijfers"),
    ],
)
def test_a_choice_that_cannot_be_read_with_is_refused(waiting, admin, changed, sentence):
    response = client_of(admin).post(page(), {**CHOICES, **changed})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not ColumnLayout.objects.exists()


def test_what_is_required_and_still_missing_is_told_before_saving(waiting, admin):
    def told(response):
        return re.sub(r"<[^>]+>", "", response.content.decode().split('id="verplicht"')[1].split("</section>")[0])

    first = told(client_of(admin).get(page()))
    assert "Nog te kiezen: Wet, Gemeente (CBS-code), Aanbieder (AGB-code), BSN," in first
    assert "BSN: ontbreekt nog" in first
    assert "Toewijzingnummer" not in first
    refused = told(client_of(admin).post(page(), {**CHOICES, "kolom_0": ""}))
    assert "Nog te kiezen: BSN." in refused
    assert "Wet: voor alle rijen gelijk" in refused
    assert "Begindatum: Kolom “Vanaf”" in refused


def test_a_layout_can_be_changed(waiting, admin):
    client_of(admin).post(page(), CHOICES)
    address = reverse("messaging:columns_edit", args=[ColumnLayout.objects.get().pk])
    body = client_of(admin).get(address).content.decode()
    assert '<option value="toewijzing_nummer" selected>' in body
    assert client_of(admin).post(address, {**CHOICES, "wet": "jeugdwet"}).status_code == 302
    assert ColumnLayout.objects.get().constants == {"gemeente": "0080", "wet": "jeugdwet"}


def test_what_nobody_needs_is_removed(waiting, admin, django_capture_on_commit_callbacks):
    stored = Path(waiting.files.get().stored_path)
    address = reverse("messaging:columns_discard", args=[UnreadTable.objects.get().pk])
    with django_capture_on_commit_callbacks(execute=True):
        assert client_of(admin).post(address).url == reverse("messaging:columns")
    assert not UnreadTable.objects.exists()
    assert not stored.exists()


def test_what_waits_too_long_is_given_up_and_undoing_leaves_nothing(waiting, admin):
    discard_old(timezone.now())
    assert UnreadTable.objects.count() == 1
    undo_upload(by=admin, upload=waiting)
    assert UnreadTable.objects.count() == 0


def test_what_waits_longer_than_a_month_is_given_up(waiting, django_capture_on_commit_callbacks):
    stored = Path(waiting.files.get().stored_path)
    with django_capture_on_commit_callbacks(execute=True):
        discard_old(timezone.now() + dt.timedelta(days=31))
    assert not UnreadTable.objects.exists()
    assert not stored.exists()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_only_an_admin_sees_the_pages(waiting, role):
    client = client_of(make_user(role, username="ander"))
    for address in (reverse("messaging:columns"), page()):
        assert client.get(address).status_code == 403
        assert client.post(address, CHOICES).status_code in (403, 405)
    assert not ColumnLayout.objects.exists()


KNOWN = "Gemeente;Wet;AGB-code;BSN;Berichtdatum;Toewijzingnummer;Begindatum;Wijkteam;Product (onze code)"
READ = f"{KNOWN}\n80;Jeugdwet;42420001;{ANNA};05-01-2025;101;06-01-2025;Noord;45A04\n"


@pytest.fixture
def partly(admin):
    """An upload with two exports that have all that is needed, and two columns that nobody knows."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", READ)
        archive.writestr("b.csv", READ.replace(";101;", ";102;"))
    upload = create_upload(by=admin, uploader="beheerder", files=[SimpleUploadedFile("deels.zip", buffer.getvalue())])
    return process_upload(upload.pk)


def test_a_column_that_nobody_knows_is_left_out_and_told(partly, admin):
    assert (partly.files.get().messages, partly.files.get().rejected) == (2, 0)
    assert not Path(partly.files.get().stored_path).exists()
    table = PartlyReadTable.objects.get()
    assert (table.label, table.unknown) == ("deels.zip/a.csv", ["Wijkteam", "Product (onze code)"])
    address = reverse("messaging:columns_unknown", args=[table.pk])
    for page in (reverse("messaging:upload", args=[partly.pk]), reverse("messaging:columns")):
        body = client_of(admin).get(page).content.decode()
        assert "deels.zip/a.csv" in body
        assert "Wijkteam, Product (onze code)" in body
        assert address in body
    assert "De kolommen “Wijkteam”, “Product (onze code)” zijn niet gelezen" in partly.remark


def test_what_is_said_of_such_a_column_holds_for_the_files_after_it(partly, admin, tmp_path):
    address = reverse("messaging:columns_unknown", args=[PartlyReadTable.objects.get().pk])
    client = client_of(admin)
    assert "Draai de upload terug" in client.get(address).content.decode()
    names = ("gemeente", "wet", "aanbieder", "bsn", "dagtekening", "toewijzing_nummer", "begindatum", "", "code")
    chosen = {f"kolom_{place}": field for place, field in enumerate(names)}
    assert client.post(f"{address}?soort=305", chosen).url == reverse("messaging:columns")
    assert not PartlyReadTable.objects.exists()
    (tmp_path / "c.csv").write_text(READ.replace(";101;", ";103;"))
    upload = process_upload(create_upload_of_paths(uploader="x", paths=[tmp_path / "c.csv"]).pk)
    assert (upload.remark, StartProduct.objects.get(toewijzing_nummer=103).code) == ("", "45A04")
    assert not PartlyReadTable.objects.exists()


def test_what_an_undone_upload_left_out_is_no_longer_told(partly, admin):
    undo_upload(by=admin, upload=partly)
    assert "deels.zip" not in client_of(admin).get(reverse("messaging:columns")).content.decode()
