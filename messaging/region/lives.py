"""The care of one client over the years: what follows what."""

from random import Random

from messaging.region.beginnings import beside, entering, new_care, product_of
from messaging.region.model import Care, Person
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
    merge,
)
from messaging.region.products import DOMAINS, HERSTEL, Product
from messaging.region.streams import stream
from messaging.region.world import World

STACKED = 0.12
LONGEST_CHAIN = 16


def life(world: World, person: Person) -> list[Care]:
    """All care of ``person`` up to the end of the region, chain by chain."""
    rng = stream(world.seed, "life", person.number)
    cares: list[Care] = []
    for wet in person.wetten:
        chain = _chain(world, rng, entering(world, rng, person, wet))
        cares += chain
        if chain and rng.random() < STACKED and chain[0].begin is not None:
            cares += _chain(world, rng, beside(world, rng, chain[0]))
    return cares


def _chain(world: World, rng: Random, first: Care) -> list[Care]:
    cares: list[Care] = []
    care: Care | None = first
    while care is not None and care.first <= world.until and len(cares) < LONGEST_CHAIN:
        merge(world, care)
        cares.append(care)
        care = _following(world, rng, care)
    return cares


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
    product = product_of(world, rng, domain)
    if provider and product.code not in provider.products:
        provider = None
    return new_care(
        world, rng, care.person, care.municipality, product, (care.end or 0) + gap, provider=provider, follows=care
    )


def _continued(world: World, rng: Random, care: Care, product: Product, first: int) -> Care:
    """Care that goes on at once at the same provider."""
    return new_care(
        *(world, rng, care.person, care.municipality, product, first),
        provider=care.provider if product.code in care.provider.products else None,
        waits=False,
        follows=care,
    )


def _elsewhere(world: World, rng: Random, care: Care, first: int) -> Care:
    """The same product, wherever the client finds a place."""
    return new_care(
        world, rng, care.person, care.municipality, care.product, first, waits=care.begin is None, follows=care
    )


def _after_move(world: World, rng: Random, care: Care, first: int) -> Care | None:
    """The new municipality takes over, unless the client left the region."""
    if rng.random() < 0.4:
        return None
    places = [place for place in world.municipalities.values() if place.code != care.municipality.code]
    place = rng.choices(places, [place.inhabitants for place in places])[0]
    stays = place.code in care.provider.municipalities
    provider = care.provider if stays else None
    return new_care(world, rng, care.person, place, care.product, first, provider=provider, waits=False, follows=care)


def _other_weight(world: World, rng: Random, product: Product) -> Product:
    """Often the same again, else a lighter or heavier product of the domain."""
    if rng.random() < 0.55:
        return product
    kin = [
        row for row in world.by_domain[product.domain] if row.kind == product.kind and row.profile == product.profile
    ]
    return rng.choice(kin)
