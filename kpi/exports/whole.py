"""All stored values of some periods, row by row: far more than a page shows, so nothing holds them at once."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from django.db.models import QuerySet

from accounts.scope import Scope
from kpi import selectors
from kpi.calc.definition import Definition, Measure
from kpi.calc.indicators import DEFINITIONS
from kpi.calc.scopes import DIMENSIONS
from kpi.cells import Quantity, numbers
from kpi.exports.table import Cell, Table
from kpi.models import Run, Value
from kpi.selection import Selection
from kpi.wording import unit_name

HEADS = (
    *("Nummer", "Indicator", "Maat", "Periode", "Niveau", "Zorgdomein", "Gemeentecode", "Gemeente", "AGB-code"),
    *("Aanbieder", "Product", "Verwijzer", "Leveringsvorm", "Onderdeel", "Waarde", "Eenheid", "Teller", "Noemer"),
)
LEVELS = {
    "domain": "zorgdomein",
    "municipality": "gemeente",
    "provider": "aanbieder",
    "product": "product",
    "referrer": "verwijzer",
    "delivery_form": "leveringsvorm",
}
FIELDS = ("measure", "period", "scope", *DIMENSIONS, "detail", "value", "numerator", "denominator")
MEASURES: list[tuple[Definition, Measure]] = [(found, measure) for found in DEFINITIONS for measure in found.measures]
CHUNK = 2000  # rows that are read at a time
Item = TypeVar("Item")


def stored(scope: Scope, run: Run, labels: Iterable[str], selection: Selection) -> QuerySet[Value]:
    """The values of periods that a scope may see, in every level that has what was chosen; none added up."""
    if selection.contradicts:
        return Value.objects.none()
    codes = [measure.code for _, measure in MEASURES]
    within = {f"{dimension}__in": values for dimension, values in selection.sets.items()}
    return selectors.in_scope(scope, run).filter(
        period__in=list(labels), measure__in=codes, **selection.chosen, **within
    )


def table(title: str) -> Table:
    """What the rows are called, without the rows."""
    return Table("alle-cijfers", title, HEADS, [], MEASURES)


def rows(values: QuerySet[Value]) -> Iterator[tuple[Cell, ...]]:
    """The cells of each value, in the order of measure, period and place."""
    line = _lines()
    ordered = values.order_by("measure", "period", "scope", *DIMENSIONS, "detail").values_list(*FIELDS)
    for row in ordered.iterator(CHUNK):
        yield line(row)


def totals(scope: Scope, run: Run, selection: Selection) -> Iterator[tuple[Cell, ...]]:
    """The cells of each total over the range of months of a selection, one measure in memory at a time."""
    line = _lines()
    for _, measure in MEASURES:
        for place, found in selectors.totals(scope, run, selection, measure.code):
            where = (place["scope"], *(place[name] for name in DIMENSIONS))
            numbers_of = (found.value, found.numerator, found.denominator)
            yield line((measure.code, found.period, *where, found.detail, *numbers_of))


def _lines() -> Callable[[tuple[Any, ...]], tuple[Cell, ...]]:
    """A function that makes the cells of a value of its ``FIELDS``."""
    names, products = selectors.names(), selectors.product_names()
    by_code = {measure.code: (definition, measure) for definition, measure in MEASURES}

    def line(row: tuple[Any, ...]) -> tuple[Cell, ...]:
        code, period, scope, domain, town, provider, product, referrer, form, detail, *amounts = row
        definition, measure = by_code[code]
        value, numerator, denominator = amounts
        return (
            *(definition.number, definition.name, measure.name, period, level(scope)),
            names["domain"].get(domain, domain),
            *(town, names["municipality"].get(town, ""), provider, names["provider"].get(provider, "")),
            *(products.get(product, product), referrer, form, detail),
            *(Quantity(float(value), measure.unit), unit_name(measure), *numbers(measure, numerator, denominator)),
        )

    return line


def level(scope: str) -> str:
    """The dimensions of a scope in Dutch."""
    return " × ".join(LEVELS.get(name, "regio") for name in scope.split("+"))


def with_progress(items: Iterable[Item], tell: Callable[[int], Any]) -> Iterator[Item]:
    """The items, while ``tell`` hears how many there have been."""
    for number, item in enumerate(items, start=1):
        yield item
        if number % CHUNK == 0:
            tell(number)
