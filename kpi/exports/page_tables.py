"""The tables of a page as tables of a file: made of what the page itself is given to show, so of nothing else.

Every function takes what a page shows and yields its tables in the order of the page; ``name`` of a table is what an
address calls it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kpi import cells
from kpi.calc.checks import CHECKS
from kpi.calc.definition import Definition, Measure, Unit
from kpi.calc.indicators import DEFINITIONS
from kpi.cells import Column, file_cells, file_heads
from kpi.exports import tables
from kpi.exports.table import Cell, Table
from kpi.lights import Shown
from kpi.pages import View
from kpi.selection import Selection
from kpi.wording import unit_name

Context = Mapping[str, Any]
Layout = Sequence[tuple[str | Column, str]]  # a column with the name of its cells in a row
DEFINED = {measure.code: (definition, measure) for definition in DEFINITIONS for measure in definition.measures}
CLOCK: Layout = (
    ("Termijn", "name"),
    (cells.in_unit("Binnen de norm", Unit.PERCENT), "within"),
    ("Gemiddeld", "mean"),
    ("Mediaan", "median"),
    ("Eenheid", "unit"),
    ("Aantal", "count"),
)
LATE: Layout = (
    ("Code", "code"),
    ("Naam", "name"),
    (cells.in_unit("Binnen de norm", Unit.PERCENT), "within"),
    ("Te laat", "late"),
    ("Aantal", "count"),
)
CHANGED: Layout = (
    ("Code", "code"),
    ("Waar", "name"),
    ("Soort", "kind"),
    ("Maat", "measure"),
    (Column("Was", ("Licht was", "Zekerheid was")), "was"),
    (Column("Is", ("Licht is", "Zekerheid is")), "now"),
    (Column("Waarde", ("Waarde was", "Waarde is")), "values"),
)
KRALJIC: Layout = (
    ("AGB-code", "agb"),
    ("Aanbieder", "name"),
    (cells.in_unit("Uitgaven 12 maanden", Unit.EURO), "spend"),
    (cells.in_unit("Aandeel", Unit.PERCENT), "share"),
    ("Leveringsrisico", "risk"),
    ("Voorstel", "proposed"),
    ("Opmerking", "remark"),
    (Column("Zelfde klasse", ("Kwartalen met dezelfde klasse", "Kwartalen vergeleken")), "stable"),
    ("Besluit", "decided"),
    ("Opnieuw bekijken op", "review_day"),
)
COUNTED: Layout = (
    ("Gecontroleerd", "examined"),
    ("Gevonden", "wrong"),
    (cells.in_unit("Deel", Unit.PERCENT), "share"),
    ("Gemeente herstelt", "by_municipality"),
    ("Aanbieder herstelt", "by_provider"),
)
KRALJIC_TERMS = (
    ("Voorstel", "De klasse die uit de berekening volgt; een contractmanager besluit."),
    ("Aandeel", "De uitgaven van de aanbieder als deel van alle uitgaven in 12 maanden tot de peildatum."),
    ("Leveringsrisico", "Van 0 (goed te vervangen) tot 1 (niet te vervangen)."),
    ("Zelfde klasse", "In hoeveel van de kwartalen ervoor de berekening dezelfde klasse gaf als nu."),
)


def overview(view: View, selection: Selection, shown: Context) -> Iterator[Table]:
    yield tables.indicators(view, selection, shown["rows"])
    yield from _changes(shown["changes"])
    if shown["work_list"]:
        yield breakdown(shown["work_list"])


def provider(view: View, selection: Selection, shown: Context) -> Iterator[Table]:
    yield tables.indicators(view, selection, shown["rows"])
    yield from map(breakdown, shown["tables"])
    if shown["outliers"]:
        yield breakdown(shown["outliers"])
    yield from _clock(shown["clock"])
    if shown["kraljic"]:
        places = (("Waar", "place"), *(column for column in KRALJIC if column[1] not in ("agb", "name")))
        yield listed("kraljic", "Plaats in de Kraljic-matrix", places, shown["kraljic"], terms=KRALJIC_TERMS)


def municipality(view: View, selection: Selection, shown: Context) -> Iterator[Table]:
    if "rows" not in shown:
        yield from map(breakdown, filter(None, shown["tables"]))
        return
    yield tables.indicators(view, selection, shown["rows"])
    yield from _changes(shown["changes"])
    yield from _charts(shown["band"])
    yield breakdown(shown["inflow"]["table"])
    yield from _charts(shown["inflow"]["panels"], shown["costs"])
    yield from _clock(shown["clock"])
    if shown["providers"]:
        yield breakdown(shown["providers"])


def domain(view: View, selection: Selection, shown: Context) -> Iterator[Table]:
    if "matrix" in shown:
        yield _side_by_side(view, selection, shown["matrix"])
        return
    yield tables.indicators(view, selection, shown["rows"])
    yield from _changes(shown["changes"])
    yield from _charts(shown["course"])
    yield from map(breakdown, shown["tables"])


def referrers(view: View, selection: Selection, shown: Context) -> Iterator[Table]:
    if "tables" in shown:
        first, *others = shown["tables"]
        yield breakdown(first)
        yield from _charts(shown["panels"])
        yield from map(breakdown, others)


def monitor(view: View, selection: Selection, shown: Context) -> Iterator[Table]:
    for clock in shown["clocks"]:
        yield from _clock(clock)
        if clock["late"]:
            title = f"{clock['title']} die het minst op tijd zijn"
            yield listed(f"laat-{clock['id']}", title, LATE, clock["late"])
    yield from _charts(shown["course"])


def spread(view: View, selection: Selection, shown: Context) -> Iterator[Table]:
    if "table" in shown:
        yield breakdown({**shown["table"], "title": shown["chart"].title})


def kraljic(shown: Context) -> Iterator[Table]:
    yield listed("aanbieders", f"Kraljic, aanbieders: {shown['place']}", KRALJIC, shown["rows"], terms=KRALJIC_TERMS)
    parts = [Column(head, (head, f"{head} (procent)")) for head in ("Voorstel", "Geldt nu", "In het memo")]
    rows = [file_cells(["Klasse", *parts], (name, *_pairs(numbers))) for name, *numbers in shown["counts"]]
    yield Table("verdeling", "Verdeling over de klassen", file_heads(["Klasse", *parts]), rows, [])
    if shown["near"]:
        near = (*KRALJIC[:2], ("Voorstel", "proposed"), ("Welke grens", "borders"), KRALJIC[7])
        yield listed("grens", "Dicht bij een grens", near, shown["near"])
    if shown["moved"]:
        heads = ("AGB-code", "Aanbieder", "Nu", *shown["quarters"])
        moved = [
            (row["agb"], row["name"], row["proposed"], *(quadrant for _, quadrant in row["earlier"]))
            for row in shown["moved"]
        ]
        filled = [(*row, *[None] * (len(heads) - len(row))) for row in moved]
        yield Table("gewisseld", "Van klasse gewisseld", heads, filled, [])


def findings(shown: Context) -> Iterator[Table]:
    terms = tuple((check.name, check.meaning) for check in CHECKS)
    named = [{**row, "code": row["check"].code, "name": row["check"].name} for row in shown["rows"]]
    columns = (("Code", "code"), ("Bevinding", "name"), *COUNTED)
    yield listed("controles", "Wat is gecontroleerd", columns, named, terms=terms)
    heads = ("Code", "Bevinding", *shown["months"])
    monthly = [(row["code"], row["name"], *row["months"]) for row in named]
    yield Table("per-maand", "Gevonden per maand", heads, monthly, [])
    for name, head in (("municipalities", "Gemeente"), ("providers", "Aanbieder")):
        if shown[name]:
            columns = (("Code", "code"), (head, "name"), ("Score", "score"), *COUNTED, ("Meest gevonden", "most"))
            yield listed(f"per-{head.lower()}", f"Per {head.lower()}", columns, shown[name])


def breakdown(table: Context) -> Table:
    """A table of heads and rows with a name and cells; with the code of each row where it has one."""
    rows, heads = table["rows"], [*table["heads"]]
    lines = [[row["name"], *row["cells"]] for row in rows]
    if any("of" in row for row in rows):  # each row has a unit of its own
        heads.append("Eenheid")
        lines = [[*line, unit_name(row["of"])] for line, row in zip(lines, rows, strict=True)]
    if any("code" in row for row in rows):
        heads.insert(0, "Code")
        lines = [[row.get("code"), *line] for line, row in zip(lines, rows, strict=True)]
    measures = [head.measure for head in heads if isinstance(head, Column) and head.measure]
    found = [file_cells(heads, line) for line in lines]
    return Table(
        table["id"], table["title"], file_heads(heads), found, _defined([*measures, *_measures_of(table["rows"])])
    )


def listed(
    name: str,
    title: str,
    layout: Layout,
    rows: Sequence[Context],
    *,
    terms: tuple[tuple[str, str], ...] = (),
) -> Table:
    """Rows with named cells, laid out in columns."""
    heads = [head for head, _ in layout]
    found = [file_cells(heads, [row[key] for _, key in layout]) for row in rows]
    return Table(name, title, file_heads(heads), found, _defined(_measures_of(rows)), terms)


def _charts(*charts: Any) -> Iterator[Table]:
    """The tables beside charts; a chart may not be there, or have its table elsewhere on the page."""
    for chart in charts:
        if chart and chart.heads:
            rows = [file_cells(chart.heads, (head, *line)) for head, line in chart.rows]
            measures = [head.measure for head in chart.heads if isinstance(head, Column) and head.measure]
            yield Table(chart.id, chart.title, file_heads(chart.heads), rows, _defined(measures))


def _changes(shown: Context) -> Iterator[Table]:
    if shown["rows"]:
        rows = [{**row, "unit": unit_name(row["of"])} for row in shown["rows"]]
        title = f"Veranderde lichten: {shown['now']} naast {shown['before']}"
        yield listed("veranderd", title, (*CHANGED, ("Eenheid", "unit")), rows)


def _clock(clock: Context) -> Iterator[Table]:
    if clock["rows"]:
        rows = [{**row, "unit": unit_name(row["of"])} for row in clock["rows"]]
        yield listed(f"klok-{clock['id']}", f"Termijnen: {clock['title'].lower()}", CLOCK, rows)


def _side_by_side(view: View, selection: Selection, matrix: Context) -> Table:
    """The indicators as rows, with four columns per care domain and for all of them together."""
    light = tables.with_norm(selection, "licht")
    names = [*(head["name"] for head in matrix["heads"]), "Alles samen"]
    heads = [f"{name}: {part}" for name in names for part in ("waarde", light, "teller", "noemer")]
    found = [(row["definition"], row["measure"]) for row in matrix["rows"]]
    rows: list[tuple[Cell, ...]] = [
        (definition.number, definition.name, row["name"], unit_name(measure), *_judged(measure, row["cells"]))
        for (definition, measure), row in zip(found, matrix["rows"], strict=True)
    ]
    title = f"Zorgdomeinen naast elkaar: {view.title(selection)}"
    return Table("zorgdomeinen", title, ("Nummer", "Indicator", "Maat", "Eenheid", *heads), rows, found)


def _judged(measure: Measure, row: Sequence[Context | None]) -> Iterator[Cell]:
    for cell in row:
        if cell is None:
            yield from (None, None, None, None)
        else:
            light: Shown = cell["judged"]
            yield from (cells.value(measure, cell["figure"]), tables.light_text(light))
            yield from cells.parts(measure, cell["figure"])


def _pairs(numbers: Sequence[Any]) -> Iterator[cells.Parted]:
    """Every number with its share, for a column of both."""
    for number, share in zip(numbers[::2], numbers[1::2], strict=True):
        yield cells.Parted(str(number), (number, *(share.parts if share else (None,))))


def _measures_of(rows: Sequence[Context]) -> list[Measure]:
    return [row["of"] for row in rows if "of" in row]


def _defined(measures: Sequence[Measure]) -> list[tuple[Definition, Measure]]:
    """The measures with their definitions, each once."""
    return [DEFINED[code] for code in dict.fromkeys(measure.code for measure in measures) if code in DEFINED]
