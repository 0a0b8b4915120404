"""Clients and amounts per municipality, provider or product: who and what a selection consists of."""

from collections.abc import Sequence
from typing import Any

from kpi import cells, own_figures, ranges, selectors
from kpi.calc.definition import Unit
from kpi.calc.indicators import MEASURES
from kpi.pages import View, not_followed
from kpi.places import place_url
from kpi.selection import Selection
from kpi.selectors import Figure

TITLES = {"municipality": "Gemeenten", "provider": "Aanbieders", "product": "Producten", "domain": "Zorgdomeinen"}
HEADS = {"municipality": "Gemeente", "provider": "Aanbieder", "product": "Product", "domain": "Zorgdomein"}
CODES = ("clienten_in_zorg", "instroom", "gefactureerd", "toegekend")
SHARE = cells.in_unit("Deel van het toegekende", Unit.PERCENT)
WEIGHED = "toegekend"  # what the order and the shares go by


def amounts(view: View, selection: Selection, dimension: str, codes: Sequence[str] = CODES) -> dict[str, Any] | None:
    """A table per value of ``dimension``, the largest granted amount first; None where it is not measured so."""
    if dimension == "municipality" and not view.scope.region:
        return None
    base = selection
    if dimension == "product":  # products are not combined with domains, nor with municipality and provider together
        base = base.at(
            domain="", municipality="" if view.scope.region and selection.provider else selection.municipality
        )
    measures = [MEASURES[code] for code in codes]
    lines = own_figures.figures_by(view, base, dimension, measures)
    if not lines:
        return None
    names = selectors.product_names() if dimension == "product" else view.names[dimension]
    whole = sum(map(_weight, lines.values()))
    title = TITLES[dimension]
    return {
        "id": title.lower(),
        "title": title,
        "lead": " ".join(
            filter(
                None,
                (
                    not_followed(selection, *base.chosen) if dimension == "product" else "",
                    ranges.about(selection, *measures),
                ),
            )
        ),
        "heads": (
            HEADS[dimension],
            *(cells.of_measure(measure, ranges.named(selection, measure)) for measure in measures),
            SHARE,
        ),
        "rows": [
            {
                "code": code,
                "name": names.get(code, code),
                "url": "" if selection.chosen.get(dimension) else place_url(base.at(**{dimension: code}), dimension),
                "cells": [
                    *(cells.value(MEASURES[name], figures.get(name)) for name in codes),
                    cells.share(_weight(figures), whole) if WEIGHED in figures else None,
                ],
            }
            for code, figures in sorted(lines.items(), key=lambda item: (-_weight(item[1]), item[0]))
        ],
    }


def share_text(part: float, whole: float) -> str:
    """A part of a whole in percent; nothing to say of a whole that is not above 0."""
    return str(cells.share(part, whole) or cells.NOTHING)


def _weight(figures: dict[str, Figure]) -> float:
    return figures[WEIGHED].value if WEIGHED in figures else 0.0
