"""Figures and periods in Dutch, as people write them.

An amount and a number with its unit are never broken at the end of a line: the space inside them is a no-break space.
"""

from kpi.calc.definition import Measure, Unit
from kpi.calc.frames import to_date
from kpi.calc.periods import RANGE, Period
from messaging.presenters import MONTHS, month_name

NO_BREAK = "\N{NO-BREAK SPACE}"
QUARTERS = ("1e", "2e", "3e", "4e")
UNIT_NAMES = {
    Unit.PERCENT: "procent",
    Unit.COUNT: "aantal",
    Unit.RATIO: "verhouding",
    Unit.DAYS: "dagen",
    Unit.WORKDAYS: "werkdagen",
    Unit.EURO: "euro",
    Unit.WEIGHT: "zwaarte",
}


def period_name(period: Period) -> str:
    """maart 2025, 1e kwartaal 2025, 2025, or januari 2025 tot en met augustus 2025."""
    first = to_date(period.first)
    if period.kind == RANGE:
        return f"{month_name(first)} tot en met {month_name(to_date(period.last))}"
    if period.kind == "month":
        return month_name(first)
    return f"{QUARTERS[first.month // 3]} kwartaal {first.year}" if period.kind == "quarter" else str(first.year)


def short_period(period: Period) -> str:
    """mrt 2025, K1 2025 or 2025: for axes."""
    first = to_date(period.first)
    if period.kind == "month":
        return f"{MONTHS[first.month - 1]} {first.year}"
    return f"K{first.month // 3 + 1} {first.year}" if period.kind == "quarter" else str(first.year)


def number(value: float, decimals: int = 0) -> str:
    """1.234,5 or −1.234,5"""
    text = f"{value:,.{decimals}f}".replace("-", "−")
    return text.replace(",", "·").replace(".", ",").replace("·", ".")


def euros(amount: float, decimals: int = 0) -> str:
    """€ 1.234 of an amount in euros."""
    return f"€{NO_BREAK}{number(amount, decimals)}"


def points(difference: str) -> str:
    """A difference between two percentages, as its number without a sign of percent."""
    return f"{difference}{NO_BREAK}%-punt"


def unbroken(text: str) -> str:
    """A sentence of which no amount breaks at the end of a line."""
    return text.replace("€ ", f"€{NO_BREAK}")


def value_text(value: float, unit: Unit) -> str:
    """A value as it stands in a table."""
    match unit:
        case Unit.PERCENT:
            return f"{number(value * 100, 1)}%"
        case Unit.COUNT:
            return number(value)
        case Unit.EURO:
            return euros(value / 100)
        case Unit.DAYS | Unit.WORKDAYS:
            return f"{number(value, 1)}{NO_BREAK}{'werkdagen' if unit == Unit.WORKDAYS else 'dagen'}"
        case _:
            return number(value, 2)


def parts_text(numerator: int | None, denominator: int | None, measure: Measure) -> str:
    """The figures behind a value: numerator / denominator."""
    if denominator is None:
        return ""
    unit = measure.unit
    if measure.of_money and numerator is not None:
        return f"{value_text(numerator, Unit.EURO)} / {value_text(denominator, Unit.EURO)}"
    top = "–" if numerator is None else value_text(numerator, Unit.EURO if unit == Unit.EURO else Unit.COUNT)
    return f"{top} / {number(denominator)}" if numerator is not None else f"n{NO_BREAK}={NO_BREAK}{number(denominator)}"


def unit_name(measure: Measure) -> str:
    """The unit of an axis."""
    return UNIT_NAMES[measure.unit]


def shown(value: float, unit: Unit) -> float:
    """A value in the unit of an axis: percent, euro."""
    return value * 100 if unit == Unit.PERCENT else value / 100 if unit == Unit.EURO else value


LIGHT_MEANINGS = (
    ("Op norm", "De waarde haalt de norm."),
    ("Let op", "De waarde ligt tussen de norm en de rode grens, of boven de norm maar dat kan toeval zijn."),
    ("Buiten norm", "De waarde ligt voorbij de rode grens en dat is geen toeval."),
    ("Te weinig", "Minder dan tien gevallen: het cijfer staat er, maar krijgt geen kleur."),
    ("Geen kader", "Voor deze indicator is geen norm vastgesteld. Zonder norm is er geen kleur."),
    (
        "Onvoldoende data",
        "De berichten zijn niet volledig of niet goed genoeg voor een oordeel; de reden staat bij het cijfer.",
    ),
)
