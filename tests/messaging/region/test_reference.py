"""The reference files: complete, loadable, and in line with the messages."""

import csv
import io

from messaging.region.build import Region
from messaging.region.reference import tables


def rows(region: Region, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(tables(region.world)[name]), delimiter=";"))


def test_products_and_domains_of_the_messages_are_in_the_catalogue(region: Region) -> None:
    catalogue = {(row["wet"], row["categorie"], row["code"]) for row in rows(region, "producten.csv")}
    used = {
        (m.wet, v.care.product.category, v.care.product.code)
        for m in region.messages
        if m.soort == "301"
        for v in m.records
    }
    assert used <= catalogue
    assert 60 <= len(catalogue) <= 80
    domains = {row["code"] for row in rows(region, "zorgdomeinen.csv")}
    assert {row["zorgdomein"] for row in rows(region, "producten.csv")} == domains
    assert {"jeugd-ggz", "jeugd-en-opvoedhulp", "begeleiding-jeugd", "eed", "beschermd-wonen", "thuisplus"} < domains


def test_validity_periods_of_a_product_adjoin(region: Region) -> None:
    periods: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in rows(region, "producten.csv"):
        periods.setdefault((row["categorie"], row["code"]), []).append((row["geldig_van"], row["geldig_tot"]))
    assert {tuple(own) for own in periods.values()} == {(("", "2025-12-31"), ("2026-01-01", ""))}


def test_care_allocated_by_category_is_in_the_catalogue_with_and_without_code(region: Region) -> None:
    catalogue = {(row["wet"], row["categorie"], row["code"]) for row in rows(region, "producten.csv")}
    assert {("jeugdwet", "50", ""), ("jeugdwet", "50", "50M01"), ("wmo", "10", ""), ("wmo", "10", "10M01")} < catalogue


def test_a_tightened_norm_has_two_versions(region: Region) -> None:
    versions = [
        (row["geldig_van"], row["grens_groen"], row["grens_rood"])
        for row in rows(region, "normen.csv")
        if (row["maat"], row["zorgdomein"]) == ("uitval_pct", "")
    ]
    assert versions == [("2024-11-01", "0,23", "0,28"), ("2026-01-01", "0,20", "0,25")]


def test_providers_have_unique_codes_and_names(region: Region) -> None:
    providers = rows(region, "aanbieders.csv")
    assert len({row["agb"] for row in providers}) == len(providers) == 120
    assert len({row["naam"] for row in providers}) == 120
    assert {len(row["agb"]) for row in providers} == {8}
    assert {row["type"] for row in providers} == {"systeem", "flex", "prestatie", "overig"}
    assert all(row["contractmanager"] for row in providers)
    assert {m.provider for m in region.messages} <= {row["agb"] for row in providers}


def test_all_twenty_municipalities_are_listed(region: Region) -> None:
    listed = {row["code"] for row in rows(region, "gemeenten.csv")}
    assert len(listed) == 20
    assert {m.municipality for m in region.messages} <= listed
