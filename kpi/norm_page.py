"""What the norm pages show: versions in words, and what a new version would do to the lights of today."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from accounts.scope import Scope
from kpi import selectors
from kpi.calc.indicators import DEFINITIONS, MEASURES
from kpi.filters import default_label, period_of
from kpi.lights import LOOKS, light_of
from kpi.models import Norm
from kpi.norms import NormBook, norm_text
from kpi.selection import Selection
from kpi.wording import period_name

CHANCE = 0.025  # a provider at the norm shows filled red in about this share of periods


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


def preview(scope: Scope, fields: dict[str, Any]) -> dict[str, Any] | None:
    """How the providers' lights in the last whole quarter would change; None without figures."""
    run = selectors.current_run()
    if run is None:
        return None
    measure = MEASURES[fields["measure"]]
    label = default_label(selectors.labels_of(run), run)
    period = period_of(label[:4] if measure.yearly_only else label)
    selection = Selection(period, domain=fields["domain"], municipality=fields["municipality"])
    found = selectors.figures_by(
        scope, run, selection, "provider", [measure.code], [period.label], measure.headline_detail
    )
    always = Norm(**{**fields, "valid_from": dt.date.min})  # tried on a past period
    old, new = NormBook(selectors.norms()), NormBook([always])
    pairs = Counter(
        (
            light_of(measure, figure, old.applied(measure, selection.at(provider=code))).state,
            light_of(measure, figure, new.applied(measure, selection.at(provider=code))).state,
        )
        for code, figure in found
    )
    judged = sum(count for (_, after), count in pairs.items() if LOOKS[after][0] != "geen")
    return {
        "period": period_name(period),
        "changes": [
            {"before": LOOKS[before][1], "after": LOOKS[after][1], "count": count}
            for (before, after), count in sorted(pairs.items(), key=lambda item: -item[1])
        ],
        "providers": len(found),
        "judged": judged,
        "false_alarms": round(judged * CHANCE, 1),
    }
