"""A long export as a file: all values of a period, with what a reader must know beside them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

from django.utils import timezone

from accounts.scope import Scope
from kpi import as_of, narrowing, selectors
from kpi.calc.periods import RANGE
from kpi.door import Asked
from kpi.exceptions import ExportError
from kpi.exports import whole
from kpi.exports.delimited import write_csv
from kpi.exports.notes import chosen as chosen_filters
from kpi.exports.notes import notes
from kpi.exports.table import Cell
from kpi.exports.workbook import write_xlsx
from kpi.filters import PageFilter, period_of
from kpi.models import Run
from kpi.pages import PARAMETERS
from kpi.selection import Selection
from kpi.wording import period_name

WITH_PARTS = "Ook de maanden en kwartalen in deze periode"
TOTALS = (
    "Hun totaal staat er ook in, bij de periode die de eerste en de laatste maand noemt, of bij het kwartaal of jaar"
    " dat zij samen zijn. Een stand heeft geen totaal: die van de laatste maand geldt. Ook aantallen verschillende"
    " cliënten en maten voor spreiding, zoals een mediaan, worden niet opgeteld."
)
NO_FIGURES = "Er zijn geen cijfers over deze periode en deze keuze. Kies een andere periode of haal een filter weg."
NO_CHOICE = (
    "Een filter dat u koos, bestaat in de nieuwste cijfers niet meer. Kies opnieuw en vraag de export nog eens aan."
)
OTHER_RIGHTS = "Uw rechten zijn veranderd sinds u deze export vroeg. Vraag hem opnieuw aan."


def write(
    path: Path,
    *,
    kind: str,
    scope: Scope,
    period: str,
    with_parts: bool,
    chosen: dict[str, str],
    counted: Callable[[int], None],
    progress: Callable[[int], None],
) -> int:
    """Write the values of the run that was asked for and give their number.

    ``with_parts``: of the months and quarters in the period too; ``chosen``: filters as ``fields_of`` gives them.
    ``counted`` hears how many rows there will be, ``progress`` how many are done; what they raise ends the work.
    Raises ExportError when there are no figures.
    """
    question = check(scope, period, chosen)
    run, selection = question.run, question.selection
    labels = labels_within(run, period, with_parts=with_parts, since=selection.since, until=selection.until)
    over = question.page_filter.selection()
    labels = [*labels, over.period.label]  # months that make a quarter or year have that one as their total
    values = whole.stored(scope, run, labels, selection)
    total = values.count()
    if not total:
        raise ExportError(NO_FIGURES)
    counted(total)
    sums: Iterable[tuple[Cell, ...]] = ()
    if over.period.kind == RANGE:
        total += sum(1 for _ in whole.totals(scope, run, over))  # counted first: they are too many to hold
        counted(total)
        sums = whole.totals(scope, run, over)
    rows = whole.with_progress(chain(whole.rows(values), sums), progress)
    if kind == "csv":
        write_csv(path, whole.HEADS, rows)
        return total
    view = question.view()
    table = whole.table(f"Alle cijfers: {view.title(selection)}")
    sentences = remarks(selection, question.page_filter.ignored)
    filters = [*chosen_filters(view, selection, sentences), (WITH_PARTS, "ja" if with_parts else "nee")]
    blocks = notes(view, selection, [table], made_at=timezone.now(), filters=filters)
    write_xlsx(path, table, rows, blocks)
    return total


def labels_within(run: Run, period: str, *, with_parts: bool, since: str = "", until: str = "") -> list[str]:
    """The periods that the run has: the one asked, with its parts those in it, and the months of a range."""
    asked, known = period_of(period), selectors.labels_of(run)
    first = period_of(since).first if since else asked.first
    wanted = {label for label in known if label == period}
    if with_parts:
        wanted |= {label for label in known if _within(label, asked.first, asked.last)}
    if since:
        last = period_of(until).last if until else asked.last
        wanted |= {label for label in known if period_of(label).kind == "month" and _within(label, first, last)}
    return sorted(wanted)


def _within(label: str, first: int, last: int) -> bool:
    period = period_of(label)
    return first <= period.first and period.last <= last


def fields_of(selection: Selection) -> dict[str, str]:
    """What was chosen besides the period, to be kept until the export is made: filters by name."""
    months = {name: code for name, code in (("vanaf", selection.since), ("tot", selection.until)) if code}
    known_on = {as_of.PARAMETER: selection.known_on} if selection.known_on else {}
    return selection.chosen | {one.name: one.value for one in selection.among} | months | known_on


def parameters(fields: Mapping[str, str]) -> dict[str, str]:
    """The same as they stand in an address."""
    return {PARAMETERS.get(name, name): value for name, value in fields.items()}


def remarks(selection: Selection, ignored: Iterable[str], *, searched: bool = False) -> Iterator[str]:
    """What a reader must know of how an export follows the filters of the page where one came from."""
    yield from narrowing.not_followed(ignored)
    if searched:
        yield "Zoeken op naam of AGB-code geldt hier niet: alle aanbieders staan in het bestand."
    if not selection.stored or selection.contradicts:
        yield narrowing.NOT_COMPUTED
    elif selection.sets:
        names = " en ".join(narrowing.LABELS[one.name] for one in selection.among)
        yield (
            f"Bij het filter {names} staan in het bestand de regels van elk product of elke aanbieder die erbij hoort,"
            " elk apart en niet opgeteld."
        )
    if selection.since:
        first, last = (period_name(period_of(label)) if label else "" for label in (selection.since, selection.until))
        yield f"Ook de maanden vanaf {first}{f' tot en met {last}' if last else ''} staan in het bestand."
        yield TOTALS


def check(scope: Scope, period: str, chosen: Mapping[str, str]) -> Asked:
    """What was asked, as it stands today.

    Raises ExportError without figures, and for a choice that is there no more: without it they would be wider.
    """
    run = run_of(chosen)
    if period not in selectors.labels_of(run):
        raise ExportError(NO_FIGURES)
    asked = parameters(chosen) | {"periode": period}
    page_filter = PageFilter(asked, scope=scope, run=run, narrowed=True, compared=True)
    if not page_filter.form.is_valid() or page_filter.ignored:
        raise ExportError(NO_CHOICE)
    selection = page_filter.selection(total=False).at(known_on=as_of.chosen(chosen))
    if any(one.name == narrowing.COMPARED and {*one.value.split()} != one.codes for one in selection.among):
        raise ExportError(NO_CHOICE)
    return Asked(scope, run, page_filter, selection)


def run_of(chosen: Mapping[str, str]) -> Run:
    """The run whose figures were asked for. Raises ExportError when they are not there."""
    try:
        run = as_of.run_asked(chosen)
    except as_of.NoSuchRun as error:
        raise ExportError(NO_FIGURES) from error
    if run is None:
        raise ExportError(NO_FIGURES)
    return run
