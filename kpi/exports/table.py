"""A table on its way to a file: cells are texts or numbers that still know their unit."""

from dataclasses import dataclass

from kpi.calc.definition import Definition, Measure, Unit


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it is stored: a share as a fraction, an amount in eurocents, a duration in days."""

    value: float
    unit: Unit


Cell = str | int | Quantity | None


@dataclass(frozen=True)
class Table:
    """``name`` is for file names, ``title`` for readers; ``measures`` are those with a figure in the rows."""

    name: str
    title: str
    heads: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    measures: list[tuple[Definition, Measure]]


def parts(measure: Measure, numerator: int | None, denominator: int | None) -> tuple[Cell, Cell]:
    """Numerator and denominator, each an amount or a number of cases."""
    euro_top, euro_bottom = measure.of_money or measure.unit == Unit.EURO, measure.of_money
    return (
        Quantity(numerator, Unit.EURO) if euro_top and numerator is not None else numerator,
        Quantity(denominator, Unit.EURO) if euro_bottom and denominator is not None else denominator,
    )
