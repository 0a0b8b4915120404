"""A few providers side by side: the sixteen indicators as rows, providers as columns, beside the whole they are in."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import QueryDict
from django.urls import reverse

from kpi.pages import View, headlines, indicator_rows, query
from kpi.selection import Selection

MOST = 5
WHOLE = "Alle aanbieders samen"


def chosen_providers(asked_for: QueryDict) -> list[str]:
    """The AGB codes that a query names, each once, in its order; also those beyond ``MOST``."""
    return list(dict.fromkeys(filter(None, asked_for.getlist("aanbieder"))))


def columns(view: View, selection: Selection, providers: Sequence[str]) -> list[tuple[str, list[dict[str, Any]]]]:
    """A name with its rows per provider, and the same for all providers of the selection together."""
    places = [(view.name("provider", code), selection.at(provider=code)) for code in providers]
    view.prepare([measure for _, measure in headlines()], [place for _, place in places])
    return [(name, indicator_rows(view, place, headlines())) for name, place in [*places, (WHOLE, selection)]]


def page(view: View, selection: Selection, providers: Sequence[str]) -> dict[str, Any]:
    """Context of the page; without providers there is no table."""
    compared = columns(view, selection, providers) if providers else []
    return {
        "heads": [_head(view, selection, code, providers) for code in providers],
        "whole": WHOLE,
        "rows": [{"own": rows[-1], "cells": rows} for rows in zip(*(rows for _, rows in compared), strict=True)],
        "caption": f"Indicatoren naast elkaar: {view.title(selection)}",
        "list_url": reverse("kpi:providers") + query(selection),
    }


def _head(view: View, selection: Selection, code: str, providers: Sequence[str]) -> dict[str, str]:
    return {
        "name": view.name("provider", code),
        "url": reverse("kpi:provider", args=[code]) + query(selection),
        "without_url": address([other for other in providers if other != code], kept_fields(selection)),
    }


def address(providers: Sequence[str], kept: Sequence[tuple[str, str]] = ()) -> str:
    """The comparison of these providers, with other fields of the query."""
    return f"{reverse('kpi:compare')}?{urlencode([*kept, *(('aanbieder', code) for code in providers)])}"


def kept_fields(selection: Selection) -> list[tuple[str, str]]:
    """The selection as fields of a query, without a provider."""
    return parse_qsl(query(selection, without=["provider"])[1:])


def remark(providers: Sequence[str]) -> str:
    """What is wrong with a choice, in words; empty when nothing is."""
    if len(providers) > MOST:
        return f"U koos {len(providers)} aanbieders. Naast elkaar passen er {MOST}; hieronder staan de eerste {MOST}."
    return "" if len(providers) > 1 else "Kies in de lijst van aanbieders twee tot vijf aanbieders om te vergelijken."
