"""Reference data and parameters with their history: what counts now, who changed it when, from which file."""

import datetime as dt
from typing import Any

from django.db.models import Max

from kpi.models import ParameterVersion
from kpi.parameters import SPECS, laws_of, parameters_on, value_of
from providers.models import ReferenceChange, Wet
from providers.reference import tables

TITLES = {
    "producten": "Producten",
    "gemeenten": "Gemeenten",
    "aanbieders": "Aanbieders",
    "zorgdomeinen": "Zorgdomeinen",
    "redenen_beeindiging": "Redenen van beëindiging",
    "normen": "Normen",
}


def page(chosen: str) -> dict[str, Any]:
    """Context: a line per kind of file, and the rows and the history of the chosen one."""
    by_table = ReferenceChange.objects.order_by().values_list("table")
    latest = dict(by_table.annotate(last=Max("changed_at")))
    known = {table.name: table for table in tables()}
    table = known.get(chosen) or known["producten"]
    return {
        "tables": [
            {
                "name": name,
                "title": TITLES.get(name, name),
                "rows": kind.model._default_manager.count(),
                "changed": latest.get(name),
            }
            for name, kind in known.items()
        ],
        "title": TITLES.get(table.name, table.name),
        "table": table,
        "heads": [table.model._meta.get_field(name).verbose_name for name in _columns(table)],
        "rows": table.model._default_manager.order_by(*table.key).values_list(*_columns(table)),
        "changes": ReferenceChange.objects.filter(table=table.name),
    }


def _columns(table: Any) -> list[str]:
    return [
        field.name
        for field in table.model._meta.concrete_fields
        if not field.name.endswith("id") and field.name not in ("created_at", "id")
    ]


def change_of(change: ReferenceChange) -> dict[str, Any]:
    """One change in words: only the fields that differ."""
    fields = [
        {"name": name, "was": change.before.get(name, ""), "now": value}
        for name, value in change.after.items()
        if change.before and change.before.get(name, "") != value
    ]
    return {"change": change, "new": not change.before, "fields": fields}


def parameters(today: dt.date) -> dict[str, Any]:
    """Context: every parameter with what counts today and all its versions."""
    versions = list(ParameterVersion.objects.order_by("name", "wet", "-valid_from"))
    now = parameters_on(today, versions)
    lines = [
        {
            "spec": spec,
            "wet": Wet(wet).label if wet else "beide wetten",
            "value": value_of(spec, wet, now),
            "versions": [row for row in versions if (row.name, row.wet) == (spec.name, wet)],
        }
        for spec in SPECS.values()
        for wet in laws_of(spec)
    ]
    return {"lines": lines}
