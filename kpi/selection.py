"""What a page shows: a period and at most one value of each dimension. A value, made from a filter."""

from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

from accounts.scope import Scope
from kpi.calc.periods import Period
from kpi.calc.scopes import ALL_SCOPES, DIMENSIONS

NORM_OF_NOW = "nu"  # as it stands in an address


@dataclass(frozen=True, slots=True)
class Among:
    """A filter that keeps several values of a dimension: ``value`` of the filter ``name`` stands for ``codes``."""

    name: str
    value: str
    dimension: str
    codes: frozenset[str]

    @property
    def digest(self) -> int:
        """Changes with the codes, which a decision or new reference data can change."""
        return crc32(" ".join(sorted(self.codes)).encode())


@dataclass(frozen=True, slots=True)
class Selection:
    """Empty text means all. ``key`` goes into cache keys.

    ``among``: filters on what products and providers are, such as a profile or a type. ``since`` and ``until``: the
    months chosen as a range (2025-03), as an address has them; a page that follows them has that range as its
    ``period``, and in ``instead`` the period for what does not add up over months.

    ``norm_of_now``: judged by the norms of today instead of those of the period itself. ``known_on``: the reference
    date that an address chose (see ``as_of``), for the addresses of the next pages.
    """

    period: Period
    domain: str = ""
    municipality: str = ""
    provider: str = ""
    product: str = ""
    referrer: str = ""
    delivery_form: str = ""
    among: tuple[Among, ...] = ()
    since: str = ""
    until: str = ""
    instead: Period | None = None
    norm_of_now: bool = False
    known_on: str = ""

    @property
    def chosen(self) -> dict[str, str]:
        """The dimensions chosen, in the order in which scopes name them."""
        return {name: value for name in DIMENSIONS if (value := getattr(self, name))}

    @property
    def sets(self) -> dict[str, frozenset[str]]:
        """The values that the filters of ``among`` leave of each dimension that is not chosen itself."""
        found: dict[str, frozenset[str]] = {}
        for one in self.among:
            if one.dimension not in self.chosen:
                found[one.dimension] = found.get(one.dimension, one.codes) & one.codes
        return found

    @property
    def contradicts(self) -> bool:
        """Whether a chosen value is none of those that another filter leaves."""
        return any(self.chosen.get(one.dimension, "") not in {"", *one.codes} for one in self.among)

    @property
    def scope_name(self) -> str:
        return self.scope_with()

    def scope_with(self, dimension: str = "") -> str:
        """The stored scope in which this selection is found, taken apart by a dimension."""
        wanted = {*self.chosen, *self.sets, dimension}
        return "+".join(name for name in DIMENSIONS if name in wanted) or "region"

    @property
    def stored(self) -> bool:
        """Whether figures are computed in this combination."""
        return self.scope_name in ALL_SCOPES

    @property
    def narrowed(self) -> bool:
        """Whether it is more than a period, domain, municipality and provider."""
        return bool(self.product or self.referrer or self.delivery_form or self.among)

    @property
    def key(self) -> str:
        place = "|".join((self.period.label, self.domain, self.municipality, self.provider))
        if self.narrowed or self.since or self.until:
            range_of = (self.since, self.until, self.instead.label if self.instead else "")
            place += "|" + "|".join((self.product, self.referrer, self.delivery_form, *range_of))
            place += "".join(f"|{one.name}={one.value}:{one.digest}" for one in self.among)
        place += f"|{self.known_on}" if self.known_on else ""
        return f"{place}|norm van nu" if self.norm_of_now else place

    def within(self, scope: Scope) -> "Selection":
        """This selection, narrowed to the municipality of ``scope``."""
        return self if scope.region else replace(self, municipality=scope.municipality or "geen")

    def at(self, **changes: Any) -> "Selection":
        """The same with another period, which then is no range any more, or other dimensions."""
        return replace(self, **({"instead": None} if "period" in changes else {}) | changes)
