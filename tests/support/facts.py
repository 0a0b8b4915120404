"""Short questions to a state, for tests that read like the case they test."""

from kpi.calc.frames import OPEN, to_date
from kpi.calc.periods import Period, parse
from kpi.calc.state import State
from kpi.calc.values import compute_values


def iso(day: int) -> str:
    """The ISO date of a day number; "open" for what has not ended."""
    return "open" if day == OPEN else to_date(day).isoformat()


def allocations(state: State) -> dict[int, tuple[str, str]]:
    """First and last day per allocation number."""
    columns = ["toewijzing_nummer", "ingangsdatum", "einddatum"]
    rows = state.allocations[columns].itertuples(index=False, name=None)
    return {int(number): (iso(first), iso(last)) for number, first, last in rows}


def starts(state: State) -> list[str]:
    """The first day of every live start."""
    return sorted(iso(day) for day in state.starts["begindatum"])


def stops(state: State) -> list[tuple[str, str]]:
    """Last day and reason of every stop that counts."""
    rows = state.stops[["einddatum", "reden_beeindiging"]].itertuples(index=False, name=None)
    return sorted((iso(day), str(reason)) for day, reason in rows)


def spells(state: State) -> list[tuple[str, str, str]]:
    """Begin, end and reason of every spell."""
    rows = state.spells[["begin", "end", "reason"]].itertuples(index=False, name=None)
    return sorted((iso(begin), iso(end), str(reason)) for begin, end, reason in rows)


def granted(state: State) -> dict[str, int]:
    """Granted eurocents, signed, per counted claim line."""
    rows = state.lines[["referentie_nummer", "toegekend"]].itertuples(index=False, name=None)
    return {str(reference): int(amount) for reference, amount in rows}


def claimed(state: State) -> dict[str, int]:
    """Claimed eurocents, signed, per counted claim line."""
    rows = state.lines[["referentie_nummer", "ingediend"]].itertuples(index=False, name=None)
    return {str(reference): int(amount) for reference, amount in rows}


def values(state: State, measure: str, period: str = "2025", scope: str = "region") -> dict[str, tuple[int, int]]:
    """Numerator and denominator of a measure per detail."""
    table = compute_values(state, [_period(period)], scopes=[scope], measures=[measure])
    rows = table[["detail", "numerator", "denominator"]].itertuples(index=False, name=None)
    return {str(detail): (int(numerator), int(denominator)) for detail, numerator, denominator in rows}


def number(state: State, measure: str, period: str = "2025", scope: str = "region") -> int:
    """The numerator of a measure without detail; 0 where there is no row."""
    return values(state, measure, period, scope).get("", (0, 0))[0]


def _period(label: str) -> Period:
    kind = "quarter" if "Q" in label else ("month" if "-" in label else "year")
    return parse(kind, label)
