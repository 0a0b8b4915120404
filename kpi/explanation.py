"""Explaining a figure: its formula with the numbers filled in, the cases behind it, the messages behind a case."""

from typing import Any

import pandas as pd
from django.urls import reverse

from accounts.scope import Scope
from kpi import selectors
from kpi.actions import state_on
from kpi.calc.allocations import KEY
from kpi.calc.definition import Definition, Measure
from kpi.calc.explain import cases_behind
from kpi.calc.frames import NO_DAY, NO_NUMBER, to_date
from kpi.calc.returns import accepted
from kpi.calc.state import State
from kpi.lights import light_html
from kpi.models import Basis, Run
from kpi.norms import Applied, own_period
from kpi.pages import View, query
from kpi.selection import Selection
from kpi.wording import parts_text, value_text
from messaging.presenters import SOORT_NAMES

SHOWN_CASES = 500
RECORDS = {"301": "toewijzingen", "305": "starts", "307": "stops", "315": "verzoeken"}


def of_figure(view: View, selection: Selection, definition: Definition, measure: Measure) -> dict[str, Any]:
    """The figure, its formula and its cases; ``cases`` is None for a measure that is no sum of cases."""
    figure = next(
        iter(selectors.figures(view.scope, view.run, selection, [measure.code], [selection.period.label])), None
    )
    found = cases_behind(state_on(view.run.as_of), measure.code, selection.period, selection.chosen)
    applied = view.applied(measure, selection)
    return {
        "definition": definition,
        "measure": measure,
        "value": value_text(figure.value, measure.unit) if figure else "geen waarde",
        "parts": parts_text(figure.numerator, figure.denominator, measure) if figure else "",
        "norm": applied,
        "compared": _compared(view, selection, measure, applied),
        "light": light_html(view.light(measure, figure, selection)),
        "run": view.run,
        "count": 0 if found is None else len(found),
        "sums": None if found is None else _sums(found, measure),
        "agrees": found is not None and _agrees(found, figure),
        "cases": None if found is None else [_case(view, row, measure) for row in _rows(found.head(SHOWN_CASES))],
        "more": found is not None and len(found) > SHOWN_CASES,
        "back": reverse("kpi:indicator", args=[definition.code]) + query(selection, maat=measure.code),
    }


def _compared(view: View, selection: Selection, measure: Measure, applied: Applied | None) -> str:
    """What a relative norm is a difference with; the region's figure only for who may see the region."""
    if applied is None or applied.absolute:
        return ""
    if applied.version.basis == Basis.REGION and not view.scope.region:
        return ""
    found = view.resolver.compared(measure, own_period(selection, measure), applied.version)
    return (
        f"{value_text(found.value, measure.unit)} {parts_text(found.numerator, found.denominator, measure)}"
        if found
        else ""
    )


def _rows(frame: pd.DataFrame) -> list[Any]:
    return list(frame.itertuples(index=False))


def _sums(found: pd.DataFrame, measure: Measure) -> str:
    top, bottom = int(found["numerator"].sum()), int(found["denominator"].sum())
    return parts_text(top, bottom, measure) if bottom else value_text(top, measure.unit)


def _agrees(found: pd.DataFrame, figure: selectors.Figure | None) -> bool:
    if figure is None:
        return len(found) == 0
    top, bottom = int(found["numerator"].sum()), int(found["denominator"].sum())
    return figure.numerator in (None, top) and figure.denominator in (None, bottom)


def _case(view: View, row: Any, measure: Measure) -> dict[str, Any]:
    return {
        "client": pseudonym(row.client),
        "url": reverse("kpi:client", args=[pseudonym(row.client)]) if row.client else "",
        "number": "" if row.toewijzing_nummer == NO_NUMBER else row.toewijzing_nummer,
        "municipality": view.name("municipality", row.municipality),
        "provider": view.name("provider", row.provider),
        "product": row.product,
        "day": to_date(row.day),
        "parts": parts_text(row.numerator, row.denominator, measure)
        if row.denominator
        else value_text(row.numerator, measure.unit),
    }


def pseudonym(client: int) -> str:
    """A client's key as sixteen characters, for addresses and tables."""
    return f"{client & 0xFFFFFFFFFFFFFFFF:016x}"


def client_of(text: str) -> int:
    """The key that ``pseudonym`` wrote; raises ValueError."""
    number = int(text, 16)
    return number - 2**64 if number >= 2**63 else number


def of_client(scope: Scope, run: Run, client: int, names: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    """The records of a client in time order, within a scope, with why each counts or does not."""
    state = state_on(run.as_of)
    lines = [
        line
        for soort, table in RECORDS.items()
        for line in _records(state, soort, getattr(state.records, table), client)
    ]
    lines += _claims(state, client)
    seen = [line for line in lines if scope.allows(line["gemeente"])]
    for line in seen:
        line["municipality"] = names["municipality"].get(line["gemeente"], line["gemeente"])
        line["provider"] = names["provider"].get(line["aanbieder"], line["aanbieder"])
    return sorted(seen, key=lambda line: (line["datum"], line["soort"], line["what"]))


def _records(state: State, soort: str, frame: pd.DataFrame, client: int) -> list[dict[str, Any]]:
    own = frame[frame["client"] == client]
    columns = ["message_id", "wet", "gemeente", "aanbieder", "dagtekening", "link", "soort"]
    joined = own.merge(state.records.messages[columns], on="message_id")
    joined = joined[joined["soort"].astype(str) == soort].reset_index(drop=True)
    if joined.empty:
        return []
    keyed = joined.assign(position=joined.index)
    for column in ("toewijzingsdatum", "toewijzingstijd"):
        if column in keyed:
            keyed[{"toewijzingsdatum": "begindatum", "toewijzingstijd": "sleutel"}[column]] = keyed[column]
    kept = set(accepted(keyed, state.returns, soort)["position"])
    answered = set(state.returns.latest["link"])
    return [
        {
            "datum": to_date(row.dagtekening),
            "soort": soort,
            "name": SOORT_NAMES[soort],
            "gemeente": str(row.gemeente),
            "aanbieder": str(row.aanbieder),
            "number": "" if row.toewijzing_nummer == NO_NUMBER else row.toewijzing_nummer,
            "what": _what(row, soort),
            "verdict": _verdict(state, row, soort, position in kept, row.link in answered),
        }
        for position, row in enumerate(joined.itertuples(index=False))
    ]


def _what(row: Any, soort: str) -> str:
    """The record in words."""
    product = "-".join(filter(None, (str(getattr(row, "categorie", "")), str(getattr(row, "code", "")))))
    if soort == "301":
        return f"{product} vanaf {_day(row.ingangsdatum)} tot en met {_day(row.einddatum)}"
    if soort == "305":
        return f"{product} begonnen op {_day(row.begindatum)}"
    if soort == "307":
        return f"{product} geëindigd op {_day(row.einddatum)}, reden {row.reden_beeindiging}"
    return f"verzoek, verwijzer {row.verwijzer_type or 'onbekend'}"


def _verdict(state: State, row: Any, soort: str, kept: bool, answered: bool) -> str:
    """Why a record counts or does not."""
    if not kept:
        return "telt niet: afgekeurd in het retourbericht"
    if soort == "301":
        return _verdict_of_allocation(state, row)
    if soort in ("305", "307"):
        if str(row.status_aanlevering) == "3":
            return "trekt een eerdere aanlevering in"
        counted = state.starts if soort == "305" else state.stops
        if row.message_id not in set(counted["message_id"]):
            return "telt niet: ingetrokken, of zonder toewijzing of start die erbij hoort"
    return "telt" if answered else "telt; er is nog geen antwoord bekend"


def _verdict_of_allocation(state: State, row: Any) -> str:
    own = state.allocations
    same = own[
        (own[KEY[0]].astype(str) == str(row.wet))
        & (own["gemeente"].astype(str) == str(row.gemeente))
        & (own["toewijzing_nummer"] == row.toewijzing_nummer)
    ]
    if same.empty:
        return "telt niet: de toewijzing is ingetrokken"
    last = same.iloc[0]
    current = last["ingangsdatum"] == row.ingangsdatum and last["einddatum"] == row.einddatum
    return "telt: de geldende versie" if current else "een eerdere versie van de toewijzing"


def _claims(state: State, client: int) -> list[dict[str, Any]]:
    own = state.lines[state.lines["client"] == client]
    return [
        {
            "datum": to_date(row.claim_day),
            "soort": "303/323",
            "name": "Declaratie",
            "gemeente": str(row.municipality),
            "aanbieder": str(row.provider),
            "number": "" if row.toewijzing_nummer == NO_NUMBER else row.toewijzing_nummer,
            "what": f"{row.product} vanaf {_day(row.begindatum)}: {_euro(row.ingediend)}",
            "verdict": f"toegekend {_euro(row.toegekend)}" if row.answered else "er is nog geen antwoord bekend",
        }
        for row in own.itertuples(index=False)
    ]


def _euro(cents: int) -> str:
    return f"€ {cents / 100:,.2f}".replace(",", "·").replace(".", ",").replace("·", ".")


def _day(day: int) -> str:
    return "onbepaald" if day == NO_DAY else to_date(day).strftime("%d-%m-%Y")
