"""Test persons: invented, and recognisable as such."""

from random import Random

from messaging.region import bsn
from messaging.region.model import Person
from messaging.region.municipalities import Municipality
from messaging.region.products import JEUGDWET, WMO
from messaging.region.streams import stream

YOUTH_SHARE = 0.55
BOTH_SHARE = 0.02


class TooManyClientsError(ValueError):
    """More clients than there are test BSNs; the message is a Dutch sentence."""

    def __init__(self, clients: int) -> None:
        super().__init__(
            f"Er zijn {bsn.AVAILABLE} testburgerservicenummers; {clients} cliënten kan niet."
            f" Kies hoogstens {bsn.AVAILABLE} cliënten."
        )


def persons(seed: int, clients: int, until: int, municipalities: dict[str, Municipality]) -> list[Person]:
    """``clients`` persons with ascending test BSNs; raises TooManyClientsError."""
    if clients > bsn.AVAILABLE:
        raise TooManyClientsError(clients)
    homes = list(municipalities)
    weights = [municipalities[code].inhabitants for code in homes]
    return [
        _person(stream(seed, "person", number), number, test_bsn, until, homes, weights)
        for number, test_bsn in zip(range(1, clients + 1), bsn.numbers(), strict=False)
    ]


def _person(rng: Random, number: int, test_bsn: str, until: int, homes: list[str], weights: list[int]) -> Person:
    draw = rng.random()
    wetten = (JEUGDWET, WMO) if draw < BOTH_SHARE else (JEUGDWET,) if draw < YOUTH_SHARE else (WMO,)
    age = rng.triangular(3, 17, 13) if JEUGDWET in wetten else rng.triangular(19, 95, 74)
    return Person(
        number=number,
        bsn=test_bsn,
        born=until - int(age * 365.25),
        sex=rng.choice("12"),
        municipality=rng.choices(homes, weights)[0],
        wetten=wetten,
    )
