"""Memory stays within bounds whatever the size of what is taken in, measured in processes of their own."""

import io
import zipfile

import pytest

from messaging.sources import sources
from tests.support.large_files import bomb, write_answer, write_claim
from tests.support.xmlmessages import Line, message, start


@pytest.mark.parametrize("per_client", [12, 20_000], ids=["many clients", "few clients"])
def test_ten_times_the_claim_takes_no_more_memory_and_counts_once(portal, tmp_path, per_client):
    used, name = [], str(tmp_path / "claim.xml")
    for size in (4_000_000, 40_000_000):
        portal.empty()
        lines = write_claim(tmp_path / "claim.xml", size, per_client)
        used.append(portal.megabytes("ingest", name))
        assert portal.ask("SELECT count(*), max(regel) FROM messaging_prestatie") == [(lines, lines)]
    assert used[1] < used[0] + 60  # the tree of it alone takes 300
    portal.manage("ingest", name)
    counted = portal.ask("SELECT messages, records, duplicates FROM messaging_uploadfile ORDER BY id")
    assert counted == [(1, lines, 0), (0, 0, 1)]
    assert portal.ask("SELECT count(*), sum(bedrag) FROM messaging_prestatie") == [(lines, 100 * lines)]
    assert list(portal.folder.glob("spool/*")) == []
    portal.empty()


def test_an_answer_about_one_client_takes_no_more_memory_than_one_about_many(portal, tmp_path):
    lines = write_answer(tmp_path / "answer.xml", 40_000_000)
    assert portal.megabytes("ingest", str(tmp_path / "answer.xml")) < 200  # the tree of it alone takes 300
    counted = (
        "SELECT count(*), max(regel), count(DISTINCT referentie_nummer), min(retourcodes_client) || max(retourcodes)"
    )
    assert portal.ask(f"{counted} FROM messaging_antwoordregel") == [(lines, lines, lines, "81878004")]
    portal.empty()


def test_what_stands_around_the_lines_is_not_kept(portal, tmp_path):
    """Megabytes of nothing between the parts: each is forgotten with the part after it."""
    text = message("323", Line("R1", 100), day="2025-01-06").xml().decode()
    head, _, rest = text.partition("<Clienten>")
    clients, _, tail = rest.partition("</Clienten>")
    nothing = "<x/>" * 500_000
    (tmp_path / "claim.xml").write_text(head + f"{nothing}<Clienten>{clients}</Clienten>" * 17 + tail)
    assert portal.megabytes("ingest", str(tmp_path / "claim.xml")) < 250  # all of it together takes 1000
    assert portal.ask("SELECT count(*) FROM messaging_prestatie") == [(17,)]
    portal.empty()


@pytest.mark.parametrize("nested", [False, True], ids=["alone", "in a ZIP"])
def test_ten_gigabytes_of_zeros_are_refused_unread(tmp_path, nested):
    path, sound = tmp_path / "export.zip", message("305", start(1, "2025-01-05"), day="2025-01-06").xml()
    data = bomb("bom.xml", 10 * 1024)
    assert zipfile.ZipFile(io.BytesIO(data)).infolist()[0].file_size == 10 * 1024**3
    path.write_bytes(data)
    if nested:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("in.zip", data)
            archive.writestr("goed.xml", sound)
    refused, *others = sources(path)
    assert refused.label.endswith("/bom.xml")
    assert refused.fault.startswith("Het bestand is verdacht sterk ingepakt en is niet geopend. Lever")
    assert [other.data for other in others] == ([sound] if nested else [])


def test_what_the_bomb_is_made_of_would_open(tmp_path):
    (tmp_path / "bom.zip").write_bytes(bomb("bom.xml", 3))
    with zipfile.ZipFile(tmp_path / "bom.zip") as archive, archive.open("bom.xml") as opened:
        opened._expected_crc = None  # the bomb gives none
        assert opened.read() == bytes(3 * 1024**2)
