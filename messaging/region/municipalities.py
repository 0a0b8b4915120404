"""The Frisian municipalities (CBS) and two former ones that merge while the region is running."""

import datetime as dt
from dataclasses import dataclass
from random import Random

from messaging.region.days import add_months
from messaging.region.streams import stream

# code, name, inhabitants in thousands
CURRENT = (
    ("0059", "Achtkarspelen", 28),
    ("0060", "Ameland", 4),
    ("0072", "Harlingen", 16),
    ("0074", "Heerenveen", 51),
    ("0080", "Leeuwarden", 127),
    ("0085", "Ooststellingwerf", 26),
    ("0086", "Opsterland", 30),
    ("0088", "Schiermonnikoog", 1),
    ("0090", "Smallingerland", 57),
    ("0093", "Terschelling", 5),
    ("0096", "Vlieland", 1),
    ("0098", "Weststellingwerf", 26),
    ("0737", "Tytsjerksteradiel", 33),
    ("1891", "Dantumadiel", 19),
    ("1900", "Súdwest-Fryslân", 91),
    ("1940", "De Fryske Marren", 52),
    ("1949", "Waadhoeke", 47),
    ("1970", "Noardeast-Fryslân", 46),
)
# Both became part of Noardeast-Fryslân; the region lets them do so in its own early months.
FORMER = (("0079", "Kollumerland en Nieuwkruisland", 13), ("1722", "Ferwerderadiel", 9))
SUCCESSOR = "1970"


@dataclass(frozen=True, slots=True)
class Municipality:
    """``decides_in``: mean working days from request to allocation; ``answers_in``: to any return message.

    ``faults``: share of its 301s that the provider cannot accept; ``silent``: share of messages it leaves unanswered.
    """

    code: str
    name: str
    inhabitants: int
    decides_in: float
    answers_in: float
    pays_in: float
    faults: float
    silent: float


def municipalities(seed: int) -> dict[str, Municipality]:
    rng = stream(seed, "municipalities")
    return {code: _municipality(rng, code, name, size) for code, name, size in (*CURRENT, *FORMER)}


def _municipality(rng: Random, code: str, name: str, size: int) -> Municipality:
    slow = code in ("1949", "0098")  # two that struggle with their own traffic
    return Municipality(
        code=code,
        name=name,
        inhabitants=size,
        decides_in=rng.uniform(10, 13) if slow else rng.uniform(4, 8),
        answers_in=rng.uniform(4, 6) if slow else rng.uniform(1.2, 2.8),
        pays_in=rng.uniform(16, 22) if slow else rng.uniform(6, 13),
        faults=rng.uniform(0.04, 0.06) if slow else rng.uniform(0.01, 0.03),
        silent=rng.uniform(0.03, 0.05) if slow else rng.uniform(0.004, 0.015),
    )


def merger_day(start: int, months: int) -> int:
    """The first day of the merged municipality: the first of January of the early period, else a third of the way."""
    for offset in range(3, months // 2 + 1):
        first = add_months(start, offset)
        if dt.date.fromordinal(first).month == 1:
            return first
    return add_months(start, max(1, months // 3))
