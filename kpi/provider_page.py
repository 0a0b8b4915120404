"""One provider: what to talk about, its lights, products and municipalities, outliers, messages and Kraljic class."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from kpi import cells, compare, finding_selectors, findings_page, kraljic_page, monitor_page, own_figures, ranges
from kpi.amounts import amounts
from kpi.calc.checks import CHECKS
from kpi.calc.checks.frame import PROVIDER
from kpi.calc.indicators import MEASURES
from kpi.calc.periods import months_in
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
OUTLIER = "Een uitschieter duurt langer dan het derde kwartiel plus anderhalf keer de middelste helft."


def page(view: View, selection: Selection, *, lists: bool = False) -> dict[str, Any]:
    """All of one provider within a selection; about fifteen queries, whatever its size.

    ``lists``: whether to lead on to the lists of single findings, which not everybody may see.
    """
    rows = indicator_rows(view, selection, headlines())
    tables = [amounts(view, selection, "municipality"), amounts(view, selection, "product")]
    messages = selection.at(domain="", product="", referrer="", delivery_form="", among=())
    findings = [*_findings(view, messages, lists=lists)]
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
        "links": [*_onward(view, selection, messages)],
        "kraljic": kraljic_page.places(view.run, selection.provider) if view.scope.region else [],
    }


def talk(rows: list[dict[str, Any]]) -> Iterator[dict[str, str]]:
    """The lights that ask for a conversation, certain ones only, red first."""
    for word in ("Buiten norm", "Let op"):
        for item in rows:
            row = item["row"]
            name = row.measure.headline_name
            if row.light_word == word and not row.doubt:
                yield {
                    "url": item["url"],
                    "name": row.definition.name,
                    "text": f"{name[0].lower()}{name[1:]} {row.value} ({row.parts}); norm {row.norm}. "
                    f"{row.definition.how_to_steer}",
                }


def _onward(view: View, selection: Selection, messages: Selection) -> Iterator[dict[str, str]]:
    """The next questions."""
    yield {
        "url": compare.address([selection.provider], compare.kept_fields(selection)),
        "text": "Naast alle aanbieders samen",
    }
    if view.scope.region:
        yield {"url": reverse("kpi:referrers") + query(messages), "text": "Wie verwijst naar deze aanbieder"}
    yield {"url": reverse("kpi:overview") + query(selection), "text": "Alle indicatoren in het overzicht"}
    yield {"url": reverse("kpi:findings") + query(messages), "text": "Bevindingen in de berichten"}


def _findings(view: View, selection: Selection, *, lists: bool) -> Iterator[dict[str, str]]:
    """What the provider has to repair in its messages, the most frequent first."""
    labels = [month.label for month in months_in(selection.period)]
    found = finding_selectors.counts_by(view.scope, view.run, selection, "provider", labels)
    counts = found.get(selection.provider, {})
    wrong = [(counts[check.code], check) for check in CHECKS if check.code in counts and counts[check.code].by_provider]
    for count, check in sorted(wrong, key=lambda item: -item[0].by_provider)[:MOST_FINDINGS]:
        yield {
            "url": findings_page.address(check, selection, lists=lists),
            "name": check.name,
            "text": f"{number(count.by_provider)} van de {number(count.examined)} gecontroleerde. "
            f"{check.repair[PROVIDER]}",
        }


def outliers(view: View, selection: Selection) -> dict[str, Any] | None:
    """Duration and cost of the provider beside all providers of the selection; four queries at most."""
    measures = [MEASURES[code] for code, _ in SPREADS]
    alone = selection.at(instead=None)  # figures of different periods must not stand below each other
    own, beside = (own_figures.figures(view, place, measures) for place in (alone, alone.at(provider="")))
    rows = [
        {
            "of": measure,
            "name": ranges.named(alone, measure),
            "url": reverse("kpi:indicator", args=[indicator]) + query(selection, maat=code),
            "cells": [
                cells.value(measure, own.get(code)),
                cells.parts_cell(measure, own.get(code)),
                cells.value(measure, beside.get(code)),
            ],
        }
        for (code, indicator), measure in zip(SPREADS, measures, strict=True)
        if code in own or ranges.why_not(alone, measure)
    ]
    if not own:
        return None
    return {
        "id": "uitschieters",
        "title": "Duur, kosten en uitschieters",
        "lead": f"{OUTLIER} {ranges.about(alone, *measures)}".strip(),
        "heads": ("Maat", "Deze aanbieder", cells.PARTS, "Alle aanbieders"),
        "rows": rows,
    }
