"""The page of norms: every version, in words."""

from collections.abc import Iterable
from typing import Any

from accounts.scope import Scope
from kpi import selectors
from kpi.calc.indicators import DEFINITIONS, MEASURES
from kpi.models import Norm
from kpi.norms import norm_text


def groups(norms: Iterable[Norm], scope: Scope) -> list[dict[str, Any]]:
    """Per indicator the norms that concern a scope, the latest version first."""
    names = selectors.names()
    own = [norm for norm in norms if not norm.municipality or scope.allows(norm.municipality)]
    result = []
    for definition in DEFINITIONS:
        codes = {measure.code for measure in definition.measures}
        rows = [_row(norm, names) for norm in own if norm.measure in codes]
        result.append({"definition": definition, "rows": rows})
    return result


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
