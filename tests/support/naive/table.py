"""Rows of the export: scopes, counts and ratios (definitions, section 4; contracts, the export)."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from kpi.calc.periods import Period
from tests.support.naive.days import half_up

DIMENSIONS = ("domain", "municipality", "provider", "product", "referrer", "delivery_form")
SCOPES: dict[str, tuple[str, ...]] = {
    "region": (),
    "domain": ("domain",),
    "municipality": ("municipality",),
    "provider": ("provider",),
    "municipality+provider": ("municipality", "provider"),
    "product": ("product",),
    "provider+product": ("provider", "product"),
    "municipality+product": ("municipality", "product"),
    "referrer": ("referrer",),
    "municipality+referrer": ("municipality", "referrer"),
    "provider+referrer": ("provider", "referrer"),
    "delivery_form": ("delivery_form",),
    "domain+municipality": ("domain", "municipality"),
    "domain+provider": ("domain", "provider"),
}
WITHOUT_REFERRER = tuple(scope for scope, columns in SCOPES.items() if "referrer" not in columns)
MONITOR = ("region", "municipality", "provider", "municipality+provider")

ScopeKey = tuple[str, ...]
Key = tuple[str, ...]
Value = tuple[Fraction | int | None, int | None, int]


def place_of(case: Any) -> dict[str, str]:
    return case.place


def by_scope(
    cases: Iterable[Any], scopes: Iterable[str] = tuple(SCOPES), place: Callable[[Any], dict[str, str]] = place_of
) -> dict[ScopeKey, list[Any]]:
    """The cases of every scope; a scope is its name and the six dimensions, empty where it does not use them."""
    found: dict[ScopeKey, list[Any]] = defaultdict(list)
    for case in cases:
        where = place(case)
        for scope in scopes:
            used = SCOPES[scope]
            found[scope, *(where[name] if name in used else "" for name in DIMENSIONS)].append(case)
    return found


class Table:
    """The rows that are written."""

    def __init__(self) -> None:
        self.rows: dict[Key, Value] = {}

    def _write(self, measure: str, period: Period, scope: ScopeKey, detail: str, value: Value) -> None:
        key = (measure, period.label, *scope, detail)
        assert key not in self.rows, f"written twice: {key}"
        self.rows[key] = value

    def count(self, measure: str, period: Period, scope: ScopeKey, number: int, detail: str = "") -> None:
        """A count or amount; not written at 0."""
        if number != 0:
            self._write(measure, period, scope, detail, (number, None, number * 1_000_000))

    def ratio(
        self,
        measure: str,
        period: Period,
        scope: ScopeKey,
        numerator: Fraction | int,
        denominator: int,
        detail: str = "",
        always: bool = False,
    ) -> None:
        """Written whenever the denominator is above 0; a detail only when its numerator is too, unless ``always``."""
        if denominator > 0 and (numerator > 0 or not detail or always):
            millionths = half_up(Fraction(numerator) / denominator * 1_000_000)
            self._write(measure, period, scope, detail, (numerator, denominator, millionths))

    def statistic(
        self, measure: str, period: Period, scope: ScopeKey, value: Fraction, cases: int, detail: str = ""
    ) -> None:
        """A value without numerator: a median or a percentile."""
        self._write(measure, period, scope, detail, (None, cases, half_up(value * 1_000_000)))


def within(period: Period, day: int | None) -> bool:
    return day is not None and period.first <= day <= period.last
