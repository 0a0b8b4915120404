"""Record frames of the calculation put into the tables, as an ingest would have stored them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import pandas as pd
from django.db import connection

from kpi.calc.frames import NO_DAY, NO_NUMBER, RECORD_CONTRACTS, Records, to_date
from kpi.loading import TABLES
from messaging import models, statistics
from providers.models import EndReason, Product

MODELS = {model._meta.db_table: model for model in vars(models).values() if hasattr(model, "_meta")}
# What the tables hold besides what the calculation reads.
MORE = {
    "prestaties": {},
    "messages": {"afzender": "", "client": None},
}


def store(records: Records, numbers: Iterable[int], *, shift: int = 0) -> None:
    """Store the messages with these numbers and their records; ``shift`` is added to the numbers."""
    wanted = set(numbers)
    for name, table in TABLES.items():
        frame = getattr(records, name)
        own = frame[frame["message_id"].isin(wanted)]
        rows = [_row(name, row, shift) for row in own.to_dict("records")]
        MODELS[table].objects.bulk_create([MODELS[table](**row) for row in rows], batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('messaging_message_id_seq', (SELECT max(id) FROM messaging_message))")
    statistics.look_anew()


def _row(name: str, row: dict[str, Any], shift: int) -> dict[str, Any]:
    kinds = RECORD_CONTRACTS[name]
    found = {column: _value(kinds[column], value) for column, value in row.items()} | MORE.get(name, {})
    number = int(found.pop("message_id")) + shift
    if name == "messages":
        return {**found, "id": number, "identity": UUID(int=number), "content": UUID(int=number)}
    return {**found, "message_id": number}


def _value(kind: str, value: Any) -> Any:
    if kind == "day":
        return None if value == NO_DAY else to_date(value)
    if kind == "int":
        return None if value == NO_NUMBER else int(value)
    return str(value)


def store_catalogue(catalogue: pd.DataFrame, outcomes: dict[tuple[str, str], str]) -> None:
    """Store the reference data of the calculation."""
    renamed = {"categorie": "category"}
    products = []
    for row in catalogue.rename(columns=renamed).to_dict("records"):
        weight = None if row["weight"] == NO_NUMBER else row["weight"] / 100
        days = {name: None if row[name] == NO_DAY else to_date(row[name]) for name in ("valid_from", "valid_to")}
        money = {name: None if row[name] == NO_NUMBER else int(row[name]) for name in ("tariff", "arrangement_price")}
        texts = {
            name: str(row[name]) for name in ("wet", "category", "code", "domain", "kind", "delivery_form", "unit")
        }
        products.append(Product(**texts, **days, **money, weight=weight, name="", segment=""))
    Product.objects.bulk_create(products)
    EndReason.objects.bulk_create(
        [EndReason(wet=wet, code=code, outcome=outcome) for (wet, code), outcome in outcomes.items()]
    )
