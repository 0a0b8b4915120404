"""From the database to the frames of the calculation: one COPY per table, never a model instance."""

import csv
import datetime as dt
import tempfile
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, TypeVar

import pandas as pd
from django.db import connection, transaction
from django.db.models import F, Q

from kpi import context, picking
from kpi.calc.frames import CATALOGUE, NO_DAY, NO_NUMBER, RECORD_CONTRACTS, Contract, Records, Reference, to_day
from kpi.calc.share import Bucket, Touched
from kpi.parameters import parameters_on
from messaging.store import hold_off_stores
from providers.models import EndReason, Product

Picked = TypeVar("Picked")
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


def load_records(upto: int | None = None) -> Records:
    """All stored messages and records (the calculation itself leaves out what is later than its reference date).

    ``upto``: the highest number of the messages wanted; by default all.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        highest = _highest(cursor) if upto is None else upto
        with context.seen_whole(cursor, highest):
            return _frames(cursor, {name: f"t.{_number(name)} IN (SELECT id FROM seen)" for name in TABLES})


def load_bucket(bucket: Bucket, upto: int) -> Records:
    """The records that a bucket of the clients needs, of messages up to a number."""
    with transaction.atomic(), connection.cursor() as cursor, context.seen_whole(cursor, upto):
        picking.pick_bucket(cursor, bucket)
        records = _frames(cursor, context.gather(cursor))
        picking.forget(cursor)
        return records


def load_touched(after: int, upto: int) -> tuple[Touched, Records, Records]:
    """Whom the messages after one number and up to another touch; what they need, before and with those messages."""
    with transaction.atomic(), connection.cursor() as cursor:
        touched = picking.pick_touched(cursor, after, upto)
        before, with_them = (_seen_through(cursor, number) for number in (after, upto))
        picking.forget(cursor)
        return touched, before, with_them


def load_picked(pick: Callable[[Any], Picked], upto: int, without: tuple[str, ...] = ()) -> tuple[Picked, Records]:
    """What ``pick`` gives, and the records that those whom it picks need, of messages up to a number."""
    with transaction.atomic(), connection.cursor() as cursor:
        found = pick(cursor)
        records = _seen_through(cursor, upto, without)
        picking.forget(cursor)
        return found, records


def _seen_through(cursor: Any, upto: int, without: tuple[str, ...] = ()) -> Records:
    with context.seen_through(cursor, upto):
        records = _frames(cursor, context.gather(cursor, without))
        context.forget(cursor)
        return records


def load_reference(as_of: dt.date = dt.date.max) -> Reference:
    """The product catalogue, and the outcome classes and parameters that count for a reference date."""
    reasons = EndReason.objects.filter(Q(valid_from=None) | Q(valid_from__lte=as_of))
    outcomes = {
        (reason.wet, reason.code): reason.outcome
        for reason in reasons.order_by(F("valid_from").asc(nulls_first=True), "pk")
    }
    return Reference(_catalogue(Product.objects.all()), outcomes, parameters_on(as_of))


def messages_up_to(number: int) -> int:
    """How many messages are stored with that number or a lower one: fewer than before when some were undone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM messaging_message WHERE id <= %s", [number])
        return int(cursor.fetchone()[0])


def last_message_id() -> int:
    """The highest message number, when no batch is under way that holds lower ones: what a run has seen."""
    with transaction.atomic(), connection.cursor() as cursor:
        hold_off_stores()
        return _highest(cursor)


def _highest(cursor: Any) -> int:
    cursor.execute("SELECT coalesce(max(id), 0) FROM messaging_message")
    return int(cursor.fetchone()[0])


def _number(name: str) -> str:
    return "id" if name == "messages" else "message_id"


def _frames(cursor: Any, conditions: dict[str, str]) -> Records:
    return Records(**{name: _load(cursor, name, table, conditions[name]) for name, table in TABLES.items()})


def _load(cursor: Any, name: str, table: str, condition: str) -> pd.DataFrame:
    contract = RECORD_CONTRACTS[name]
    columns = ", ".join(_expression(name, column, kind) for column, kind in contract.items())
    query = f"SELECT {columns} FROM {table} t WHERE {condition}"
    with tempfile.SpooledTemporaryFile(SPOOL_BYTES) as buffer:
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT csv)", buffer)
        buffer.seek(0)
        # The order in which Postgres finds rows is not the same twice; lists of equal days would not be either.
        order = [name for name in ("message_id", "regel") if name in contract]
        return _frame(buffer, contract).sort_values(order, ignore_index=True)


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
            *((NO_NUMBER, 1) if product.tariff is None else product.tariff.as_integer_ratio()),
            NO_NUMBER if product.arrangement_price is None else product.arrangement_price,
            NO_DAY if product.valid_from is None else to_day(product.valid_from),
            NO_DAY if product.valid_to is None else to_day(product.valid_to),
        )
        for product in products
    ]
    frame = pd.DataFrame(rows, columns=list(CATALOGUE))
    return frame.astype({column: DTYPES[kind] for column, kind in CATALOGUE.items()})
