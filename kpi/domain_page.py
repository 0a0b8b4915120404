"""One care domain, and all of them side by side: the sixteen indicators as rows, the domains as columns."""

from typing import Any

from django.urls import reverse

from kpi import cells, courses, own_figures, ranges, selectors
from kpi.amounts import amounts
from kpi.calc.definition import Measure, Unit
from kpi.calc.indicators import MEASURES
from kpi.changes import changes
from kpi.lights import light_html
from kpi.pages import View, headlines, indicator_rows, query, summary
from kpi.places import place_url
from kpi.selection import Selection
from kpi.selectors import Figure
from kpi.wording import parts_text, value_text
from providers.models import Product

COURSE = ("clienten_in_zorg", "instroom", "uitstroom", "toegekend", "gefactureerd", "uitval_pct")
SIZES = ("clienten_in_zorg", "instroom", "uitstroom", "toegekend")
NO_SOURCE = "Geen bron"
FORMS = {"zin": "Zorg in natura (ZIN)", "pgb": "Persoonsgebonden budget (PGB)"}


def page(view: View, selection: Selection) -> dict[str, Any]:
    """All of one care domain; without one, all domains side by side."""
    if not selection.domain:
        return {"matrix": matrix(view, selection)}
    rows = indicator_rows(view, selection, headlines())
    tables = [amounts(view, selection, dimension, SIZES) for dimension in ("municipality", "provider")]
    return {
        "rows": rows,
        "caption": f"Indicatoren: {view.title(selection)}",
        "summary": summary(rows),
        "changes": changes(view, selection),
        "course": courses.of_measures(view, selection, COURSE, id="verloop", title="Verloop"),
        "tables": [table for table in (delivery_forms(view, selection), *tables) if table],
        "providers_url": reverse("kpi:providers") + query(selection),
    }


def matrix(view: View, selection: Selection) -> dict[str, Any]:
    """The light and value of each indicator in each care domain and in all together; four queries at most."""
    measures = [(definition, measure) for definition, measure in headlines() if not measure.headline_detail]
    by_code = {measure.code: measure for _, measure in measures}
    per_domain = own_figures.figures_by(view, selection, "domain", by_code.values())
    per_domain[""] = own_figures.figures(view, selection, by_code.values())
    figures = {(domain, code): figure for domain, own in per_domain.items() for code, figure in own.items()}
    domains = sorted({domain for domain, _ in figures if domain}, key=lambda code: view.name("domain", code))
    places = {domain: selection.at(domain=domain) for domain in (*domains, "")}
    judged = view.lights((by_code[code], figure, places[domain]) for (domain, code), figure in figures.items())
    lights = dict(zip(figures, judged, strict=True))
    return {
        "heads": [
            {"name": view.name("domain", domain), "url": place_url(places[domain], "domain")} for domain in domains
        ],
        "rows": [
            {
                "definition": definition,
                "measure": measure,
                "name": ranges.named(selection, measure),
                "url": reverse("kpi:indicator", args=[definition.code]) + query(selection, maat=measure.code),
                "cells": [
                    _cell(measure, figures.get((d, measure.code)), lights.get((d, measure.code))) for d in places
                ],
            }
            for definition, measure in measures
        ],
    }


def _cell(measure: Measure, figure: Figure | None, light: Any) -> dict[str, Any] | None:
    if figure is None:
        return None
    return {
        "figure": figure,
        "judged": light,
        "light": light_html(light, True) if light.state != "geen-kader" else "",
        "value": value_text(figure.value, measure.unit),
        "parts": parts_text(figure.numerator, figure.denominator, measure),
    }


def delivery_forms(view: View, selection: Selection) -> dict[str, Any] | None:
    """What was granted in the domain by delivery form, from the catalogue; clients can have several and are not added.

    Source: requirements D-09: messages carry care in kind only, and without a source it is not 0 but unknown.
    """
    found = selectors.figures_by(
        view.scope, view.run, selection.at(domain=""), "product", ["toegekend"], [selection.period.label]
    )
    forms = _forms(selection.domain)
    sums: dict[str, list[float]] = {}
    for product, figure in found:
        if product in forms:
            total = sums.setdefault(forms[product] or NO_SOURCE, [0, 0])
            total[0] += figure.value
            total[1] += 1
    if not sums:
        return None
    whole = sum(amount for amount, _ in sums.values())
    return {
        "id": "leveringsvormen",
        "title": "Leveringsvormen",
        "lead": "Volgens de productcatalogus. Het berichtenverkeer gaat over zorg in natura; "
        "een persoonsgebonden budget staat hier alleen als het als product is opgenomen.",
        "heads": (
            "Leveringsvorm",
            cells.of_measure(MEASURES["toegekend"], "Toegekend bedrag"),
            cells.in_unit("Deel", Unit.PERCENT),
            "Producten",
        ),
        "rows": [
            {
                "name": FORMS.get(form.lower(), form),
                "cells": [
                    cells.Quantity(amount, Unit.EURO),
                    cells.share(amount, whole),
                    cells.count(int(products)),
                ],
            }
            for form, (amount, products) in sorted(sums.items(), key=lambda item: -item[1][0])
        ],
    }


def _forms(domain: str) -> dict[str, str]:
    """The latest delivery form of each product of a domain."""
    rows = Product.objects.filter(domain=domain).order_by("valid_from")
    found = rows.values_list("wet", "category", "code", "delivery_form")
    return {f"{wet}:{category}:{code}": form for wet, category, code, form in found}
