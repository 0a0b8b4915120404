"""The page of norms: every version, in words."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from accounts.scope import Scope
from kpi import selectors
from kpi.calc.definition import Unit
from kpi.calc.indicators import DEFINITIONS, MEASURES
from kpi.models import Norm
from kpi.norms import norm_text


def groups(norms: Iterable[Norm], scope: Scope) -> list[dict[str, Any]]:
    """Per indicator the norms that concern a scope, the latest version first."""
    names = selectors.names()
    own = [norm for norm in norms if _concerns(norm, scope)]
    last_days = _last_days(own)
    result = []
    for definition in DEFINITIONS:
        codes = {measure.code for measure in definition.measures}
        rows = [_row(norm, names) | {"last_day": last_days.get(norm.pk)} for norm in own if norm.measure in codes]
        result.append({"definition": definition, "rows": rows})
    return result


def as_new_version(norm_id: str, scope: Scope) -> dict[str, Any]:
    """The fields of a new version of a norm as a form has them, but for its day and its reason.

    Empty when there is no such norm in the scope.
    """
    norm = Norm.objects.filter(pk=norm_id).first() if norm_id.isdecimal() and len(norm_id) < 10 else None
    if norm is None or not _concerns(norm, scope):
        return {}
    same = {name: getattr(norm, name) for name in ("measure", "domain", "municipality", "direction", "basis")}
    unit = MEASURES[norm.measure].unit
    return same | {"green": _written(norm.green, unit), "red": _written(norm.red, unit)}


def _written(limit: Decimal, unit: Unit) -> str:
    """A limit as the form reads it: 12,5% or 1500."""
    percent = unit == Unit.PERCENT
    digits = f"{(limit * 100 if percent else limit).normalize():f}".replace(".", ",")
    return f"{digits}%" if percent else digits


def _concerns(norm: Norm, scope: Scope) -> bool:
    return not norm.municipality or scope.allows(norm.municipality)


def _last_days(latest_first: Iterable[Norm]) -> dict[int, dt.date]:
    """The last day of every version that another one follows, by the id of the norm."""
    found: dict[int, dt.date] = {}
    starts: dict[tuple[str, str, str], dt.date] = {}
    for norm in latest_first:
        key = (norm.measure, norm.domain, norm.municipality)
        if key in starts:
            found[norm.pk] = starts[key] - dt.timedelta(days=1)
        starts[key] = norm.valid_from
    return found


def _row(norm: Norm, names: dict[str, dict[str, str]]) -> dict[str, Any]:
    places = [
        names["domain"].get(norm.domain, norm.domain),
        names["municipality"].get(norm.municipality, norm.municipality),
    ]
    return {
        "measure": MEASURES[norm.measure].name,
        "place": ", ".join(place for place in places if place) or "alles",
        "text": norm_text(norm, MEASURES[norm.measure]),
        "norm": norm,
    }
