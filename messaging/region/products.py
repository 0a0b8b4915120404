"""Care domains and products as the region contracts them; tariffs and prices are invented.

An arrangement (``herstel`` with a price) is allocated as an amount in eurocents (unit 83) for its whole validity;
everything else as a volume per week or month, or in total.
"""

from dataclasses import dataclass

JEUGDWET, WMO = "jeugdwet", "wmo"
HERSTEL, DUURZAAM, OVERIG = "herstel", "duurzaam", "overig"
MINUTE, HOUR, DAY, HALF_DAY, PIECE, EUROCENT = "01", "04", "14", "16", "82", "83"
PER_WEEK, PER_MONTH, TOTAL = "2", "4", "6"
INDEXATION = 1.045


@dataclass(frozen=True, slots=True)
class Domain:
    """``share``: of the clients under its law; ``dropout`` and ``wait``: relative to the provider's own.

    ``again``: chance that long-term care is indicated anew when its allocation ends.
    """

    code: str
    name: str
    wet: str
    share: float
    dropout: float = 1.0
    wait: float = 1.0
    again: float = 0.0


DOMAINS = {
    domain.code: domain
    for domain in (
        Domain("jeugd-ggz", "Jeugd-ggz", JEUGDWET, 0.36, dropout=1.1, wait=1.25, again=0.45),
        Domain("jeugd-en-opvoedhulp", "Jeugd- en opvoedhulp", JEUGDWET, 0.27, dropout=1.1, again=0.4),
        Domain("begeleiding-jeugd", "Begeleiding jeugd", JEUGDWET, 0.2, dropout=0.95, wait=0.8, again=0.5),
        Domain("eed", "Ernstige dyslexie (EED)", JEUGDWET, 0.09, dropout=0.45, wait=0.9),
        Domain("verblijf-jeugd", "Verblijf jeugd", JEUGDWET, 0.06, dropout=0.9, wait=0.8, again=0.5),
        Domain("jeugd-overig", "Overige jeugdhulp", JEUGDWET, 0.02, dropout=0.6, wait=0.4),
        Domain("begeleiding-wmo", "Begeleiding Wmo", WMO, 0.36, dropout=1.1, again=0.5),
        Domain("hulp-bij-huishouden", "Hulp bij het huishouden", WMO, 0.47, dropout=0.7, wait=0.8, again=0.65),
        Domain("thuisplus", "ThuisPlus", WMO, 0.09, dropout=1.1, wait=1.2, again=0.5),
        Domain("beschermd-wonen", "Beschermd wonen", WMO, 0.08, dropout=1.0, wait=1.4, again=0.6),
    )
}


@dataclass(frozen=True, slots=True)
class Product:
    """``tariff`` and ``price`` in eurocents at the start; ``days``: usual length of an allocation.

    ``share``: of the clients in its domain; ``niche``: few providers offer it; ``aspecific``: allocated
    by category only, within a budget, and claimed under ``code`` (IV075).
    """

    domain: str
    code: str
    name: str
    kind: str
    unit: str
    days: int
    share: float
    weight: float
    frequency: str = TOTAL
    volumes: tuple[int, ...] = ()
    tariff: int = 0
    price: int = 0
    segment: str = ""
    profile: str = ""
    intensity: str = ""
    parcel: str = ""
    package: str = ""
    niche: bool = False
    aspecific: bool = False
    indexed_from: int = 0

    @property
    def wet(self) -> str:
        return DOMAINS[self.domain].wet

    @property
    def category(self) -> str:
        return self.code[:2]

    @property
    def allocated_in(self) -> str:
        """The unit of allocations and claim lines: household help is agreed per hour and allocated in minutes."""
        return MINUTE if self.domain == "hulp-bij-huishouden" else self.unit

    def tariff_on(self, day: int) -> int:
        return self.tariff if day < self.indexed_from else indexed(self.tariff)

    def price_on(self, day: int) -> int:
        return self.price if day < self.indexed_from else indexed(self.price)


def indexed(amount: int) -> int:
    """The amount after the one indexation of the region."""
    return int(amount * INDEXATION + 0.5)
