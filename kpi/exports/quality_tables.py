"""The tables of the data-quality page as tables of a file: made of what the page itself is given to show."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kpi.calc.definition import Unit
from kpi.cells import Quantity, in_unit
from kpi.exports.table import Cell, Table
from messaging.quality_tables import Row, Told

Context = Mapping[str, Any]
PGB_HEADS = ("Code", "Gemeente", "Lopende besluiten", "Cliënten", *in_unit("Budget", Unit.EURO).in_file)


def quality(shown: Context) -> Iterator[Table]:
    """The tables in the order of the page; it has some of them only where there is something to tell."""
    yield _per_type(shown)
    if shown["several"]:
        terms = ((f"{shown['soort']} per gemeente", "In elk vak: het aantal berichten in die maand."),)
        heads = ("Code", "Gemeente", *shown["months"], "Maanden met berichten")
        title = f"{shown['soort']} per gemeente"
        yield Table("per-gemeente", title, heads, _monthly(shown["per_municipality"]), [], terms)
    if shown["unanswered"]:
        yield _unanswered(shown)
    if shown["pgb_known"]:
        yield _pgb(shown)


def _per_type(shown: Context) -> Table:
    heads, rows = ("Code", "Bericht", *shown["months"], "Berichten"), _monthly(shown["per_soort"])
    if not shown["several"]:
        title, meaning = "Aangeleverde berichten", "In elk vak: het aantal berichten in die maand."
        return Table("per-soort", title, heads, rows, [], ((title, meaning),))
    title = "Hoeveel gemeenten leveren aan"
    meaning = "In elk vak: hoeveel gemeenten in die maand berichten van die soort hadden."
    rows = [(*row, shown["shown"]) for row in rows]  # on the page it is in every cell
    return Table("per-soort", title, (*heads, "Van zoveel gemeenten"), rows, [], ((title, meaning),))


def _unanswered(shown: Context) -> Table:
    late = f"Langer dan {shown['overdue_weeks']} weken"
    rows: list[tuple[Cell, ...]] = [
        (row["name"], row["by"].capitalize(), *(_cell(row[name]) for name in ("sent", "unanswered", "overdue")))
        for row in shown["unanswered"]
    ]
    heads = ("Bericht", "Wie antwoordt", "Verstuurd", "Zonder antwoord", late)
    meaning = f"De langste termijn voor een antwoord is 20 werkdagen; na {shown['overdue_weeks']} weken is het te laat."
    return Table("zonder-antwoord", "Berichten zonder antwoord", heads, rows, [], ((late, meaning),))


def _pgb(shown: Context) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (row["code"], row["name"], _cell(row["decisions"]), _cell(row["clients"]), _cell(row["budget"], Unit.EURO))
        for row in shown["pgb"]
    ]
    terms = (
        ("PGB-besluiten", "Wat vandaag loopt, van beide wetten. Ze tellen niet mee in de indicatoren."),
        ("Geen bron", "De gemeente heeft geen besluiten aangeleverd; het kunnen er dus meer dan nul zijn."),
    )
    return Table("pgb", "PGB-besluiten", PGB_HEADS, rows, [], terms)


def _monthly(rows: Sequence[Row]) -> list[tuple[Cell, ...]]:
    return [(row.code, row.name, *(cell.count for cell in row.cells), _cell(row.total)) for row in rows]


def _cell(told: Told, unit: Unit = Unit.COUNT) -> Cell:
    """The number; its words where there is none, as on the page."""
    return told.text if told.count is None else Quantity(told.count, unit)
