"""A table on its way to a file: cells are texts or numbers that still know their unit."""

from dataclasses import dataclass

from kpi.calc.definition import Definition, Measure
from kpi.cells import Single as Cell


@dataclass(frozen=True)
class Table:
    """``name`` is for file names, ``title`` for readers.

    ``measures`` are those with a figure in the rows; ``terms`` are what else in it needs a meaning, with that meaning.
    """

    name: str
    title: str
    heads: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    measures: list[tuple[Definition, Measure]]
    terms: tuple[tuple[str, str], ...] = ()
