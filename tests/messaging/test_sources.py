"""ZIPs, directories and what hides in them: every sound message is found, nothing else happens."""

import io
import os
import random
import zipfile

import pytest

from messaging import sources as source_module
from messaging.batches import parse_batch
from messaging.sources import listed, opened, sources
from tests.support.records import PSEUDONYM
from tests.support.xmlmessages import Line, message, start

XML = message("305", start(1, "2025-01-05"), day="2025-01-06").xml()


def zipped(*files, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.fixture
def found(tmp_path):
    """The label and fault of every file in what is given as one file."""

    def look(data, name="export.zip", read=False):
        (tmp_path / name).write_bytes(data)
        files = list(sources(tmp_path / name))
        return files if read else [(file.label, file.fault) for file in files]

    return look


def test_a_zip_in_a_zip_is_opened(found):
    assert found(zipped(("x/i.zip", zipped(("a.xml", XML))), ("b.xml", XML))) == [
        ("export.zip/x/i.zip/a.xml", ""),
        ("export.zip/b.xml", ""),
    ]


def test_a_zip_in_a_zip_is_known_by_what_it_is(found):
    inner, book = zipped(("a.xml", XML)), zipped(("[Content_Types].xml", b"<Types/>"))
    assert found(zipped(("export", inner), ("lijst.xlsx", book), ("b.xml", XML))) == [
        ("export.zip/export/a.xml", ""),
        ("export.zip/lijst.xlsx", source_module.OFFICE),
        ("export.zip/b.xml", ""),
    ]


def test_a_zip_too_deep_is_refused_and_its_neighbour_read(found):
    inner = zipped(("a.xml", XML))
    for _ in range(4):
        inner = zipped(("n.zip", inner))
    (_, fault), (_, good) = found(zipped(("n.zip", inner), ("b.xml", XML)))
    assert fault == "ZIP in ZIP in ZIP gaat te diep. Pak de buitenste lagen uit"
    assert good == ""


def test_names_that_climb_out_are_only_labels(tmp_path, found):
    files = found(zipped(("../../elders.xml", XML), ("/absoluut.xml", XML)))
    assert files == [("export.zip/../../elders.xml", ""), ("export.zip//absoluut.xml", "")]
    assert [path.name for path in tmp_path.rglob("*")] == ["export.zip"]
    assert not (tmp_path.parent.parent / "elders.xml").exists()


def test_a_zip_bomb_is_not_opened_and_its_neighbour_read(found):
    (_, fault), (_, good) = found(zipped(("bom.xml", b"0" * 30_000_000), ("b.xml", XML)))
    assert "verdacht sterk ingepakt" in fault
    assert good == ""


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_files_packed_in_any_way_are_read_as_they_were(found, compression):
    files = [(f"{number}.xml", XML * number) for number in range(1, 40)]
    whole = b"anything before it" + zipped(*files, ("i.zip", zipped(*files)), compression=compression)
    assert [file.data for file in found(whole, read=True)] == [data for _, data in files] * 2


def test_a_zip_that_lies_about_its_sizes_gives_no_more_than_it_says(found):
    data = zipped(("a.xml", b"<a>" + b"0" * 5_000_000))
    lying = data.replace((5_000_003).to_bytes(4, "little"), (50).to_bytes(4, "little"))
    assert lying != data
    assert found(lying) == [("export.zip/a.xml", "Dit bestand in de ZIP is beschadigd. Maak de ZIP opnieuw")]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (zipped(("a.xml", XML))[:-30], "De ZIP is beschadigd of onvolledig"),
        (zipped(("a.xml", XML))[:40], "De ZIP is beschadigd of onvolledig"),
        (zipped(), "De ZIP is leeg"),
        (zipped(("map/", b""), ("__MACOSX/map/._1.xml", b"x")), "De ZIP is leeg"),
        (zipped(("é.xml", XML)).replace("é".encode(), b"\xff\xfe"), "De ZIP is beschadigd of onvolledig"),
    ],
    ids=["cut off", "only a beginning", "empty", "only folders", "a name that is no text"],
)
def test_a_zip_that_cannot_be_opened_says_so_and_its_neighbour_is_read(found, data, sentence):
    ((label, fault),) = found(data)
    assert (label, fault.partition(". ")[0]) == ("export.zip", sentence)
    (_, inner), (_, good) = found(zipped(("i.zip", data), ("b.xml", XML)))
    assert inner.partition(". ")[0] == sentence
    assert good == ""


def test_a_locked_file_says_what_to_do(found):
    data = bytearray(zipped(("a.xml", XML)))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert found(bytes(data)) == [("export.zip/a.xml", "Het bestand is versleuteld. Maak een ZIP zonder wachtwoord")]


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_member_costs_only_itself(found, compression):
    data = bytearray(zipped(("a.xml", XML * 20), ("b.xml", XML), compression=compression))
    for position in range(60, 90):
        data[position] ^= 0xFF
    (_, fault), (_, good) = found(bytes(data))
    assert fault == "Dit bestand in de ZIP is beschadigd. Maak de ZIP opnieuw"
    assert good == ""


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_flipped_bytes_never_stop_the_reading(found, compression):
    sound = zipped(("a.xml", XML), ("i.zip", zipped(("b.xml", XML))), compression=compression)
    for seed in range(150):
        rng = random.Random(seed)
        data = bytearray(sound)
        for _ in range(rng.randint(1, 6)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        files = found(bytes(data), read=True)
        assert len(parse_batch(files, PSEUDONYM)) == len(files) > 0


def test_an_excel_file_is_not_unpacked(found):
    book = zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>"))
    (only,) = found(book, "lijst.xlsx", read=True)
    (outcome,) = parse_batch([only], PSEUDONYM)
    assert outcome.reason.startswith("Dit is een Excel- of Word-bestand. Sla een Excel-bestand op als CSV")


def test_a_large_member_that_is_damaged_costs_only_itself(found, monkeypatch):
    monkeypatch.setattr(source_module, "MAX_BYTES_IN_MEMORY", 2000)
    big = message("323", *(Line(f"R{n * 7919 % 997}", n) for n in range(200)), day="2025-01-06").xml()
    data = bytearray(zipped(("a.xml", big), ("b.xml", XML)))
    for position in range(600, 700):
        data[position] ^= 0xFF
    outcomes = parse_batch(found(bytes(data), read=True), PSEUDONYM)
    assert "beschadigd" in outcomes[0].reason
    assert outcomes[1].parsed


def test_a_large_claim_is_read_from_its_zip(found, monkeypatch):
    monkeypatch.setattr(source_module, "MAX_BYTES_IN_MEMORY", 2000)
    big = message("323", *(Line(f"R{number}", number) for number in range(20)), day="2025-01-06").xml()
    (outcome,) = parse_batch(found(zipped(("a.xml", big)), read=True), PSEUDONYM)
    assert len(outcome.parsed.records["prestatie"]) == 20


def test_a_directory_gives_its_messages_in_a_fixed_order(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b/2.XML").write_bytes(XML)
    (tmp_path / "b/notes.txt").write_bytes(b"niets")
    (tmp_path / "a.zip").write_bytes(zipped(("1.xml", XML), ("__MACOSX/._1.xml", b"x"), ("leeg/", b"")))
    assert [file.label for file in sources(tmp_path)] == ["a.zip/1.xml", "b/2.XML"]


def test_a_directory_without_messages_says_so(tmp_path):
    (tmp_path / "leeg/dieper").mkdir(parents=True)
    (tmp_path / "leeg/notes.txt").write_bytes(b"niets")
    ((label, fault),) = [(file.label, file.fault) for file in sources(tmp_path / "leeg")]
    assert (label, fault) == ("leeg", "In de map staan geen XML-, ZIP- of CSV-bestanden. Controleer het pad")


def test_a_folder_that_cannot_be_looked_into_is_told_and_its_neighbour_read(tmp_path):
    """Its path is too long for the system, which holds for whoever runs this."""
    (tmp_path / "a.xml").write_bytes(XML)
    places = [os.open(tmp_path, os.O_RDONLY)]
    for _ in range(20):
        os.mkdir("x" * 250, dir_fd=places[-1])
        places.append(os.open("x" * 250, os.O_RDONLY, dir_fd=places[-1]))
    found = list(sources(tmp_path))
    for place in reversed(places):
        if place != places[-1]:
            os.rmdir("x" * 250, dir_fd=place)
        os.close(place)
    assert [file.data for file in found] == [XML, b""]
    assert found[1].fault == "De map is niet te lezen (File name too long). Controleer het pad en de rechten"


def test_what_is_no_file_is_not_read_and_its_neighbour_is(tmp_path):
    """A pipe to which nobody writes and a device without end."""
    os.mkfifo(tmp_path / "a.xml")
    (tmp_path / "b.zip").symlink_to("/dev/zero")
    (tmp_path / "c.xml").write_bytes(XML)
    fault = "Het bestand is niet te lezen (geen gewoon bestand). Controleer het pad en de rechten"
    assert [(file.fault, file.data) for file in sources(tmp_path)] == [(fault, b""), (fault, b""), ("", XML)]


def test_a_file_that_is_gone_says_what_to_do(tmp_path):
    (only,) = sources(tmp_path / "weg.zip")
    assert only.fault.startswith("Het bestand is niet te lezen")
    assert only.fault.endswith("Controleer het pad en de rechten")


def told(path):
    with opened(path) as archive:
        return listed(archive)


def test_a_zip_tells_beforehand_how_many_files_it_lists(tmp_path, found):
    whole = zipped(("a/", b""), ("a/1.xml", XML), ("a/2.xml", XML), ("__MACOSX/a/1.xml", b"x"), ("in.zip", b"x"))
    assert len(found(whole)) == told(tmp_path / "export.zip") == 3


@pytest.mark.parametrize("data", [XML, b"", b"PK\x03\x04 half"])
def test_what_is_no_zip_tells_nothing_beforehand(tmp_path, data):
    (tmp_path / "export.zip").write_bytes(data)
    assert [told(tmp_path / name) for name in ("export.zip", "", "gone.zip")] == [0, 0, 0]
