"""The reference CSVs of the region: semicolons, decimal comma, amounts in euro."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

from messaging.region.days import iso
from messaging.region.norms import norms
from messaging.region.products import DOMAINS, Product, indexed
from messaging.region.world import World

PRODUCT_COLUMNS = (
    *("wet", "categorie", "code", "naam", "zorgdomein", "segment", "profiel", "intensiteit", "perceel", "pakket"),
    *("zwaarte", "soort", "leveringsvorm", "eenheid", "tarief", "arrangementsprijs", "geldig_van", "geldig_tot"),
)
NORM_COLUMNS = (
    *("maat", "zorgdomein", "gemeente", "richting", "grens_groen", "grens_rood", "basis", "geldig_van"),
    *("vastgesteld_door", "toelichting"),
)
DELIVERY_FORM = "zin"  # the messages cover care in kind only


def tables(world: World) -> dict[str, str]:
    """File name → text."""
    return {
        "producten.csv": _csv(PRODUCT_COLUMNS, (row for product in world.products for row in _product(product))),
        "gemeenten.csv": _csv(("code", "naam"), ((row.code, row.name) for row in world.municipalities.values())),
        "aanbieders.csv": _csv(
            ("agb", "naam", "type", "contractmanager"),
            ((row.agb, row.name, row.type, row.contract_manager) for row in world.providers),
        ),
        "zorgdomeinen.csv": _csv(("code", "naam", "wet"), ((row.code, row.name, row.wet) for row in DOMAINS.values())),
        "normen.csv": _csv(NORM_COLUMNS, norms(iso(world.start), iso(world.products[0].indexed_from))),
    }


def _csv(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue()


def _euro(amount: int) -> str:
    return str(Decimal(amount) / 100).replace(".", ",") if amount else ""


def _product(row: Product) -> Iterable[tuple[object, ...]]:
    """The first tariffs and the indexed ones; care that is allocated by category has rows without a code too."""
    last_before, first_after = iso(row.indexed_from - 1), iso(row.indexed_from)
    for code in ("", row.code) if row.aspecific else (row.code,):
        head = (row.wet, row.category, code, row.name, row.domain, row.segment, row.profile, row.intensity)
        middle = (row.parcel, row.package, str(row.weight).replace(".", ","), row.kind, DELIVERY_FORM, row.unit)
        yield (*head, *middle, *_amounts(row.tariff, row.price), "", last_before)
        yield (*head, *middle, *_amounts(indexed(row.tariff), indexed(row.price)), first_after, "")


def _amounts(tariff: int, price: int) -> tuple[str, str]:
    return _euro(tariff), _euro(price)
