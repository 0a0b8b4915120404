"""CSV exports: recognised by their column names, every row for itself, read twice without a trace of it."""

import zipfile

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.roles import Role
from messaging import sources as source_module
from messaging import store
from messaging.actions import create_upload_of_paths, process_upload, undo_upload
from messaging.batches import pack_files
from messaging.models import Besluit, Message, Prestatie, Rejection, StartProduct, StopProduct, Toewijzing, Upload
from messaging.rijen.header import Layouts
from messaging.rijen.tables import with_parts
from messaging.sources import Source
from tests.support.accounts import make_user
from tests.support.records import PSEUDONYM
from tests.support.xmlmessages import ANNA, BRAM

pytestmark = pytest.mark.django_db
HEAD = "Gemeente;Wet;AGB-code;BSN;Berichtdatum;Toewijzingnummer;Productcode"
FIRST = f"80;Jeugdwet;42420001;{ANNA};05-01-2025;101;45A04"
STARTS = f"{HEAD};Begindatum"
START = f"{FIRST};06-01-2025"
CLAIMS = f"{HEAD};Regelnummer;Van;Tot en met;Bedrag"
ALLOCATIONS = f"{HEAD};Toewijzingsdatum;Ingangsdatum;Einddatum;Volume;Eenheid;Leveringsvorm;Budget"


def csv_file(*lines, encoding="utf-8", end="\n"):
    return "".join(f"{line}{end}" for line in lines).encode(encoding)


def packed(data, layouts=None, label="export.csv"):
    files = list(with_parts([Source(label, data)], layouts or Layouts()))
    return pack_files(files, [""] * len(files), PSEUDONYM)


def reasons(*lines):
    return [reason for _, reason in packed(csv_file(*lines)).rejected]


@pytest.fixture
def ingest(tmp_path):
    """Take in exports, each a file of its own; gives the upload."""

    def run(*files, gemeente=""):
        paths = []
        for number, data in enumerate(files):
            paths.append(tmp_path / f"{number}.csv")
            paths[-1].write_bytes(data)
        upload = create_upload_of_paths(uploader="beheerder", paths=paths, gemeente=gemeente)
        return process_upload(upload.pk, paths=paths)

    return run


def counted(upload):
    files = list(upload.files.all())
    return {name: sum(getattr(file, name) for file in files) for name in ("messages", "duplicates", "rejected")}


def test_a_start_becomes_the_record_that_a_305_would_give(ingest):
    ingest(csv_file(STARTS, START))
    record, message = StartProduct.objects.get(), Message.objects.get()
    assert (record.toewijzing_nummer, record.categorie, record.code, record.status_aanlevering) == (
        101,
        "45",
        "45A04",
        "1",
    )
    assert (record.begindatum.isoformat(), record.client) == ("2025-01-06", PSEUDONYM(ANNA))
    assert (message.soort, message.wet, message.gemeente, message.aanbieder) == ("305", "jeugdwet", "0080", "42420001")
    assert (message.rij, message.identificatie, message.dagtekening.isoformat()) == (True, "", "2025-01-05")


def test_every_kind_is_known_by_its_columns_whatever_the_name_of_the_file(ingest):
    pgb = "Gemeentecode;Wet;BSN;Besluitnummer;Besluitdatum;Ingangsdatum;Einddatum;PGB-budget"
    ingest(
        csv_file(ALLOCATIONS, f"{FIRST};05-01-2025;06-01-2025;;12;04 - uur;ZIN;"),
        csv_file(STARTS, START),
        csv_file(f"{STARTS};Einddatum;Reden beëindiging", f"{START};01-03-2025;31 - volgens plan", encoding="cp1252"),
        csv_file(CLAIMS, f"{FIRST};R1;01-01-2025;31-01-2025;1.234,56"),
        csv_file(pgb, f"0080;wmo;{ANNA};B-7;2025-01-02;2025-02-01;;€ 1.200,00"),
    )
    assert not Rejection.objects.exists()
    allocation, line, decision = Toewijzing.objects.get(), Prestatie.objects.get(), Besluit.objects.get()
    assert (allocation.volume, allocation.eenheid, allocation.einddatum) == (12, "04", None)
    assert StopProduct.objects.get().reden_beeindiging == "31"
    assert (line.bedrag, line.debet_credit, line.referentie_nummer) == (123456, "D", "R1")
    assert (decision.besluit_nummer, decision.budget) == ("B-7", 120000)
    assert sorted(Message.objects.values_list("soort", flat=True)) == ["301", "305", "307", "323", "pgb"]


def test_an_allocation_delivered_as_pgb_is_a_decision_and_no_allocation(ingest):
    ingest(csv_file(ALLOCATIONS, f"{FIRST};05-01-2025;06-01-2025;;;;PGB;900"))
    assert (Besluit.objects.get().besluit_nummer, Toewijzing.objects.count()) == ("101", 0)


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_encodings_and_line_ends(delimiter, encoding, end):
    lines = (f"{STARTS};Cliënt", f"{START};Zoë")
    found = packed(csv_file(*(line.replace(";", delimiter) for line in lines), encoding=encoding, end=end))
    assert (len(found.rows), found.rejected, found.remarks) == (1, [], [])


@pytest.mark.parametrize(
    "written", ["06-01-2025", "6-1-2025", "2025-01-06", "20250106", "06/01/2025", "2025-01-06 00:00:00"]
)
def test_the_forms_of_a_date(written):
    (row,) = packed(csv_file(STARTS, f"{FIRST};{written}")).records["start"][1].splitlines()
    assert "2025-01-06" in row


def test_an_allocation_until_the_end_of_time_has_no_end(ingest):
    ingest(csv_file(ALLOCATIONS, f"{FIRST};05-01-2025;06-01-2025;31-12-9999;12;04;ZIN;"))
    assert (Toewijzing.objects.get().einddatum, Rejection.objects.count()) == (None, 0)


@pytest.mark.parametrize(
    ("written", "cents", "sign"),
    [
        ("12", 1200, "D"),
        ("12,5", 1250, "D"),
        ("1.234,56", 123456, "D"),
        ("1234.56", 123456, "D"),
        ("€ 1.234", 123400, "D"),
        ("-12,50", 1250, "C"),
        ("12,50-", 1250, "C"),
        ('="12,50"', 1250, "D"),
    ],
)
def test_the_forms_of_an_amount(written, cents, sign):
    cell = '"' + written.replace('"', '""') + '"'
    (row,) = packed(csv_file(CLAIMS, f"{FIRST};R1;01-01-2025;31-01-2025;{cell}")).records["prestatie"][1].splitlines()
    assert row.split("\t")[-2:] == [str(cents), sign]


def test_zeros_that_a_spreadsheet_took_are_given_back():
    row = START.replace("80;", "80;", 1).replace("42420001", "2420001").replace(ANNA, ANNA.lstrip("0"))
    found = packed(csv_file(STARTS, row))
    assert found.rows[0].split("\t")[4:6] == ["0080", "02420001"]


FAULTS = {
    "a day that does not exist": (START.replace("06-01", "31-02"), "De datum bestaat niet", "kolom Begindatum"),
    "a date in words": (START.replace("06-01-2025", "6 jan"), "dd-mm-jjjj of jjjj-mm-dd", "kolom Begindatum"),
    "a wrong BSN": (START.replace(ANNA, "999900001"), "Het BSN is ongeldig", "kolom BSN"),
    "no BSN": (START.replace(ANNA, ""), "Een verplicht gegeven ontbreekt", "kolom BSN"),
    "an unknown law": (START.replace("Jeugdwet", "Wlz"), "geen Jeugdwet of Wmo", "kolom Wet"),
    "a name for a code": (START.replace("42420001", "De Zorg BV"), "De AGB-code", "kolom AGB-code"),
    "a formula": (START.replace("45A04", "=1+1"), "De code bestaat niet uit", "kolom Productcode"),
    "too few cells": (FIRST, "De rij heeft 7 cellen en de kopregel 8", "(regel 2)"),
    "too many cells": (f"{START};x", "De rij heeft 9 cellen en de kopregel 8", "(regel 2)"),
    "a NUL": (START.replace("Jeugd", "Je\0gd"), "tekens die geen tekst zijn", "(regel 2)"),
    "an open quote": (f'"{START}', "Een aanhalingsteken is niet gesloten", "(regel 2)"),
    "a line of 10 MB": (START + "x" * 10_000_000, "langer dan 100.000 tekens", "(regel 2)"),
    "the BSN for a number": (START.replace(";101;", f";{int(ANNA)};"), "bevat het BSN", "(regel 2)"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_row_gets_a_sentence_and_costs_no_other(name):
    row, what, where = FAULTS[name]
    found = packed(csv_file(STARTS, row, START.replace(";101;", ";102;"), START))
    ((label, reason),) = found.rejected
    assert (label, len(found.rows)) == ("export.csv", 2)
    assert what in reason
    assert where in reason
    assert "Herstel de rij in de bron" in reason
    assert not any(secret in reason for secret in (ANNA, str(int(ANNA)), "De Zorg BV"))


@pytest.mark.parametrize("amount", ["twaalf", "1,234", "12,345", "12.3.4", "1e5", "99999999,99", "٣"])
def test_a_bad_amount_is_refused_and_never_guessed(amount):
    (reason,) = reasons(CLAIMS, f'{FIRST};R1;01-01-2025;31-01-2025;"{amount}"')
    assert "bedrag" in reason.casefold()
    assert "kolom Bedrag" in reason


def test_what_may_be_left_out_is_left_out_with_a_remark():
    found = packed(csv_file(ALLOCATIONS, f"{FIRST};05-01-2025;06-01-2025;;2,5;04;;"))
    assert len(found.rows) == 1
    assert found.remarks == [
        "export.csv: Het getal is geen heel getal van hoogstens 8 cijfers in kolom Volume;"
        " het gegeven is leeg gelaten (regel 2)."
    ]


def test_an_unknown_column_is_told_and_a_known_personal_one_is_not():
    found = packed(csv_file(f"{STARTS};Achternaam;Kleur", f"{START};Jansen;rood"))
    assert len(found.rows) == 1
    assert found.remarks == [
        "export.csv: De kolom “Kleur” is niet gelezen, want het portaal kent die naam niet; al het andere wel. Kies zo"
        " nodig op de pagina Kolommen wat er staat."
    ]


HEADS = {
    "no names": (START, "heeft geen kolomnamen", False),
    "a BSN among the names": (f"{STARTS};{ANNA}", "heeft geen kolomnamen", False),
    "names that nobody knows": ("Burgernr;Nr;Van;Naar", "kent deze kolommen nog niet", True),
    "a required column misses": (STARTS.replace("BSN", "Persoon"), "kent deze kolommen nog niet", True),
    "one name twice": (f"{STARTS};begin-datum", "Kolom “Begindatum” komt twee keer voor", False),
    "two names for one field": (f"{STARTS};Startdatum", "zeggen hetzelfde: “Begindatum” en “Startdatum”", True),
    "no rows": (STARTS, "geen rijen", False),
}


@pytest.mark.parametrize("name", HEADS)
def test_a_header_that_cannot_be_read_says_what_to_do(name):
    header, sentence, asks = HEADS[name]
    found = packed(csv_file(header, *([] if name == "no rows" else [f"{START};x"])))
    ((_, reason),) = found.rejected
    assert sentence in reason
    assert bool(found.unread) is asks
    assert ANNA not in reason


@pytest.mark.parametrize("data", [b"Beste collega, hierbij", b"hallo", b"\x89PNG;\0;\0;\n", b"\xff\xd8;" * 9])
def test_what_is_no_table_stays_no_message(data):
    assert len(packed(data).rejected) == 1
    assert packed(data).rows == []


def test_utf_16_is_told_apart_from_xml_in_utf_16():
    ((_, reason),) = packed(csv_file(STARTS, START, encoding="utf-16")).rejected
    assert "Sla het op als CSV UTF-8" in reason


def test_excel_may_name_the_delimiter_before_the_names():
    assert len(packed(csv_file("sep=;", STARTS, START)).rows) == 1


def test_a_cell_may_run_over_lines_and_the_line_of_a_later_fault_is_right():
    found = packed(
        csv_file(f"{STARTS};Opmerking", f'{START};"een;\ntwee\n\ndrie"', START.replace("06-01", "31-02") + ";")
    )
    assert len(found.rows) == 1
    assert "(regel 6, kolom Begindatum)" in found.rejected[0][1]


def test_quotes_that_never_close_cost_their_own_line_only():
    notes = '5" buis', '"open'
    rows = [START.replace(";101;", f";{number};") + ";" + notes[number % 2] for number in range(200, 240)]
    found = packed(csv_file(f"{STARTS};Opmerking", *rows))
    assert (len(found.rows), len(found.rejected)) == (20, 20)


def test_the_same_rows_again_in_any_order_and_file_are_duplicates(ingest):
    rows = [START.replace(";101;", f";{number};") for number in range(101, 111)]
    assert counted(ingest(csv_file(STARTS, *rows))) == {"messages": 10, "duplicates": 0, "rejected": 0}
    again = ingest(csv_file(STARTS, *rows[::-1]), csv_file(STARTS, *rows[4:]))
    assert counted(again) == {"messages": 0, "duplicates": 16, "rejected": 0}
    assert Message.objects.count() == StartProduct.objects.count() == 10


def test_the_order_of_columns_and_the_delimiter_do_not_make_another_row(ingest):
    ingest(csv_file(STARTS, START))
    turned = csv_file(*(",".join(line.split(";")[::-1]) for line in (STARTS, START)))
    assert counted(ingest(turned)) == {"messages": 0, "duplicates": 1, "rejected": 0}


def test_lines_without_a_number_are_told_by_what_they_say(ingest):
    head = CLAIMS.replace("Regelnummer;", "")
    first = f"{FIRST};01-01-2025;31-01-2025;10,00"
    ingest(csv_file(head, first, first.replace("31-01", "30-01"), first.replace(ANNA, BRAM)))
    assert counted(ingest(csv_file(head, first))) == {"messages": 0, "duplicates": 1, "rejected": 0}
    references = set(Prestatie.objects.values_list("referentie_nummer", flat=True))
    assert len(references) == 3
    assert all(reference.startswith("~") for reference in references)


def test_a_large_export_comes_in_parts_and_undoing_takes_all(ingest):
    rows = [START.replace(";101;", f";{number};") for number in range(1, 5002)]
    upload = ingest(csv_file(STARTS, *rows))
    assert counted(upload) == {"messages": 5001, "duplicates": 0, "rejected": 0}
    assert upload.files.get().files_done == 3
    undo_upload(by=make_user(Role.ADMIN), upload=upload)
    assert Message.objects.count() == StartProduct.objects.count() == 0


def test_an_export_in_a_zip_in_a_zip(tmp_path):
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr("zonder-achtervoegsel", csv_file(STARTS, START))
    with zipfile.ZipFile(tmp_path / "uit.zip", "w") as archive:
        archive.write(tmp_path / "in.zip", "in.zip")
    upload = create_upload_of_paths(uploader="beheerder", paths=[tmp_path / "uit.zip"])
    assert counted(process_upload(upload.pk))["messages"] == 1


def test_the_municipality_of_the_upload_stands_for_a_missing_column(ingest):
    head, row = (";".join(line.split(";")[1:]) for line in (STARTS, START))
    ingest(csv_file(head, row), gemeente="0085")
    assert Message.objects.get().gemeente == "0085"


def without_municipality(tmp_path):
    """A file with starts that does not say of which municipality they are."""
    path = tmp_path / "starts.csv"
    path.write_bytes(csv_file(*(line.partition(";")[2] for line in (STARTS, START))))
    return str(path)


@pytest.mark.parametrize("written", ["0085", "85", "GM0085", " 0085 "])
def test_the_command_takes_the_code_of_a_municipality_as_an_export_writes_it(tmp_path, written):
    call_command("ingest", without_municipality(tmp_path), "--gemeente", written, verbosity=0)
    assert Message.objects.get().gemeente == "0085"


@pytest.mark.parametrize("written", ["abcd", "Ooststellingwerf", "00085", "0"])
def test_the_command_refuses_what_is_no_code_of_a_municipality(tmp_path, written):
    with pytest.raises(CommandError, match="bestaat niet uit 4 cijfers. Geef de CBS-code van de gemeente"):
        call_command("ingest", without_municipality(tmp_path), "--gemeente", written)
    assert not Upload.objects.exists()


@pytest.mark.parametrize("packed_in", ["a file", "a ZIP"])
def test_an_export_too_large_for_memory_is_read_where_it_stands(ingest, tmp_path, monkeypatch, packed_in):
    monkeypatch.setattr(source_module, "MAX_BYTES_IN_MEMORY", 1000)
    data, path = csv_file(STARTS, *(START.replace(";101;", f";{number};") for number in range(1, 3001))), tmp_path / "a"
    path.write_bytes(data)
    if packed_in == "a ZIP":
        path.write_bytes(b"")
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("groot.csv", data)
    upload = process_upload(create_upload_of_paths(uploader="beheerder", paths=[path]).pk)
    assert counted(upload) == {"messages": 3000, "duplicates": 0, "rejected": 0}


def test_an_interrupted_export_goes_on_where_it_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "BATCH_FILES", 1)
    path, really, calls = tmp_path / "a.csv", store.store_batch, []
    path.write_bytes(csv_file(STARTS, *(START.replace(";101;", f";{number};") for number in range(1, 5002))))
    upload = create_upload_of_paths(uploader="beheerder", paths=[path])

    def dying(*args):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        really(*args)

    with monkeypatch.context() as patch:
        patch.setattr(store, "store_batch", dying)
        with pytest.raises(KeyboardInterrupt):
            process_upload(upload.pk)
    assert Message.objects.count() == 2000
    assert counted(process_upload(upload.pk)) == {"messages": 5001, "duplicates": 0, "rejected": 0}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_flipped_bytes_never_stop_the_reading_and_cost_no_rows_far_away(data):
    sound = csv_file(f"{STARTS};Opmerking", *(START.replace(";101;", f";{n};") + ';"zo"' for n in range(200, 300)))
    broken = bytearray(sound)
    header = sound.index(b"\n") + 1
    for _ in range(data.draw(st.integers(1, 8))):
        broken[data.draw(st.integers(header, len(sound) - 1))] = data.draw(st.integers(0, 255))
    found = packed(bytes(broken))
    assert len(found.rows) >= 100 - 8 * 2
    assert len(found.rows) + len(found.rejected) <= 100 + 8
    assert not any(ANNA in reason for _, reason in found.rejected)
