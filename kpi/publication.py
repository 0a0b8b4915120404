"""From all clients counted together to what a run publishes."""

from dataclasses import replace

from kpi.calc.findings import counted
from kpi.calc.part import Part
from kpi.calc.sums import Sums
from kpi.calc.values import Asked
from kpi.kraljic import all_positions
from kpi.packing import pack
from kpi.storing import Beside


def beside(part: Part, question: Asked) -> Beside:
    """What a run has beside its values: Kraljic positions, findings, and what new messages can be added to."""
    months = [period for period in question.periods if period.kind == "month"]
    rest = pack(replace(part, sums=without_rows(part.sums)))
    return Beside(all_positions(part.spend, question.as_of), counted(part.tallies, months), rest)


def without_rows(sums: Sums) -> Sums:
    """The points alone: the sums themselves are in the table of values."""
    return replace(sums, rows=sums.rows.iloc[:0])
