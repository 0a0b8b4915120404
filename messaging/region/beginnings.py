"""How care begins: who comes in, with what, at which provider, on whose request."""

import datetime as dt
from random import Random

from messaging.region.days import add_months
from messaging.region.model import Care, Person
from messaging.region.municipalities import Municipality
from messaging.region.outcomes import deliver
from messaging.region.products import DOMAINS, JEUGDWET, WMO, Product
from messaging.region.providers import Provider
from messaging.region.world import World

USUAL_STAY = {JEUGDWET: 12.0, WMO: 26.0}  # months; decides how many are in care at the start
GROWTH = 0.02  # per year
# Relative inflow per calendar month: schools refer, holidays do not.
SEASON = {
    JEUGDWET: (1.15, 1.05, 1.1, 1.0, 0.95, 0.95, 0.6, 0.55, 1.15, 1.3, 1.2, 0.85),
    WMO: (1.2, 1.1, 1.05, 1.0, 0.95, 0.95, 0.85, 0.8, 1.0, 1.05, 1.05, 0.9),
}
REFERRERS = {
    JEUGDWET: (("01", "02", "03", "04", "05", "06", "08"), (24, 43, 9, 11, 6, 2, 5)),
    WMO: (("01", "02", "05", "06"), (78, 12, 5, 5)),
}
ASKED = {JEUGDWET: 0.8, WMO: 0.4}
BY_CHANGE = 0.12  # of follow-up care


def entering(world: World, rng: Random, person: Person, wet: str) -> Care:
    """The first care of a client: already running at the start of the region, or wished for later."""
    running = rng.random() < USUAL_STAY[wet] / (USUAL_STAY[wet] + world.months)
    day = world.start if running else _entry(world, rng, wet)
    place = world.municipality_on(person.municipality, day)
    domains = world.domains_of[wet]

    def care() -> Care:
        domain = rng.choices(domains, _shares(world, wet))[0]
        return new_care(world, rng, person, place, product_of(world, rng, domain), day)

    return _running(world, rng, [care() for _ in range(4)]) if running else care()


def _running(world: World, rng: Random, candidates: list[Care]) -> Care:
    """Care somewhere on its way on the first day: long care is found running more often than short."""
    lengths = [max(1, (care.end or 0) - (care.begin or 0) - 25) if care.begin else 0.01 for care in candidates]
    care = rng.choices(candidates, lengths)[0]
    if care.begin is not None and care.end is not None:
        care.shift(world.start - 1 - care.begin - int(rng.random() * max(0, care.end - care.begin - 25)))
        care.pause = None if care.pause and care.pause[0] < world.start else care.pause
    return care


def _shares(world: World, wet: str) -> list[float]:
    return [DOMAINS[code].share for code in world.domains_of[wet]]


def _entry(world: World, rng: Random, wet: str) -> int:
    """The wished first day of a new client, by season and growth."""
    firsts = [add_months(world.start, offset) for offset in range(world.months)]
    season = SEASON[wet]
    weights = [
        season[dt.date.fromordinal(first).month - 1] * (1 + GROWTH * offset / 12) for offset, first in enumerate(firsts)
    ]
    return rng.choices(firsts, weights)[0] + rng.randrange(28)


def product_of(world: World, rng: Random, domain: str) -> Product:
    """One of the products of a domain, by share."""
    offered = world.by_domain[domain]
    return rng.choices(offered, [product.share for product in offered])[0]


def beside(world: World, rng: Random, care: Care) -> Care:
    """A second product at the same time (stacking)."""
    domain = rng.choices(world.domains_of[care.wet], _shares(world, care.wet))[0]
    day = max(care.begin or care.first, world.start) + rng.randint(14, 120)
    return new_care(world, rng, care.person, care.municipality, product_of(world, rng, domain), day)


def new_care(
    world: World,
    rng: Random,
    person: Person,
    place: Municipality,
    product: Product,
    first: int,
    *,
    provider: Provider | None = None,
    waits: bool = True,
    follows: Care | None = None,
) -> Care:
    """Care that is wished for from ``first``; ``waits`` is false when it goes on from earlier care."""
    place = world.municipality_on(place.code, first)
    provider = provider or world.provider_for(rng, product, place.code)
    care = Care(person, place, provider, product, first, follows=follows)
    deliver(world, rng, care, waits)
    _ask(world, rng, care)
    return care


def _ask(world: World, rng: Random, care: Care) -> None:
    """How the provider asks for the allocation, if it does; what follows keeps the referrer of what it follows."""
    codes, weights = REFERRERS[care.wet]
    before = care.follows
    if before is not None and before.end is not None and world.modern and rng.random() < BY_CHANGE:
        care.asked_in = "317"
    elif rng.random() < ASKED[care.wet]:
        care.asked_in = "315"
        care.referrer = (before and before.referrer) or rng.choices(codes, weights)[0]
