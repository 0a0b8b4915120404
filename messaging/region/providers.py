"""About 120 invented providers, each with a character of its own."""

from dataclasses import dataclass, replace
from random import Random
from typing import Any

from messaging.region.municipalities import Municipality
from messaging.region.products import DOMAINS, HERSTEL, JEUGDWET, WMO, Product
from messaging.region.provider_names import contract_manager, name
from messaging.region.streams import stream

COUNT = 120
LARGEST_PRACTICE = 35  # position by size
SYSTEM, PERFORMANCE, FLEX, OTHER = "systeem", "prestatie", "flex", "overig"


@dataclass(frozen=True, slots=True)
class Character:
    """How a provider works. Days are calendar days for ``wait`` and ``late``, working days for ``reports_in``.

    Shares: ``dropout`` of ended care, ``mutation`` of ended recovery care that is followed at once, ``faults`` of
    messages with an error, ``late`` of claim lines that come months later, ``high_start`` of arrangements claimed
    for more than 70% at the start, ``delivers`` of the allocated volume, ``relapse`` of ended trajectories.
    """

    wait: float
    dropout: float
    mutation: float
    relapse: float
    reports_in: float
    faults: float
    late: float
    high_start: float
    delivers: float
    claims_on: int  # day of the month
    forgets: float


@dataclass(frozen=True, slots=True)
class Provider:
    agb: str
    name: str
    type: str
    contract_manager: str
    size: float
    products: frozenset[str]  # codes
    municipalities: frozenset[str]
    character: Character


# A few providers that really deserve a talk: position by size → what deviates.
DEVIATING: dict[int, dict[str, Any]] = {
    1: {"high_start": 0.42},
    3: {"dropout": 0.33},
    4: {"wait": 110.0},
    6: {"reports_in": 11.0, "faults": 0.13},
    8: {"mutation": 0.6},
    9: {"late": 0.35, "delivers": 0.55},
    13: {"dropout": 0.3, "relapse": 0.75},
    17: {"wait": 70.0, "reports_in": 9.0},
    22: {"high_start": 0.6, "dropout": 0.27},
    29: {"faults": 0.18},
}
DOMINANT = {0: (15.0, "jeugd-en-opvoedhulp"), 2: (3.5, "begeleiding-wmo")}  # size, what they are known for
NOT_ALONE = ("verblijf-jeugd", "beschermd-wonen", "thuisplus", "jeugd-overig")  # no work for a one-person practice


def providers(
    seed: int, catalogue: tuple[Product, ...], municipalities: dict[str, Municipality]
) -> tuple[Provider, ...]:
    """From large to small."""
    rng = stream(seed, "providers")
    return tuple(_provider(rng, rank, catalogue, municipalities) for rank in range(COUNT))


def _provider(
    rng: Random, rank: int, catalogue: tuple[Product, ...], municipalities: dict[str, Municipality]
) -> Provider:
    domains = _domains(rng, rank, _law(rank))
    main = DOMINANT[rank][1] if rank in DOMINANT else rng.choice(domains)
    return Provider(
        agb=f"99{rank * 37 + 1003:06d}",
        name=name(rng, rank, main, practice=rank >= LARGEST_PRACTICE),
        type=_kind(rank),
        contract_manager=contract_manager(rank, main),
        size=_size(rng, rank),
        products=_products(rng, rank, domains, catalogue),
        municipalities=_municipalities(rng, rank, municipalities),
        character=_character(rng, rank),
    )


def _size(rng: Random, rank: int) -> float:
    """Relative to the others that offer the same care in the same place; one provider dominates."""
    if rank in DOMINANT:
        return DOMINANT[rank][0]
    usual = 4.5 if rank < 9 else 3.2 if rank < LARGEST_PRACTICE else 2.6 if rank < 84 else 1.6
    return usual * rng.uniform(0.7, 1.3)


def _kind(rank: int) -> str:
    if rank < 9:
        return SYSTEM
    if rank < LARGEST_PRACTICE:
        return PERFORMANCE
    return FLEX if rank < 84 else OTHER


def _law(rank: int) -> str:
    return WMO if rank % 5 in (2, 4) else JEUGDWET


def _domains(rng: Random, rank: int, wet: str) -> tuple[str, ...]:
    own = [domain for domain in DOMAINS.values() if domain.wet == wet]
    if rank in DOMINANT:
        return tuple(domain.code for domain in own)
    if _kind(rank) == OTHER:
        own = [domain for domain in own if domain.code not in NOT_ALONE]
    count = 3 if rank < 9 else 2 if rank < LARGEST_PRACTICE and rng.random() < 0.5 else 1
    chosen: set[str] = set()
    while len(chosen) < count:
        chosen.add(rng.choices(own, [domain.share for domain in own])[0].code)
    return tuple(sorted(chosen))


def _products(rng: Random, rank: int, domains: tuple[str, ...], catalogue: tuple[Product, ...]) -> frozenset[str]:
    """Large providers offer all but some rare products; a practice offers a part of its domain."""
    offered = [product for product in catalogue if product.domain in domains]
    common = [product for product in offered if not product.niche]
    if rank in DOMINANT:
        return frozenset(product.code for product in offered)
    if rank < 9:
        rare = [product.code for product in offered if product.niche and rng.random() < 0.25]
        return frozenset([*(product.code for product in common), *rare])
    share = 0.75 if rank < LARGEST_PRACTICE else 0.5
    part = [product.code for product in common if rng.random() < share]
    fallback = [product.code for product in common or offered if product.kind == HERSTEL] or [offered[0].code]
    return frozenset(part or fallback)


def _municipalities(rng: Random, rank: int, municipalities: dict[str, Municipality]) -> frozenset[str]:
    codes = sorted(municipalities)
    if rank in DOMINANT:
        return frozenset(codes)
    low, high = (10, 16) if rank < 9 else (8, 14) if rank < LARGEST_PRACTICE else (4, 8) if rank < 84 else (2, 4)
    count, chosen = rng.randint(low, high), set[str]()
    while len(chosen) < count:
        chosen.update(rng.choices(codes, [municipalities[code].inhabitants for code in codes]))
    return frozenset(chosen)


def _character(rng: Random, rank: int) -> Character:
    small = rank >= 84
    usual = Character(
        wait=rng.uniform(14, 24),
        dropout=rng.uniform(0.10, 0.17),
        mutation=rng.uniform(0.18, 0.3),
        relapse=rng.uniform(0.22, 0.36),
        reports_in=rng.uniform(1.4, 3.4 if not small else 4.2),
        faults=rng.uniform(0.01, 0.035),
        late=rng.uniform(0.01, 0.06),
        high_start=rng.uniform(0.0, 0.03),
        delivers=rng.uniform(0.88, 0.97),
        claims_on=rng.randint(4, 16),
        forgets=rng.uniform(0.0, 0.012),
    )
    return replace(usual, **DEVIATING.get(rank, {}))
