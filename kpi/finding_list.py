"""The single findings behind a count, under pseudonyms, with the message that must be repaired."""

from typing import Any

import pandas as pd
from django.urls import reverse

from kpi import as_of
from kpi.calc.checks import Check
from kpi.calc.findings import findings
from kpi.calc.frames import NO_NUMBER, to_date
from kpi.calc.state import State
from kpi.client_page import pseudonym
from kpi.exports.table import Cell, Table
from kpi.findings_page import Question, repairs
from messaging.presenters import SOORT_NAMES

SHOWN = 500
HEADS = ("Dag", "Bericht", "Kenmerk", "Toewijzing", "Cliënt", "Gemeente", "Aanbieder", "Wie herstelt")


def rows_of(question: Question, check: Check, state: State) -> list[dict[str, Any]]:
    """The findings of one check in a selection, the latest first, as texts."""
    found = findings(state, [check])
    period = question.selection.period
    found = found[(found["day"] >= period.first) & (found["day"] <= period.last)]
    for name in ("municipality", "provider"):
        code = question.selection.chosen.get(name)
        if code:
            found = found[found[name] == code]
    found = found[found["municipality"].map(question.scope.allows).astype(bool)]
    return [_row(question, row) for row in _with_message(found, state).itertuples(index=False)]


def page(question: Question, check: Check, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """What the page of a list needs."""
    return {
        "check": check,
        "repairs": repairs(check),
        "heads": HEADS,
        "count": len(rows),
        "rows": rows[:SHOWN],
        "shown": SHOWN,
        "run": question.run,
    }


def table(check: Check, rows: list[dict[str, Any]]) -> Table:
    """All rows, on their way to a file."""
    names = ("day", "soort", "reference", "number", "client", "municipality", "provider", "party")
    lines: list[tuple[Cell, ...]] = [tuple(str(row[name]) for name in names) for row in rows]
    terms = ((check.name, check.meaning), *((f"{check.name}: {party}", how) for party, how in repairs(check)))
    return Table("lijst", check.name, HEADS, lines, [], terms)


def _with_message(found: pd.DataFrame, state: State) -> pd.DataFrame:
    """The findings with type and reference of their message; empty for what is missing altogether."""
    columns = state.records.messages[["message_id", "soort", "identificatie"]]
    joined = found.merge(columns.astype({"soort": "str", "identificatie": "str"}), on="message_id", how="left")
    return joined.assign(soort=joined["soort"].fillna(""), identificatie=joined["identificatie"].fillna(""))


def _row(question: Question, row: Any) -> dict[str, Any]:
    key = pseudonym(row.client) if row.client else ""
    known = f"?{as_of.PARAMETER}={question.selection.known_on}" if question.selection.known_on else ""
    return {
        "day": to_date(row.day).strftime("%d-%m-%Y"),
        "soort": SOORT_NAMES.get(row.soort, row.soort),
        "reference": row.identificatie,
        "number": "" if row.toewijzing_nummer == NO_NUMBER else str(row.toewijzing_nummer),
        "client": key,
        "url": reverse("kpi:client", args=[key]) + known if key else "",
        "municipality": question.name("municipality", row.municipality),
        "provider": question.name("provider", row.provider),
        "party": row.party,
    }
