"""A region as the CSV exports of its back offices: the same facts as its messages, a row per record."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from messaging.region.build import Region, documents
from messaging.region.days import iso
from messaging.region.model import Care, Line, Message, Start, Stop, Version

COVERED = {"301": "toewijzingen", "305": "starts", "307": "stops", "303": "declaraties", "323": "declaraties"}
HEAD = ("Wet", "Gemeentecode", "AGB-code", "BSN", "Achternaam", "Berichtidentificatie", "Berichtdatum", "Release")
PRODUCT = ("Toewijzingnummer", "Productcategorie", "Productcode")
NAMES = {
    "toewijzingen": (
        *(*HEAD, *PRODUCT, "Toewijzingsdatum", "Toewijzingstijd", "Ingangsdatum", "Einddatum", "Reden wijziging"),
        *("Volume", "Eenheid", "Frequentie", "Budget", "Referentie aanbieder"),
    ),
    "starts": (*HEAD, *PRODUCT, "Begindatum", "Status aanlevering"),
    "stops": (*HEAD, *PRODUCT, "Begindatum", "Reden beëindiging", "Einddatum", "Status aanlevering"),
    "declaraties": (
        *(*HEAD, *PRODUCT, "Berichtsoort", "Referentienummer", "Vorig referentienummer", "Periode van"),
        *("Periode tot", "Volume", "Eenheid", "Bedrag", "Debet/credit"),
    ),
}


def dutch(day: int | None) -> str:
    return "-".join(reversed(iso(day).split("-"))) if day else ""


def euros(cents: int) -> str:
    return f"{cents // 100:,}".replace(",", ".") + f",{cents % 100:02d}"


def _product(care: Care) -> tuple[Any, ...]:
    return care.number, care.product.category, "" if care.product.aspecific else care.product.code


def _version(record: Version, modern: bool) -> tuple[Any, ...]:
    care = record.care
    budget = care.product.aspecific
    size = ("", "", "", euros(care.volume) if modern else "") if budget else None
    size = size or (care.volume, care.product.allocated_in, care.product.frequency, "")
    days = dutch(record.decided), record.time, dutch(care.first), dutch(record.last)
    return *_product(care), *days, record.reason, *size, record.reference


def _start(record: Start, modern: bool) -> tuple[Any, ...]:
    return *_product(record.care), dutch(record.begin), record.status


def _stop(record: Stop, modern: bool) -> tuple[Any, ...]:
    return *_product(record.care), dutch(record.begin), record.reason, dutch(record.end), record.status


def _line(record: Line, modern: bool) -> tuple[Any, ...]:
    care = record.care
    named = "323" if modern else "303", record.reference, record.previous.reference if record.previous else ""
    said = *named, *map(dutch, record.period), record.volume, record.unit, euros(record.amount), record.sign
    return care.number, care.product.category, care.product.code, *said


ROWS: dict[str, Callable[[Any, bool], tuple[Any, ...]]] = {
    "301": _version,
    "305": _start,
    "307": _stop,
    "303": _line,
    "323": _line,
}


def rows(region: Region) -> dict[str, list[tuple[Any, ...]]]:
    """The rows per export, in order of sending."""
    found: dict[str, list[tuple[Any, ...]]] = {name: [] for name in NAMES}
    standard = region.world.standard
    for message in region.messages:
        if message.soort in COVERED:
            for record in message.records:
                row = ROWS[message.soort](record, standard.startswith("3"))
                found[COVERED[message.soort]].append((*_head(message, record.care, standard), *row))
    return found


def _head(message: Message, care: Care, standard: str) -> tuple[Any, ...]:
    wet = "Jeugdwet" if message.wet == "jeugdwet" else "Wmo 2015"
    person = f"Testpersoon; nr {care.person.number}"
    who = wet, message.municipality, message.provider, care.person.bsn, person
    return *who, message.identification, dutch(message.day), standard


def export(
    name: str, lines: Iterable[tuple[Any, ...]], *, without: tuple[str, ...] = (), delimiter: str = ";"
) -> bytes:
    """One export as bytes, perhaps without some of its columns."""
    kept = [place for place, column in enumerate(NAMES[name]) if column not in without]
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow([NAMES[name][place] for place in kept])
    writer.writerows([row[place] for place in kept] for row in lines)
    return buffer.getvalue().encode("cp1252")


def write_exports(region: Region, directory: Path, *, without: tuple[str, ...] = ()) -> list[Path]:
    """The exports as files, and a ZIP of the messages that they do not cover."""
    directory.mkdir()
    paths = []
    for name, lines in rows(region).items():
        paths.append(directory / f"{name}.csv")
        paths[-1].write_bytes(export(name, lines, without=without))
    paths.append(directory / "overig.zip")
    with zipfile.ZipFile(paths[-1], "w") as archive:
        for (name, text), message in zip(documents(region), region.messages, strict=True):
            if message.soort not in COVERED:
                archive.writestr(name, text)
    return paths
