"""One provider: what to talk about, its lights, products and municipalities, outliers, messages and Kraljic class."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from kpi import cells, finding_selectors, kraljic_page, monitor_page, selectors
from kpi.amounts import amounts
from kpi.calc.checks import CHECKS
from kpi.calc.checks.frame import PROVIDER
from kpi.calc.indicators import MEASURES
from kpi.calc.periods import months_in
from kpi.norms import own_period
from kpi.pages import View, headlines, indicator_rows, not_followed, query, summary
from kpi.selection import Selection
from kpi.wording import number
from kpi.worklist_page import work_list_of

SPREADS = (
    ("duur_gemiddeld", "duur"),
    ("duur_mediaan", "duur"),
    ("duur_p90", "duur"),
    ("duur_uitschieters", "duur"),
    ("kosten_per_traject", "kosten-per-traject"),
    ("kosten_per_client", "kosten-per-client"),
)
MOST_FINDINGS = 5


def page(view: View, selection: Selection) -> dict[str, Any]:
    """All of one provider within a selection; about fifteen queries, whatever its size."""
    rows = indicator_rows(view, selection, headlines())
    tables = [amounts(view, selection, "municipality"), amounts(view, selection, "product")]
    messages = selection.at(domain="", product="", referrer="", delivery_form="", among=())
    findings = [*_findings(view, messages)]
    return {
        "rows": rows,
        "caption": f"Indicatoren: {view.title(selection)}",
        "summary": summary(rows),
        "work": work_list_of(view, selection),
        "talk": [*talk(rows)],
        "findings": findings,
        "findings_note": not_followed(selection, "municipality") if findings else "",
        "tables": [table for table in tables if table],
        "outliers": outliers(view, selection),
        "clock": monitor_page.clock(view, messages, "provider"),
        "late": monitor_page.sentence(view, messages, "provider"),
        "messages_note": not_followed(selection, "municipality"),
        "monitor_url": reverse("kpi:monitor") + query(messages),
        "kraljic": kraljic_page.places(view.run, selection.provider) if view.scope.region else [],
    }


def talk(rows: list[dict[str, Any]]) -> Iterator[dict[str, str]]:
    """The lights that ask for a conversation, certain ones only, red first."""
    for word in ("Buiten norm", "Let op"):
        for item in rows:
            row = item["row"]
            if row.light_word == word and not row.doubt:
                yield {
                    "url": item["url"],
                    "name": row.definition.name,
                    "text": f"{row.measure.name.lower()} is {row.value} ({row.parts}); norm {row.norm}. "
                    f"{row.definition.how_to_steer}",
                }


def _findings(view: View, selection: Selection) -> Iterator[dict[str, str]]:
    """What the provider has to repair in its messages, the most frequent first."""
    labels = [month.label for month in months_in(selection.period)]
    found = finding_selectors.counts_by(view.scope, view.run, selection, "provider", labels)
    counts = found.get(selection.provider, {})
    wrong = [(counts[check.code], check) for check in CHECKS if check.code in counts and counts[check.code].by_provider]
    for count, check in sorted(wrong, key=lambda item: -item[0].by_provider)[:MOST_FINDINGS]:
        yield {
            "url": reverse("kpi:findings") + query(selection),
            "name": check.name,
            "text": f"{number(count.by_provider)} van de {number(count.examined)} gecontroleerde. "
            f"{check.repair[PROVIDER]}",
        }


def outliers(view: View, selection: Selection) -> dict[str, Any] | None:
    """Duration and cost of the provider beside all providers of the selection; two queries."""
    codes, whole = [code for code, _ in SPREADS], selection.at(provider="")
    labels = {own_period(selection, MEASURES[code]).period.label for code in codes}
    own, all_of_them = (
        {
            (figure.measure, figure.period): figure
            for figure in selectors.figures(view.scope, view.run, place, codes, labels)
        }
        for place in (selection, whole)
    )
    rows = []
    for code, indicator in SPREADS:
        measure = MEASURES[code]
        key = (code, own_period(selection, measure).period.label)
        if key not in own:
            continue
        figure, beside = own[key], all_of_them.get(key)
        rows.append(
            {
                "of": measure,
                "name": measure.name,
                "url": reverse("kpi:indicator", args=[indicator]) + query(selection, maat=code),
                "cells": [
                    cells.value(measure, figure),
                    cells.parts_cell(measure, figure),
                    cells.value(measure, beside),
                ],
            }
        )
    if not rows:
        return None
    return {
        "id": "uitschieters",
        "title": "Duur, kosten en uitschieters",
        "lead": "Een uitschieter duurt langer dan het derde kwartiel plus anderhalf keer de middelste helft.",
        "heads": ("Maat", "Deze aanbieder", cells.PARTS, "Alle aanbieders"),
        "rows": rows,
    }
