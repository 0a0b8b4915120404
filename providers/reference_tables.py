"""The reference files of this app (contracts, "Reference CSVs")."""

from collections.abc import Mapping
from typing import Any

from providers import cells
from providers.models import CareDomain, EndReason, Municipality, Product, Provider, ProviderType, Wet
from providers.reference import Table, register

KINDS = ("herstel", "duurzaam", "overig")
OUTCOMES = ("succes", "uitval", "tijdelijk", "overleden", "overig")
Row = Mapping[str, str]


def _municipality(row: Row) -> dict[str, Any]:
    return {"code": cells.code(row, "code", 4), "name": cells.required(row, "naam")}


def _provider(row: Row) -> dict[str, Any]:
    return {
        "agb": cells.code(row, "agb", 8),
        "name": cells.required(row, "naam"),
        "type": cells.choice(row, "type", ProviderType.values) if row["type"] else ProviderType.OTHER.value,
        "contract_manager": row["contractmanager"],
    }


def _domain(row: Row) -> dict[str, Any]:
    return {
        "code": cells.required(row, "code"),
        "name": cells.required(row, "naam"),
        "wet": cells.choice(row, "wet", Wet.values),
    }


def _end_reason(row: Row) -> dict[str, Any]:
    return {
        "wet": cells.choice(row, "wet", Wet.values),
        "code": cells.code(row, "code", 2),
        "description": row["omschrijving"] or row["code"],
        "outcome": cells.choice(row, "klasse", OUTCOMES),
        "valid_from": cells.date(row, "geldig_van"),
    }


def _product(row: Row) -> dict[str, Any]:
    return {
        "wet": cells.choice(row, "wet", Wet.values),
        "category": cells.code(row, "categorie", 2),
        "code": row["code"],
        "name": cells.required(row, "naam"),
        "domain": cells.required(row, "zorgdomein"),
        "segment": row["segment"],
        "profile": row["profiel"],
        "intensity": row["intensiteit"],
        "parcel": row["perceel"],
        "package": row["pakket"],
        "weight": cells.decimal(row, "zwaarte"),
        "kind": cells.choice(row, "soort", KINDS),
        "delivery_form": row["leveringsvorm"],
        "unit": cells.code(row, "eenheid", 2) if row["eenheid"] else "",
        "tariff": cells.fine_eurocents(row, "tarief"),
        "arrangement_price": cells.eurocents(row, "arrangementsprijs"),
        "valid_from": cells.date(row, "geldig_van"),
        "valid_to": cells.date(row, "geldig_tot"),
    }


TABLES = (
    Table("gemeenten", ("code", "naam"), Municipality, ("code",), _municipality),
    Table(
        "aanbieders",
        ("agb", "naam", "type", "contractmanager"),
        Provider,
        ("agb",),
        _provider,
        frozenset({"type", "contractmanager"}),
    ),
    Table("zorgdomeinen", ("code", "naam", "wet"), CareDomain, ("code",), _domain),
    Table(
        "redenen_beeindiging",
        ("wet", "code", "omschrijving", "klasse", "geldig_van"),
        EndReason,
        ("wet", "code", "valid_from"),
        _end_reason,
        frozenset({"omschrijving", "geldig_van"}),
    ),
    Table(
        "producten",
        (
            *("wet", "categorie", "code", "naam", "zorgdomein", "segment", "profiel", "intensiteit", "perceel"),
            *("pakket", "zwaarte", "soort", "leveringsvorm", "eenheid", "tarief", "arrangementsprijs"),
            *("geldig_van", "geldig_tot"),
        ),
        Product,
        ("wet", "category", "code", "valid_from"),
        _product,
        frozenset({"segment", "profiel", "intensiteit", "perceel", "pakket", "arrangementsprijs", "leveringsvorm"}),
    ),
)


def register_tables() -> None:
    for table in TABLES:
        register(table)
