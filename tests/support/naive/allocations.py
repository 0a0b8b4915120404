"""Allocations: versions, void or not, referrer and total expected amount (definitions, 2.3 and indicator 15)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from tests.support.naive.catalogue import Catalogue, Product, referrer_group
from tests.support.naive.days import covered_months, covered_years, end_of_year, half_up
from tests.support.naive.traffic import Message, Row

Key = tuple[str, str, int]
MINUTES = {"01": 1, "04": 60, "16": 240}
EUROCENTS = "83"


@dataclass(eq=False)
class Allocation:
    """A non-void allocation as its last version has it, with all it was sent in."""

    key: Key
    last: Row
    provider: str
    product: Product
    referrer: str
    first_sent: int
    total: int | None
    last_day: int
    spells: list[Any] = field(default_factory=list)
    starts: list[Any] = field(default_factory=list)
    stops: list[Any] = field(default_factory=list)
    debits: list[Any] = field(default_factory=list)

    @property
    def wet(self) -> str:
        return self.key[0]

    @property
    def client(self) -> int:
        return self.last["client"]

    @property
    def place(self) -> dict[str, str]:
        return {
            "domain": self.product.domain,
            "municipality": self.key[1],
            "provider": self.provider,
            "product": self.product.key,
            "referrer": self.referrer,
            "delivery_form": self.product.delivery_form,
        }

    def expected_per_month(self) -> dict[date, int]:
        """The total spread evenly over the days, months rounded half up, the remainder in the last month."""
        if self.total is None or self.last_day < self.last["ingangsdatum"]:
            return {}
        days = self.last_day - self.last["ingangsdatum"] + 1
        months = list(covered_months(self.last["ingangsdatum"], self.last_day))
        spread = {month: half_up(Fraction(self.total * covered, days)) for month, covered, _ in months[:-1]}
        spread[months[-1][0]] = self.total - sum(spread.values())
        return spread


def version_order(version: tuple[Message, Row]) -> tuple[Any, ...]:
    message, row = version
    moment = (row["toewijzingsdatum"], row["toewijzingstijd"])
    return *moment, message.sent, message.row["identificatie"], row["regel"]


def is_void(message: Message, row: Row) -> bool:
    """RedenWijziging 13; in releases up to 3.0 also 01 with equal dates."""
    if row["reden_wijziging"] == "13":
        return True
    old = message.release <= (3, 0) and row["reden_wijziging"] == "01"
    return old and row["einddatum"] == row["ingangsdatum"]


def allocations(
    messages: list[Message], asked: dict[tuple[str, str, str], Any], catalogue: Catalogue, as_of: int
) -> dict[Key, Allocation]:
    """All non-void allocations by law, municipality and number."""
    versions: dict[Key, list[tuple[Message, Row]]] = defaultdict(list)
    for message in messages:
        for row in message.accepted("toewijzingen"):
            if row["toewijzing_nummer"] is not None:
                versions[message.wet, message.municipality, row["toewijzing_nummer"]].append((message, row))
    found = {}
    for key, own in sorted(versions.items()):
        own.sort(key=version_order)
        if not is_void(*own[-1]):
            found[key] = _allocation(key, own, asked, catalogue, as_of)
    return found


def _allocation(
    key: Key,
    versions: list[tuple[Message, Row]],
    asked: dict[tuple[str, str, str], Any],
    catalogue: Catalogue,
    as_of: int,
) -> Allocation:
    message, last = versions[-1]
    product = catalogue.product(message.wet, last["categorie"], last["code"], last["ingangsdatum"])
    references = [row["referentie_aanbieder"] for _, row in versions if row["referentie_aanbieder"]]
    last_day = end_of_year(as_of) if last["einddatum"] is None else last["einddatum"]
    return Allocation(
        key=key,
        last=last,
        provider=message.provider,
        product=product,
        referrer=referrer_group(references[0] if references else "", message.wet, message.provider, asked),
        first_sent=min(version.sent for version, _ in versions),
        total=_total(last, product, last_day),
        last_day=last_day,
    )


def _total(last: Row, product: Product, last_day: int) -> int | None:
    """The total expected amount in eurocents, None when the messages and the catalogue do not say it."""
    if last["budget"]:
        return last["budget"]
    if product.row and product.kind == "herstel" and product.row["arrangement_price"]:
        return product.row["arrangement_price"]
    price = _price_per_unit(last, product)
    times = _times(last["frequentie"], last["ingangsdatum"], last_day)
    if last["volume"] is None or price is None or times is None:
        return None
    return half_up(last["volume"] * price * times)


def _price_per_unit(last: Row, product: Product) -> Fraction | None:
    """Eurocents for one of the allocation's own units."""
    if last["eenheid"] == EUROCENTS:
        return Fraction(1)
    if product.row is None or product.row["tariff"] is None:
        return None
    own, priced = last["eenheid"], product.row["unit"]
    if own == priced:
        return Fraction(product.row["tariff"])
    if own in MINUTES and priced in MINUTES:
        return Fraction(product.row["tariff"] * MINUTES[own], MINUTES[priced])
    return None


def _times(frequency: str, first: int, last: int) -> Fraction | None:
    """How often the volume is given over the days of validity."""
    days = max(0, last - first + 1)
    return {
        "1": Fraction(days),
        "2": Fraction(days, 7),
        "3": Fraction(days, 28),
        "4": sum((Fraction(covered, length) for _, covered, length in covered_months(first, last)), Fraction(0)),
        "5": sum(covered_years(first, last), Fraction(0)),
        "6": Fraction(1),
    }.get(frequency)
