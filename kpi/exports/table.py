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
