"""The reference file ``normen.csv``; limits are in the unit of the measure: a percentage as 0,20 or 20%, euro."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kpi.calc.definition import Unit
from kpi.calc.indicators import MEASURES
from kpi.models import Basis, Direction, Norm
from providers import cells
from providers.reference import Table, register

COLUMNS = (
    *("maat", "zorgdomein", "gemeente", "richting", "grens_groen", "grens_rood", "basis", "geldig_van"),
    *("vastgesteld_door", "toelichting"),
)
# A share of more than twice the whole is meant as percentages: 20 is 20%, but 1,05 (of what was expected) is 105%.
HIGHEST_SHARE = 2


def _norm(row: Mapping[str, str]) -> dict[str, Any]:
    measure = cells.choice(row, "maat", MEASURES)
    valid_from = cells.date(row, "geldig_van")
    if valid_from is None:
        raise cells.CellError("geldig_van is leeg. Vul de dag in waarop de norm ingaat.")
    return {
        "measure": measure,
        "domain": row["zorgdomein"],
        "municipality": cells.code(row, "gemeente", 4) if row["gemeente"] else "",
        "direction": cells.choice(row, "richting", Direction.values) if row["richting"] else Direction.LOWER.value,
        "green": _limit(row, "grens_groen", measure),
        "red": _limit(row, "grens_rood", measure),
        "basis": cells.choice(row, "basis", Basis.values) if row["basis"] else Basis.ABSOLUTE.value,
        "valid_from": valid_from,
        "decided_by": row["vastgesteld_door"] or "onbekend",
        "reason": row["toelichting"],
    }


def _limit(row: Mapping[str, str], column: str, measure: str) -> Decimal:
    limit = cells.decimal(row, column)
    if limit is None:
        raise cells.CellError(f"{column} is leeg. Vul een getal in.")
    if MEASURES[measure].unit == Unit.PERCENT and abs(limit) > HIGHEST_SHARE:
        limit /= 100
    return limit.quantize(Decimal("0.0001"))


def register_tables() -> None:
    register(
        Table(
            "normen",
            COLUMNS,
            Norm,
            ("measure", "domain", "municipality", "valid_from"),
            _norm,
            frozenset({"zorgdomein", "gemeente", "basis", "vastgesteld_door", "toelichting"}),
            frozen=True,
        )
    )
