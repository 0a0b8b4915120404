"""What a page shows: a period and at most one domain, municipality and provider. A value, made from a filter."""

from dataclasses import dataclass, replace
from typing import Any

from accounts.scope import Scope
from kpi.calc.periods import Period

NORM_OF_NOW = "nu"  # as it stands in an address


@dataclass(frozen=True, slots=True)
class Selection:
    """Empty text means all. ``key`` goes into cache keys.

    ``norm_of_now``: judged by the norms of today instead of those of the period itself. ``known_on``: the reference
    date that an address chose (see ``as_of``), for the addresses of the next pages.
    """

    period: Period
    domain: str = ""
    municipality: str = ""
    provider: str = ""
    norm_of_now: bool = False
    known_on: str = ""

    @property
    def chosen(self) -> dict[str, str]:
        """The dimensions chosen, in the order in which scopes name them."""
        named = {"domain": self.domain, "municipality": self.municipality, "provider": self.provider}
        return {name: value for name, value in named.items() if value}

    @property
    def scope_name(self) -> str:
        return "+".join(self.chosen) or "region"

    @property
    def key(self) -> str:
        place = "|".join((self.period.label, self.domain, self.municipality, self.provider))
        place += f"|{self.known_on}" if self.known_on else ""
        return f"{place}|norm van nu" if self.norm_of_now else place

    def within(self, scope: Scope) -> "Selection":
        """This selection, narrowed to the municipality of ``scope``."""
        return self if scope.region else replace(self, municipality=scope.municipality or "geen")

    def at(self, **changes: Any) -> "Selection":
        """The same with another period or other dimensions."""
        return replace(self, **changes)
