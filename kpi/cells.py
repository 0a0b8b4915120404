"""What stands in the tables of a page: each cell is one value, a text on the page and a number in a file.

So that a file cannot say anything else than its page. A missing value is None and never 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kpi.calc.definition import Measure, Unit
from kpi.lights import Shown, light_html
from kpi.selectors import Figure
from kpi.wording import UNIT_NAMES, parts_text, unit_name, value_text

NOTHING = "–"
COLOURED = ("op-norm", "let-op", "buiten-norm")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it is stored: a share as a fraction, an amount in eurocents, a duration in days."""

    value: float
    unit: Unit

    def __str__(self) -> str:
        return value_text(self.value, self.unit)


Single = str | int | Quantity | None


@dataclass(frozen=True, slots=True)
class Parted:
    """What is one text on a page (safe HTML or plain) and takes several columns in a file."""

    text: str
    parts: tuple[Single, ...]

    def __str__(self) -> str:
        return self.text


Cell = Single | Parted


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head on a page, and those of the columns that it takes in a file.

    ``measure``: the one whose figures stand in it, so that a file can say what it means.
    """

    head: str
    in_file: tuple[str, ...]
    measure: Measure | None = None

    def __str__(self) -> str:
        return self.head


def in_unit(head: str, unit: Unit = Unit.COUNT) -> Column:
    """A column of numbers of one unit, which a file names in its head."""
    return Column(head, (head if unit == Unit.COUNT else f"{head} ({UNIT_NAMES[unit]})",))


def of_measure(measure: Measure, head: str = "") -> Column:
    """A column with the values of a measure."""
    name = head or measure.name
    return Column(name, (f"{name} ({unit_name(measure)})",), measure)


def with_parts(measure: Measure, head: str = "") -> Column:
    """A column with the values of a measure and the numbers behind them."""
    name = head or measure.name
    return Column(name, (f"{name} ({unit_name(measure)})", f"{name}: teller", f"{name}: noemer"), measure)


def in_parts(head: str, *parts: str) -> Column:
    """A column that takes one column per part in a file."""
    return Column(head, tuple(f"{head}: {part}" for part in parts))


LIGHT = Column("Licht", ("Licht", "Zekerheid"))
PARTS = Column("Teller / noemer", ("Teller", "Noemer"))


def value(measure: Measure, figure: Figure | None) -> Quantity | None:
    return Quantity(figure.value, measure.unit) if figure else None


def parts(measure: Measure, figure: Figure | None) -> tuple[Single, Single]:
    """Numerator and denominator of a figure, each an amount or a number of cases."""
    return numbers(measure, figure.numerator, figure.denominator) if figure else (None, None)


def numbers(measure: Measure, numerator: int | None, denominator: int | None) -> tuple[Single, Single]:
    """The same of numbers that are not a figure."""
    euro_top, euro_bottom = measure.of_money or measure.unit == Unit.EURO, measure.of_money
    return (
        Quantity(numerator, Unit.EURO) if euro_top and numerator is not None else numerator,
        Quantity(denominator, Unit.EURO) if euro_bottom and denominator is not None else denominator,
    )


def parts_cell(measure: Measure, figure: Figure | None) -> Parted | None:
    """Numerator / denominator; nothing without a denominator."""
    text = parts_text(figure.numerator, figure.denominator, measure) if figure else ""
    return Parted(text, parts(measure, figure)) if text else None


def figure_cell(measure: Measure, figure: Figure | None) -> Parted | None:
    """A value with the numbers behind it, for a column ``with_parts``."""
    if figure is None:
        return None
    text, behind = value_text(figure.value, measure.unit), parts_text(figure.numerator, figure.denominator, measure)
    return Parted(f"{text} ({behind})" if behind else text, (value(measure, figure), *parts(measure, figure)))


def light_cell(light: Shown) -> Parted:
    """A light for the column LIGHT: a sign with its word; in a file its word, and whether it may be chance."""
    return Parted(light_html(light, True), light_words(light))


def light_words(light: Shown) -> tuple[str, str]:
    """The word of a light, and whether its colour may be chance."""
    return light.word, ("kan toeval zijn" if light.doubt else "zeker") if light.state in COLOURED else ""


def share(part: float, whole: float) -> Quantity | None:
    """A part of a whole; nothing to say of a whole that is not above 0."""
    return Quantity(part / whole, Unit.PERCENT) if whole > 0 else None


def rounded(value: float, unit: Unit) -> Quantity:
    """A share of others in no more decimals than a page shows: a file must not tell the counts behind it better."""
    return Quantity(round(value, 3), unit)


def count(number: int) -> Quantity:
    return Quantity(number, Unit.COUNT)


def file_heads(heads: Sequence[str | Column]) -> tuple[str, ...]:
    """The heads of the columns that these take in a file."""
    return tuple(name for head in heads for name in (head.in_file if isinstance(head, Column) else (head,)))


def file_cells(heads: Sequence[str | Column], cells: Sequence[Cell]) -> tuple[Single, ...]:
    """The cells of a row, one per column of a file."""
    found: list[Single] = []
    for head, cell in zip(heads, cells, strict=True):
        width = len(head.in_file) if isinstance(head, Column) else 1
        found += cell.parts if isinstance(cell, Parted) else (cell, *[None] * (width - 1))
    return tuple(found)
