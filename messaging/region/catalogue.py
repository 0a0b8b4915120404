"""The product catalogue of the region."""

from collections.abc import Iterator
from dataclasses import replace

from messaging.region.catalogue_rows import (
    ARRANGEMENTS,
    BUDGETS,
    INTENSITIES,
    NEITHER,
    PACKAGED,
    PARCELS,
    PROFILE_CODES,
    PROFILES,
    RARE,
    SUSTAINED,
    SUSTAINED_TARIFF,
    VOLUMES,
)
from messaging.region.products import (
    DOMAINS,
    DUURZAAM,
    EUROCENT,
    HERSTEL,
    HOUR,
    OVERIG,
    PER_MONTH,
    Product,
)


def catalogue(indexed_from: int) -> tuple[Product, ...]:
    """All products; their tariffs rise on ``indexed_from``."""
    rows = [*_profiled(), *_sustained(), *_arrangements(), *_budgets(), *_volumes()]
    return tuple(replace(row, indexed_from=indexed_from) for row in rows)


def _profiled() -> Iterator[Product]:
    for domain, profiles in PROFILES.items():
        for number, (label, share, cost, rare) in enumerate(profiles, 1):
            for intensity, digit, weight, price, days, part in INTENSITIES:
                yield Product(
                    domain=domain,
                    code=f"{PROFILE_CODES[domain]}{number}{digit}",
                    name=f"{label}, {intensity}",
                    kind=HERSTEL,
                    unit=EUROCENT,
                    days=days,
                    share=share * part,
                    weight=weight,
                    price=int(price * cost),
                    segment="C" if rare else "B",
                    profile=f"Profiel {number}",
                    intensity=intensity,
                    niche=rare,
                )


def _sustained() -> Iterator[Product]:
    for domain in PROFILES:
        for intensity, digit, weight, volumes, share in SUSTAINED:
            yield Product(
                domain=domain,
                code=f"{PROFILE_CODES[domain]}9{digit}",
                name=f"{DOMAINS[domain].name}, {intensity}",
                kind=DUURZAAM,
                unit=HOUR,
                days=365,
                share=share,
                weight=weight,
                frequency=PER_MONTH,
                volumes=volumes,
                tariff=SUSTAINED_TARIFF[domain],
                segment="B",
                profile="Duurzaam",
                intensity=intensity,
            )


def _arrangements() -> Iterator[Product]:
    for domain, code, name, days, share, weight, price, parcel in ARRANGEMENTS:
        yield Product(domain, code, name, HERSTEL, EUROCENT, days, share, weight, price=price, parcel=parcel)


def _budgets() -> Iterator[Product]:
    for domain, code, name, days, share, weight, budget in BUDGETS:
        yield Product(
            *(domain, code, name, DUURZAAM, EUROCENT, days, share, weight),
            price=budget,
            parcel=PARCELS.get(domain, ""),
            aspecific=True,
        )


def _volumes() -> Iterator[Product]:
    for domain, unit, frequency, code, name, days, share, weight, volumes, tariff in VOLUMES:
        yield Product(
            *(domain, code, name, OVERIG if code in NEITHER else DUURZAAM, unit, days, share, weight),
            *(frequency, volumes, tariff),
            segment="C" if domain in ("verblijf-jeugd", "jeugd-overig") else "",
            parcel=PARCELS.get(domain, ""),
            package=f"Pakket {code[-1]}" if domain in PACKAGED else "",
            niche=code in RARE,
        )
