"""``manage.py make_region``: the same bytes every time, and clear refusals."""

import hashlib
import json
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ARGUMENTS = {"clients": 12, "months": 8, "seed": 3, "until": "2026-10-31"}


def make(out: Path, *flags: str, **changes: object) -> str:
    arguments = [f"--{name}={value}" for name, value in (ARGUMENTS | changes).items()]
    printed = StringIO()
    call_command("make_region", *arguments, f"--out={out}", *flags, stdout=printed)
    return printed.getvalue()


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("flags", [(), ("--zip",), ("--standard=2.3",)])
def test_the_same_arguments_give_the_same_bytes(tmp_path: Path, flags: tuple[str, ...]) -> None:
    make(tmp_path / "a", *flags)
    make(tmp_path / "b", *flags)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_another_seed_gives_another_region(tmp_path: Path) -> None:
    make(tmp_path / "a")
    make(tmp_path / "b", seed=4)
    assert contents(tmp_path / "a") != contents(tmp_path / "b")


def test_more_clients_leave_the_lives_of_the_others_alone(tmp_path: Path) -> None:
    make(tmp_path / "a")
    make(tmp_path / "b", clients=13)
    first = [sum("<Bsn>999900006</Bsn>" in p.read_text() for p in (tmp_path / d).rglob("*.xml")) for d in "ab"]
    assert first[0] == first[1] > 0


def test_the_zip_holds_the_same_messages_as_the_files(tmp_path: Path) -> None:
    make(tmp_path / "a")
    make(tmp_path / "b", "--zip")
    with zipfile.ZipFile(tmp_path / "b" / "berichten.zip") as archive:
        zipped = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
    assert zipped == contents(tmp_path / "a" / "berichten")


def test_it_reports_what_it_wrote(tmp_path: Path) -> None:
    summary = json.loads(make(tmp_path / "a", "--json").splitlines()[-1])
    assert summary["files"] == len(contents(tmp_path / "a" / "berichten")) > 0
    assert set(contents(tmp_path / "a" / "referentie")) == {
        *("producten.csv", "gemeenten.csv", "aanbieders.csv", "zorgdomeinen.csv", "normen.csv"),
    }


def test_a_region_without_messages_still_has_its_directory(tmp_path: Path) -> None:
    make(tmp_path / "a", clients=1, months=1, seed=1)
    assert (tmp_path / "a" / "berichten").is_dir()


def test_a_smaller_region_replaces_a_larger_one(tmp_path: Path) -> None:
    make(tmp_path / "a")
    make(tmp_path / "a", clients=2)
    make(tmp_path / "b", clients=2)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    note = tmp_path / "a" / "berichten" / "notitie.txt"
    note.parent.mkdir(parents=True)
    note.write_text("niet weggooien")
    with pytest.raises(CommandError, match="Kies een lege map"):
        make(tmp_path / "a")
    assert contents(tmp_path / "a") == {"berichten/notitie.txt": hashlib.sha256(b"niet weggooien").hexdigest()}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"clients": 9_092}, "9091 testburgerservicenummers"),
        ({"clients": 0}, "ten minste 1 cliënt"),
        ({"months": 0}, "1 tot en met 120 maanden"),
        ({"until": "31 oktober"}, "JJJJ-MM-DD"),
    ],
)
def test_unusable_arguments_get_a_dutch_sentence(tmp_path: Path, changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        make(tmp_path / "a", **changes)
    assert not (tmp_path / "a").exists()
