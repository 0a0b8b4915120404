"""The contracted products of the region: seven care domains for youth and Wmo, invented tariffs.

An arrangement (``herstel`` with a price) is allocated as an amount in eurocents (unit 83) for its whole validity;
everything else as a volume per week or month.
"""

from dataclasses import dataclass, replace

JEUGDWET, WMO = "jeugdwet", "wmo"
HERSTEL, DUURZAAM, OVERIG = "herstel", "duurzaam", "overig"
MINUTE, HOUR, DAY, HALF_DAY, PIECE, EUROCENT = "01", "04", "14", "16", "82", "83"
PER_WEEK, PER_MONTH, TOTAL = "2", "4", "6"
INDEXATION = 1.045


@dataclass(frozen=True, slots=True)
class Domain:
    """``share``: of the clients under its law; ``dropout``, ``wait``, ``again``: relative to the provider's own."""

    code: str
    name: str
    wet: str
    share: float
    dropout: float = 1.0
    wait: float = 1.0
    again: float = 0.0


# ``again``: chance that long-term care is indicated anew when its allocation ends.
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
    """``tariff`` and ``price`` in eurocents at the start; ``days``: usual length of an allocation."""

    wet: str
    category: str
    code: str
    name: str
    domain: str
    kind: str
    unit: str
    days: int
    share: float  # within the domain
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
    indexed_from: int = 0

    @property
    def allocated_in(self) -> str:
        """The unit of allocations and claim lines: household help is agreed per hour and allocated in minutes."""
        return MINUTE if self.domain == "hulp-bij-huishouden" else self.unit

    def tariff_on(self, day: int) -> int:
        return self.tariff if day < self.indexed_from else indexed(self.tariff)

    def price_on(self, day: int) -> int:
        return self.price if day < self.indexed_from else indexed(self.price)


def indexed(amount: int) -> int:
    return int(amount * INDEXATION + 0.5)


def _arrangements(letter: str, category: str, domain: str, profiles: tuple[tuple[str, float, float, bool], ...]):
    """Two arrangements per profile: perspectief (lighter) and intensief."""
    for number, (label, share, cost, niche) in enumerate(profiles, 1):
        for intensity, suffix, weight, price, days, part in (
            ("perspectief", 1, 2.0, 168_500, 170, 0.68),
            ("intensief", 2, 4.0, 512_000, 260, 0.32),
        ):
            yield Product(
                *(JEUGDWET, category, f"{category}{letter}{number}{suffix}", f"{label}, {intensity}", domain),
                *(HERSTEL, EUROCENT, days, share * part, weight),
                price=int(price * cost),
                segment="C" if niche else "B",
                profile=f"Profiel {number}",
                intensity=intensity,
                niche=niche,
            )


def _sustained(letter: str, category: str, domain: str, label: str, tariff: int, share: float):
    """Long-term support in three intensities, in hours per month."""
    steps = (("licht", 1.5, (2, 3)), ("midden", 3.0, (4, 6)), ("zwaar", 4.5, (8, 12)))
    for number, (intensity, weight, volumes) in enumerate(steps, 1):
        yield Product(
            *(JEUGDWET, category, f"{category}{letter}9{number}", f"{label}, duurzaam {intensity}", domain),
            *(DUURZAAM, HOUR, 365, share / number, weight, PER_MONTH, volumes, tariff),
            segment="B",
            profile="Duurzaam",
            intensity=f"duurzaam {intensity}",
        )


GGZ_PROFILES = (
    ("Angst en stemming", 0.24, 1.0, False),
    ("Aandacht en concentratie", 0.2, 0.85, False),
    ("Autismespectrum", 0.17, 1.15, False),
    ("Trauma en hechting", 0.15, 1.25, False),
    ("Eetproblematiek", 0.05, 1.9, True),
    ("Meervoudige gedragsproblematiek", 0.09, 1.45, False),
)
UPBRINGING_PROFILES = (
    ("Opvoedondersteuning", 0.28, 0.8, False),
    ("Gezinsbehandeling", 0.22, 1.35, False),
    ("Scheiding en omgang", 0.14, 0.75, False),
    ("Gedrag en schoolverzuim", 0.16, 1.0, False),
    ("Licht verstandelijke beperking", 0.1, 1.3, True),
)


def _row(wet: str, domain: str, code: str, name: str, kind: str, unit: str, days: int, share: float, weight: float):
    return Product(wet, code[:2], code, name, domain, kind, unit, days, share, weight)


def _guidance_youth():
    row = lambda *cells: _row(JEUGDWET, "begeleiding-jeugd", *cells)  # noqa: E731
    yield replace(row("45B11", "Kortdurende begeleiding", HERSTEL, EUROCENT, 140, 0.2, 1.5), price=132_000)
    yield replace(row("45B12", "Kortdurende gezinsbegeleiding", HERSTEL, EUROCENT, 180, 0.15, 2.5), price=214_500)
    for code, label, weight, share, volumes in (
        ("45B21", "licht", 1.5, 0.22, (1, 2)),
        ("45B22", "midden", 2.5, 0.14, (3, 4)),
        ("45B23", "zwaar", 4.0, 0.06, (5, 7)),
    ):
        product = row(code, f"Begeleiding individueel {label}", DUURZAAM, HOUR, 300, share, weight)
        yield replace(product, frequency=PER_WEEK, volumes=volumes, tariff=7_140, intensity=label)
    for code, label, weight, share, tariff in (
        ("41B31", "Dagbegeleiding groep", 2.0, 0.13, 5_860),
        ("41B32", "Dagbegeleiding groep intensief", 3.5, 0.05, 8_910),
    ):
        product = row(code, label, DUURZAAM, HALF_DAY, 330, share, weight)
        yield replace(product, frequency=PER_WEEK, volumes=(1, 2, 3), tariff=tariff)
    care = row("40B41", "Persoonlijke verzorging jeugd", DUURZAAM, HOUR, 365, 0.05, 2.0)
    yield replace(care, frequency=PER_WEEK, volumes=(2, 3), tariff=5_520)


def _other_youth():
    dyslexia = lambda *cells: _row(JEUGDWET, "eed", *cells)  # noqa: E731
    yield replace(dyslexia("54E01", "EED diagnostiek", HERSTEL, EUROCENT, 70, 0.4, 1.0), price=118_000)
    yield replace(dyslexia("54E02", "EED behandeling", HERSTEL, EUROCENT, 420, 0.6, 1.5), price=436_000)
    for code, name, days, share, weight, tariff, volumes, niche in (
        ("44V01", "Pleegzorg", 365, 0.4, 2.0, 4_680, (7,), False),
        ("44V02", "Deeltijdverblijf", 300, 0.2, 3.0, 17_950, (1, 2), False),
        ("44V03", "Gezinshuis", 365, 0.24, 4.0, 18_870, (7,), False),
        ("43V04", "Woongroep met behandeling", 270, 0.12, 5.0, 29_640, (7,), True),
        ("43V05", "Driemilieuvoorziening", 200, 0.04, 6.0, 46_120, (7,), True),
    ):
        product = _row(JEUGDWET, "verblijf-jeugd", code, name, DUURZAAM, DAY, days, share, weight)
        yield replace(product, frequency=PER_WEEK, volumes=volumes, tariff=tariff, niche=niche, segment="C")
    crisis = _row(JEUGDWET, "jeugd-overig", "46C01", "Crisishulp ambulant", OVERIG, HOUR, 28, 0.6, 5.0)
    yield replace(crisis, volumes=(20, 30, 40), tariff=12_260, segment="C", niche=True)
    rides = _row(JEUGDWET, "jeugd-overig", "42T01", "Vervoer jeugd", OVERIG, PIECE, 300, 0.4, 0.5)
    yield replace(rides, frequency=PER_MONTH, volumes=(8, 12, 16), tariff=1_085)


def _protected_living():
    for number, (label, weight, tariff, share) in enumerate(
        (
            ("basis", 3.0, 11_830, 0.4),
            ("plus", 4.0, 15_270, 0.3),
            ("intensief", 5.0, 18_940, 0.2),
            ("ggz", 6.0, 22_460, 0.1),
        ),
        1,
    ):
        product = _row(
            WMO, "beschermd-wonen", f"15B0{number}", f"Beschermd wonen {label}", DUURZAAM, DAY, 365, share, weight
        )
        extra = {"parcel": "Perceel 2A", "package": f"Pakket {number}", "niche": number == 4}
        yield replace(product, frequency=PER_WEEK, volumes=(7,), tariff=tariff, **extra)
    for number, (label, weight, volumes, share) in enumerate(
        (
            ("licht", 1.5, (3, 4), 0.35),
            ("midden", 2.5, (6, 8), 0.35),
            ("zwaar", 3.5, (10, 12), 0.2),
            ("met nabijheid", 4.5, (14,), 0.1),
        ),
        1,
    ):
        product = _row(WMO, "thuisplus", f"15T0{number}", f"ThuisPlus {label}", DUURZAAM, HOUR, 365, share, weight)
        extra = {"parcel": "Perceel 2B", "package": f"Pakket {number}"}
        yield replace(product, frequency=PER_WEEK, volumes=volumes, tariff=6_930, **extra)


def _support_adults():
    row = lambda *cells: _row(WMO, "begeleiding-wmo", *cells)  # noqa: E731
    extra = {"parcel": "Perceel 1"}
    yield replace(
        row("02H01", "Herstelgerichte begeleiding kort", HERSTEL, EUROCENT, 150, 0.2, 1.5), price=148_000, **extra
    )
    yield replace(
        row("02H02", "Herstelgerichte begeleiding lang", HERSTEL, EUROCENT, 270, 0.16, 2.5), price=296_500, **extra
    )
    for code, name, unit, days, share, weight, volumes, tariff in (
        ("02A01", "Begeleiding individueel licht", HOUR, 365, 0.2, 1.5, (1, 2), 6_480),
        ("02A02", "Begeleiding individueel midden", HOUR, 365, 0.12, 2.5, (3, 4), 6_480),
        ("02A03", "Begeleiding individueel zwaar", HOUR, 365, 0.04, 4.0, (5, 6), 7_310),
        ("07D01", "Dagbesteding licht", HALF_DAY, 365, 0.1, 1.0, (2, 3), 4_150),
        ("07D02", "Dagbesteding midden", HALF_DAY, 365, 0.09, 2.0, (2, 4), 5_240),
        ("07D03", "Dagbesteding zwaar", HALF_DAY, 365, 0.03, 3.0, (4, 6), 6_860),
        ("04K01", "Kortdurend verblijf", DAY, 300, 0.02, 3.0, (1, 2), 16_390),
    ):
        yield replace(
            row(code, name, DUURZAAM, unit, days, share, weight),
            frequency=PER_WEEK,
            volumes=volumes,
            tariff=tariff,
            **extra,
        )
    rides = replace(row("08T01", "Vervoer naar dagbesteding", OVERIG, PIECE, 365, 0.04, 0.5), frequency=PER_MONTH)
    yield replace(rides, volumes=(8, 12, 16), tariff=940, **extra)


def _household():
    for code, name, kind, days, share, weight, volumes in (
        ("01A01", "Hulp bij het huishouden basis", DUURZAAM, 730, 0.55, 1.0, (120, 150, 180)),
        ("01A02", "Hulp bij het huishouden plus", DUURZAAM, 730, 0.25, 1.5, (180, 210, 240)),
        ("01A03", "Hulp bij het huishouden met regie", DUURZAAM, 365, 0.12, 2.5, (180, 240, 300)),
        ("01A04", "Tijdelijke hulp bij het huishouden", OVERIG, 90, 0.08, 1.0, (120, 180)),
    ):
        product = _row(WMO, "hulp-bij-huishouden", code, name, kind, HOUR, days, share, weight)
        yield replace(product, frequency=PER_WEEK, volumes=volumes, tariff=3_492, parcel="Perceel 3")


def catalogue(indexed_from: int) -> tuple[Product, ...]:
    """All products, in order of law and code; their tariffs rise on ``indexed_from``."""
    rows = [
        *_arrangements("A", "54", "jeugd-ggz", GGZ_PROFILES),
        *_sustained("A", "54", "jeugd-ggz", "Jeugd-ggz", 11_280, 0.06),
        *_arrangements("A", "45", "jeugd-en-opvoedhulp", UPBRINGING_PROFILES),
        *_sustained("A", "45", "jeugd-en-opvoedhulp", "Jeugd- en opvoedhulp", 9_460, 0.06),
        *_guidance_youth(),
        *_other_youth(),
        *_protected_living(),
        *_support_adults(),
        *_household(),
    ]
    return tuple(replace(row, indexed_from=indexed_from) for row in rows)
