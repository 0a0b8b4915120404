"""The fixed surroundings of the region: period, municipalities, products, providers."""

import datetime as dt
from bisect import bisect
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

from messaging.region.catalogue import catalogue
from messaging.region.days import add_months, month_of
from messaging.region.municipalities import FORMER, SUCCESSOR, Municipality, merger_day, municipalities
from messaging.region.products import DOMAINS, JEUGDWET, WMO, Product
from messaging.region.providers import Provider, providers

FORMER_CODES = frozenset(code for code, _, _ in FORMER)


@dataclass(slots=True)
class World:
    """``start``: first day of the first month; ``until``: the last day on which a message was sent."""

    seed: int
    start: int
    until: int
    months: int
    standard: str  # 2.3 | 3.2
    merger: int
    municipalities: dict[str, Municipality]
    products: tuple[Product, ...]
    providers: tuple[Provider, ...]
    by_domain: dict[str, tuple[Product, ...]]
    domains_of: dict[str, tuple[str, ...]]
    provider_of: dict[str, Provider]
    _market: dict[tuple[str, str], tuple[list[Provider], list[float]]] = field(default_factory=dict)

    def municipality_on(self, code: str, day: int) -> Municipality:
        """The municipality that is responsible on ``day``: after the merger the successor."""
        return self.municipalities[SUCCESSOR if code in FORMER_CODES and day >= self.merger else code]

    def provider_for(self, rng: Random, product: Product, municipality: str) -> Provider:
        """A provider that offers the product there, by size; else one that offers it elsewhere."""
        key = (product.code, municipality)
        if key not in self._market:
            offering = [provider for provider in self.providers if product.code in provider.products]
            here = [provider for provider in offering if municipality in provider.municipalities] or offering
            self._market[key] = here, list(accumulate(provider.size for provider in here))
        here, sizes = self._market[key]
        return here[bisect(sizes, rng.random() * sizes[-1])]

    @property
    def modern(self) -> bool:
        """Release 3.x: no decision level, more end reasons, claims as 323."""
        return self.standard.startswith("3")


def world(seed: int, months: int, until: dt.date, standard: str) -> World:
    last = until.toordinal()
    start = add_months(month_of(last)[0], 1 - months)
    places = municipalities(seed)
    products = catalogue(_first_of_year(start, last))
    contracted = providers(seed, products, places)
    return World(
        seed=seed,
        start=start,
        until=last,
        months=months,
        standard=standard,
        merger=merger_day(start, months),
        municipalities=places,
        products=products,
        providers=contracted,
        provider_of={provider.agb: provider for provider in contracted},
        by_domain={code: tuple(row for row in products if row.domain == code) for code in DOMAINS},
        domains_of={wet: tuple(d.code for d in DOMAINS.values() if d.wet == wet) for wet in (JEUGDWET, WMO)},
    )


def _first_of_year(start: int, last: int) -> int:
    """The first of January nearest to the middle of the period: tariffs rise then."""
    middle = dt.date.fromordinal((start + last) // 2 + 183)
    return middle.replace(month=1, day=1).toordinal()
