"""From the database to the frames of the calculation: one COPY per table, never a model instance."""

import csv
import tempfile
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pandas as pd
from django.db import connection

from kpi.calc.frames import CATALOGUE, NO_DAY, NO_NUMBER, RECORD_CONTRACTS, Contract, Records, Reference, to_day
from providers.models import EndReason, Product

SPOOL_BYTES = 64 * 1024 * 1024
TABLES = {
    "messages": "messaging_message",
    "toewijzingen": "messaging_toewijzing",
    "starts": "messaging_startproduct",
    "stops": "messaging_stopproduct",
    "prestaties": "messaging_prestatie",
    "verzoeken": "messaging_verzoek",
    "retour_regels": "messaging_retourregel",
    "antwoord_regels": "messaging_antwoordregel",
}
DTYPES = {"day": "int32", "int": "int64", "text": "str"}
# Of messages with one identity and different content the lowest content counts, whatever arrived first.
SUPERSEDED = (
    "SELECT m.id FROM messaging_message m WHERE EXISTS"
    " (SELECT 1 FROM messaging_message o WHERE o.identity = m.identity AND o.content < m.content)"
)


def load_records() -> Records:
    """All stored messages and records (the calculation itself leaves out what is later than its reference date)."""
    with connection.cursor() as cursor:
        cursor.execute(SUPERSEDED)
        superseded = [number for (number,) in cursor.fetchall()]
        return Records(**{name: _load(cursor, name, table, superseded) for name, table in TABLES.items()})


def load_reference() -> Reference:
    """The product catalogue and the outcome classes that differ from the defaults."""
    outcomes = {(reason.wet, reason.code): reason.outcome for reason in EndReason.objects.all()}
    return Reference(catalogue=_catalogue(Product.objects.all()), outcomes=outcomes)


def last_message_id() -> int:
    """The highest message number: with it a run says what it has seen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM messaging_message")
        return int(cursor.fetchone()[0])


def _load(cursor: Any, name: str, table: str, superseded: list[int]) -> pd.DataFrame:
    contract = RECORD_CONTRACTS[name]
    columns = ", ".join(_expression(name, column, kind) for column, kind in contract.items())
    number = "id" if name == "messages" else "message_id"
    query = f"SELECT {columns} FROM {table} t WHERE t.{number} <> ALL(%s::bigint[])"  # noqa: S608
    with tempfile.SpooledTemporaryFile(SPOOL_BYTES) as buffer:
        cursor.copy_expert(cursor.mogrify(f"COPY ({query}) TO STDOUT (FORMAT csv)", [superseded]).decode(), buffer)
        buffer.seek(0)
        return _frame(buffer, contract)


def _expression(name: str, column: str, kind: str) -> str:
    source = "id" if (name, column) == ("messages", "message_id") else column
    if kind == "day":
        return f"coalesce(t.{source} - DATE '1970-01-01', {NO_DAY})"
    return f"coalesce(t.{source}, {NO_NUMBER})" if kind == "int" else f"t.{source}"


def _frame(buffer: Any, contract: Contract) -> pd.DataFrame:
    dtypes: dict[Any, Any] = {column: DTYPES[kind] for column, kind in contract.items()}
    return pd.read_csv(
        buffer, names=list(contract), dtype=dtypes, keep_default_na=False, na_filter=False, quoting=csv.QUOTE_MINIMAL
    )


def _catalogue(products: Iterable[Product]) -> pd.DataFrame:
    rows = [
        (
            *(product.wet, product.category, product.code, product.domain, product.kind, product.delivery_form),
            product.unit,
            NO_NUMBER if product.weight is None else int(product.weight * Decimal(100)),
            NO_NUMBER if product.tariff is None else product.tariff,
            NO_NUMBER if product.arrangement_price is None else product.arrangement_price,
            NO_DAY if product.valid_from is None else to_day(product.valid_from),
            NO_DAY if product.valid_to is None else to_day(product.valid_to),
        )
        for product in products
    ]
    frame = pd.DataFrame(rows, columns=list(CATALOGUE))
    return frame.astype({column: DTYPES[kind] for column, kind in CATALOGUE.items()})
