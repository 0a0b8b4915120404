"""The care of one client over the years: what follows what."""

import datetime as dt
from random import Random

from messaging.region.days import add_months
from messaging.region.model import Care, Person
from messaging.region.municipalities import Municipality
from messaging.region.outcomes import (
    ADMINISTRATIVE,
    DECEASED,
    DROPOUT,
    MERGED,
    MOVED,
    SUCCESS,
    SWITCHED,
    UNUSED,
    WITHDRAWN,
    deliver,
    merge,
)
from messaging.region.products import DOMAINS, HERSTEL, JEUGDWET, WMO, Product
from messaging.region.providers import Provider
from messaging.region.streams import stream
from messaging.region.world import World

USUAL_STAY = {JEUGDWET: 15.0, WMO: 30.0}  # months; decides how many are in care at the start
GROWTH = 0.05  # per year
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
STACKED = 0.12
LONGEST_CHAIN = 16


def life(world: World, person: Person) -> list[Care]:
    """All care of ``person`` up to the end of the region, chain by chain."""
    rng = stream(world.seed, "life", person.number)
    cares: list[Care] = []
    for wet in person.wetten:
        chain = _chain(world, rng, _entering(world, rng, person, wet))
        cares += chain
        if chain and rng.random() < STACKED and chain[0].begin is not None:
            cares += _chain(world, rng, _beside(world, rng, chain[0]))
    return cares


def _chain(world: World, rng: Random, first: Care) -> list[Care]:
    cares: list[Care] = []
    care: Care | None = first
    while care is not None and care.first <= world.until and len(cares) < LONGEST_CHAIN:
        merge(world, care)
        cares.append(care)
        care = _following(world, rng, care)
    return cares


def _entering(world: World, rng: Random, person: Person, wet: str) -> Care:
    """The first care of a client: already running at the start of the region, or wished for later."""
    running = rng.random() < USUAL_STAY[wet] / (USUAL_STAY[wet] + world.months)
    day = world.start if running else _entry(world, rng, wet)
    place = world.municipality_on(person.municipality, day)
    domains = world.domains_of[wet]

    def care() -> Care:
        domain = rng.choices(domains, _shares(world, wet))[0]
        return _new(world, rng, person, place, _product(world, rng, domain), day)

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


def _product(world: World, rng: Random, domain: str) -> Product:
    offered = world.by_domain[domain]
    return rng.choices(offered, [product.share for product in offered])[0]


def _beside(world: World, rng: Random, care: Care) -> Care:
    """A second product at the same time (stacking)."""
    domain = rng.choices(world.domains_of[care.wet], _shares(world, care.wet))[0]
    day = max(care.begin or care.first, world.start) + rng.randint(14, 120)
    return _new(world, rng, care.person, care.municipality, _product(world, rng, domain), day)


def _new(
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


def _following(world: World, rng: Random, care: Care) -> Care | None:
    """The next care of the client, or None when there is none."""
    if care.outcome in (WITHDRAWN, UNUSED):
        return _elsewhere(world, rng, care, care.first + rng.randint(20, 70)) if rng.random() < 0.6 else None
    if care.end is None or care.outcome == DECEASED:
        return None
    if care.outcome == MERGED:
        return _continued(world, rng, care, care.product, care.end + 1)
    if care.outcome == MOVED:
        return _after_move(world, rng, care, care.end + rng.choice((1, 1, 1, 8, 15, 30)))
    if care.outcome == SWITCHED:
        return _elsewhere(world, rng, care, care.end + rng.choice((1, 1, 6, 15)))
    if care.product.kind == HERSTEL:
        return _after_recovery(world, rng, care)
    if care.outcome in (SUCCESS, ADMINISTRATIVE) and rng.random() < DOMAINS[care.product.domain].again:
        return _continued(world, rng, care, _other_weight(world, rng, care.product), care.end + 1)
    return _relapse(world, rng, care, 0.2)


def _after_recovery(world: World, rng: Random, care: Care) -> Care | None:
    character = care.provider.character
    if care.outcome != DROPOUT and rng.random() < character.mutation * 1.15:
        return _continued(
            world, rng, care, _other_weight(world, rng, care.product), (care.end or 0) + rng.choice((0, 1, 1))
        )
    return _relapse(world, rng, care, character.relapse * (1.6 if care.outcome == DROPOUT else 1.0))


def _relapse(world: World, rng: Random, care: Care, chance: float) -> Care | None:
    """New care after a while: often within months, sometimes much later."""
    if rng.random() >= chance:
        return None
    gap = int(15 + rng.gammavariate(1.5, 95))
    domain = care.product.domain if rng.random() < 0.75 else rng.choice(world.domains_of[care.wet])
    provider = care.provider if rng.random() < 0.45 else None
    product = _product(world, rng, domain)
    if provider and product.code not in provider.products:
        provider = None
    return _new(
        world, rng, care.person, care.municipality, product, (care.end or 0) + gap, provider=provider, follows=care
    )


def _continued(world: World, rng: Random, care: Care, product: Product, first: int) -> Care:
    """Care that goes on at once at the same provider."""
    return _new(
        *(world, rng, care.person, care.municipality, product, first),
        provider=care.provider if product.code in care.provider.products else None,
        waits=False,
        follows=care,
    )


def _elsewhere(world: World, rng: Random, care: Care, first: int) -> Care:
    """The same product, wherever the client finds a place."""
    return _new(world, rng, care.person, care.municipality, care.product, first, waits=care.begin is None, follows=care)


def _after_move(world: World, rng: Random, care: Care, first: int) -> Care | None:
    """The new municipality takes over, unless the client left the region."""
    if rng.random() < 0.4:
        return None
    places = [place for place in world.municipalities.values() if place.code != care.municipality.code]
    place = rng.choices(places, [place.inhabitants for place in places])[0]
    stays = place.code in care.provider.municipalities
    provider = care.provider if stays else None
    return _new(world, rng, care.person, place, care.product, first, provider=provider, waits=False, follows=care)


def _other_weight(world: World, rng: Random, product: Product) -> Product:
    """Often the same again, else a lighter or heavier product of the domain."""
    if rng.random() < 0.55:
        return product
    kin = [
        row for row in world.by_domain[product.domain] if row.kind == product.kind and row.profile == product.profile
    ]
    return rng.choice(kin)
