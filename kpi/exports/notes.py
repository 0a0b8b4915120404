"""What a reader of an exported table must know: what was asked, of which run, by which norms and definitions."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils import formats, timezone

from kpi import narrowing, selectors
from kpi.calc.definition import Definition, Measure
from kpi.exports.table import Table
from kpi.norms import norm_text, own_period
from kpi.pages import View
from kpi.selection import Selection
from kpi.wording import LIGHT_MEANINGS, period_name, unit_name

ALL = {"domain": "alle", "municipality": "hele regio", "provider": "alle"}
FILTERS = {"domain": "Zorgdomein", "municipality": "Gemeente", "provider": "Aanbieder"}


@dataclass(frozen=True)
class Block:
    """A small table with a title."""

    title: str
    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]


def notes(
    view: View,
    selection: Selection,
    tables: Sequence[Table],
    *,
    made_at: dt.datetime,
    filters: Iterable[tuple[str, str]],
) -> list[Block]:
    """The blocks beside tables; ``filters`` are what was chosen, in words (see ``chosen``)."""
    measures = list(dict.fromkeys(item for table in tables for item in table.measures))
    blocks = [
        *_asked(tables, _about(view, tables, made_at), filters),
        Block(
            "Normen",
            ("Indicator", "Maat", "Norm", "Geldig vanaf", "Vastgesteld door", "Toelichting"),
            [_norm(view, selection, *item) for item in measures],
        ),
        Block(
            "Definities",
            ("Indicator", "Maat", "Eenheid", "Definitie", "Formule", "Hoe gemeten"),
            [_definition(*item) for item in measures],
        ),
        Block("Lichten", ("Licht", "Betekenis"), list(LIGHT_MEANINGS) if measures else []),
    ]
    return [block for block in blocks if block.rows]


def notes_of_messages(
    tables: Sequence[Table], *, made_at: dt.datetime, filters: Iterable[tuple[str, str]]
) -> list[Block]:
    """The blocks beside tables that count messages themselves, so of no run and without norms."""
    about = [
        *(("Tabel", table.title) for table in tables),
        ("Gemaakt op", _moment(made_at)),
        ("Gegevens", "Alle berichten die toen in het portaal stonden, ook die van na de laatste berekening."),
    ]
    return [block for block in _asked(tables, about, filters) if block.rows]


def _asked(
    tables: Sequence[Table], about: Iterable[tuple[str, str]], filters: Iterable[tuple[str, str]]
) -> list[Block]:
    """The blocks that stand beside tables of any kind."""
    return [
        Block("Over deze export", ("Onderwerp", "Waarde"), [*about]),
        Block("Filters", ("Filter", "Keuze"), [*filters]),
        Block("Begrippen", ("Begrip", "Betekenis"), [term for table in tables for term in table.terms]),
    ]


def _about(view: View, tables: Sequence[Table], made_at: dt.datetime) -> Iterator[tuple[str, str]]:
    run = view.run
    for table in tables:
        yield "Tabel", table.title
    yield "Gemaakt op", _moment(made_at)
    yield "Gegevens", selectors.data_status(view.scope, view.run)
    yield "Peildatum", formats.date_format(run.as_of, "j F Y")
    yield "Berekening", f"nummer {run.pk}, versie {run.code_version}"
    if run.finished_at:
        yield "Berekend op", _moment(run.finished_at)
    yield "Cliënten", "Alleen aantallen; een leeg vak is onbekend en geen nul."


def chosen(view: View, selection: Selection, sentences: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Every filter with what was chosen, and in ``sentences`` what a reader must know of how they were followed."""
    yield "Periode", period_name(selection.period)
    for dimension, name in FILTERS.items():
        code = selection.chosen.get(dimension)
        yield name, f"{view.name(dimension, code)} ({code})" if code else ALL[dimension]
    yield from narrowing.words_by_filter(view.scope, view.run, selection).items()
    for sentence in sentences:
        yield "Let op", sentence
    now = f"van nu ({formats.date_format(view.book.now, 'j F Y')})"
    yield "Norm", now if selection.norm_of_now else "van de periode zelf"


def _norm(view: View, selection: Selection, definition: Definition, measure: Measure) -> tuple[str, ...]:
    own = own_period(selection, measure)
    norm = view.book.version(measure.code, own)
    if norm is None:
        without = view.book.obstacle(measure, own) or "geen norm vastgesteld"
        return _name(definition), measure.name, without, "", "", ""
    since = formats.date_format(norm.valid_from, "j F Y")
    return _name(definition), measure.name, norm_text(norm, measure), since, norm.decided_by, norm.reason


def _definition(definition: Definition, measure: Measure) -> tuple[str, ...]:
    words = (definition.definition, definition.formula, definition.how_measured)
    return _name(definition), measure.name, unit_name(measure), *words


def _name(definition: Definition) -> str:
    return f"{definition.number}. {definition.name}"


def _moment(moment: dt.datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "j F Y H:i")
