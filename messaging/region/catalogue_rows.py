"""What the catalogue is made of: tables per kind of product, with invented tariffs in eurocents."""

from messaging.region.products import (
    DAY,
    HALF_DAY,
    HOUR,
    PER_MONTH,
    PER_WEEK,
    PIECE,
    TOTAL,
)

# Profiles of recovery care for youth: name, share, cost relative to the standard price, rare.
PROFILES = {
    "jeugd-ggz": (
        ("Angst en stemming", 0.24, 1.0, False),
        ("Aandacht en concentratie", 0.2, 0.85, False),
        ("Autismespectrum", 0.17, 1.15, False),
        ("Trauma en hechting", 0.15, 1.25, False),
        ("Eetproblematiek", 0.05, 1.9, True),
        ("Meervoudige gedragsproblematiek", 0.09, 1.45, False),
    ),
    "jeugd-en-opvoedhulp": (
        ("Opvoedondersteuning", 0.28, 0.8, False),
        ("Gezinsbehandeling", 0.22, 1.35, False),
        ("Scheiding en omgang", 0.14, 0.75, False),
        ("Gedrag en schoolverzuim", 0.16, 1.0, False),
        ("Licht verstandelijke beperking", 0.1, 1.3, True),
    ),
}
# Intensity, digit of the code, weight, price, days, share.
INTENSITIES = (("perspectief", 1, 2.0, 168_500, 170, 0.68), ("intensief", 2, 4.0, 512_000, 260, 0.32))
# Long-term support beside the profiles: intensity, digit, weight, hours per month, share.
SUSTAINED = (
    ("duurzaam licht", 1, 1.5, (2, 3), 0.06),
    ("duurzaam midden", 2, 3.0, (4, 6), 0.03),
    ("duurzaam zwaar", 3, 4.5, (8, 12), 0.02),
)
SUSTAINED_TARIFF = {"jeugd-ggz": 11_280, "jeugd-en-opvoedhulp": 9_460}
PROFILE_CODES = {"jeugd-ggz": "54A", "jeugd-en-opvoedhulp": "45A"}

# Other arrangements: domain, code, name, days, share, weight, price, parcel.
ARRANGEMENTS = (
    ("begeleiding-jeugd", "45B11", "Kortdurende begeleiding", 140, 0.2, 1.5, 132_000, ""),
    ("begeleiding-jeugd", "45B12", "Kortdurende gezinsbegeleiding", 180, 0.15, 2.5, 214_500, ""),
    ("eed", "54E01", "EED diagnostiek", 70, 0.4, 1.0, 118_000, ""),
    ("eed", "54E02", "EED behandeling", 420, 0.6, 1.5, 436_000, ""),
    ("begeleiding-wmo", "02H01", "Herstelgerichte begeleiding kort", 150, 0.2, 1.5, 148_000, "Perceel 1"),
    ("begeleiding-wmo", "02H02", "Herstelgerichte begeleiding lang", 270, 0.16, 2.5, 296_500, "Perceel 1"),
)
# Tailor-made care within a budget: domain, code of the claims, name, days, share, weight, budget.
BUDGETS = (
    ("jeugd-overig", "50M01", "Maatwerkarrangement jeugd", 240, 0.3, 4.0, 845_000),
    ("begeleiding-wmo", "10M01", "Maatwerkarrangement Wmo", 240, 0.03, 4.0, 620_000),
)
# Volumes: domain, unit, frequency, code, name, days, share, weight, volumes, tariff.
VOLUMES = (
    ("begeleiding-jeugd", HOUR, PER_WEEK, "45B21", "Begeleiding individueel licht", 300, 0.22, 1.5, (1, 2), 7_140),
    ("begeleiding-jeugd", HOUR, PER_WEEK, "45B22", "Begeleiding individueel midden", 300, 0.14, 2.5, (3, 4), 7_140),
    ("begeleiding-jeugd", HOUR, PER_WEEK, "45B23", "Begeleiding individueel zwaar", 300, 0.06, 4.0, (5, 7), 7_140),
    ("begeleiding-jeugd", HALF_DAY, PER_WEEK, "41B31", "Dagbegeleiding groep", 330, 0.13, 2.0, (1, 2, 3), 5_860),
    ("begeleiding-jeugd", HALF_DAY, PER_WEEK, "41B32", "Dagbegeleiding intensief", 330, 0.05, 3.5, (1, 2, 3), 8_910),
    ("begeleiding-jeugd", HOUR, PER_WEEK, "40B41", "Persoonlijke verzorging jeugd", 365, 0.05, 2.0, (2, 3), 5_520),
    ("verblijf-jeugd", DAY, PER_WEEK, "44V01", "Pleegzorg", 365, 0.4, 2.0, (7,), 4_680),
    ("verblijf-jeugd", DAY, PER_WEEK, "44V02", "Deeltijdverblijf", 300, 0.2, 3.0, (1, 2), 17_950),
    ("verblijf-jeugd", DAY, PER_WEEK, "44V03", "Gezinshuis", 365, 0.24, 4.0, (7,), 18_870),
    ("verblijf-jeugd", DAY, PER_WEEK, "43V04", "Woongroep met behandeling", 270, 0.12, 5.0, (7,), 29_640),
    ("verblijf-jeugd", DAY, PER_WEEK, "43V05", "Driemilieuvoorziening", 200, 0.04, 6.0, (7,), 46_120),
    ("jeugd-overig", HOUR, TOTAL, "46C01", "Crisishulp ambulant", 28, 0.6, 5.0, (20, 30, 40), 12_260),
    ("jeugd-overig", PIECE, PER_MONTH, "42T01", "Vervoer jeugd", 300, 0.4, 0.5, (8, 12, 16), 1_085),
    ("beschermd-wonen", DAY, PER_WEEK, "15B01", "Beschermd wonen basis", 365, 0.4, 3.0, (7,), 11_830),
    ("beschermd-wonen", DAY, PER_WEEK, "15B02", "Beschermd wonen plus", 365, 0.3, 4.0, (7,), 15_270),
    ("beschermd-wonen", DAY, PER_WEEK, "15B03", "Beschermd wonen intensief", 365, 0.2, 5.0, (7,), 18_940),
    ("beschermd-wonen", DAY, PER_WEEK, "15B04", "Beschermd wonen ggz", 365, 0.1, 6.0, (7,), 22_460),
    ("thuisplus", HOUR, PER_WEEK, "15T01", "ThuisPlus licht", 365, 0.35, 1.5, (3, 4), 6_930),
    ("thuisplus", HOUR, PER_WEEK, "15T02", "ThuisPlus midden", 365, 0.35, 2.5, (6, 8), 6_930),
    ("thuisplus", HOUR, PER_WEEK, "15T03", "ThuisPlus zwaar", 365, 0.2, 3.5, (10, 12), 6_930),
    ("thuisplus", HOUR, PER_WEEK, "15T04", "ThuisPlus met nabijheid", 365, 0.1, 4.5, (14,), 6_930),
    ("begeleiding-wmo", HOUR, PER_WEEK, "02A01", "Begeleiding individueel licht", 365, 0.2, 1.5, (1, 2), 6_480),
    ("begeleiding-wmo", HOUR, PER_WEEK, "02A02", "Begeleiding individueel midden", 365, 0.12, 2.5, (3, 4), 6_480),
    ("begeleiding-wmo", HOUR, PER_WEEK, "02A03", "Begeleiding individueel zwaar", 365, 0.04, 4.0, (5, 6), 7_310),
    ("begeleiding-wmo", HALF_DAY, PER_WEEK, "07D01", "Dagbesteding licht", 365, 0.1, 1.0, (2, 3), 4_150),
    ("begeleiding-wmo", HALF_DAY, PER_WEEK, "07D02", "Dagbesteding midden", 365, 0.09, 2.0, (2, 4), 5_240),
    ("begeleiding-wmo", HALF_DAY, PER_WEEK, "07D03", "Dagbesteding zwaar", 365, 0.03, 3.0, (4, 6), 6_860),
    ("begeleiding-wmo", DAY, PER_WEEK, "04K01", "Kortdurend verblijf", 300, 0.02, 3.0, (1, 2), 16_390),
    ("begeleiding-wmo", PIECE, PER_MONTH, "08T01", "Vervoer naar dagbesteding", 365, 0.04, 0.5, (8, 12, 16), 940),
    (
        "hulp-bij-huishouden",
        HOUR,
        PER_WEEK,
        "01A01",
        "Huishoudelijke hulp basis",
        730,
        0.55,
        1.0,
        (120, 150, 180),
        3_492,
    ),
    (
        "hulp-bij-huishouden",
        HOUR,
        PER_WEEK,
        "01A02",
        "Huishoudelijke hulp plus",
        730,
        0.25,
        1.5,
        (180, 210, 240),
        3_492,
    ),
    (
        "hulp-bij-huishouden",
        HOUR,
        PER_WEEK,
        "01A03",
        "Huishoudelijke hulp regie",
        365,
        0.12,
        2.5,
        (180, 240, 300),
        3_492,
    ),
    (
        "hulp-bij-huishouden",
        HOUR,
        PER_WEEK,
        "01A04",
        "Tijdelijke huishoudelijke hulp",
        90,
        0.08,
        1.0,
        (120, 180),
        3_492,
    ),
)
NEITHER = {"46C01", "42T01", "08T01", "01A04"}  # neither recovery nor long-term
RARE = {"43V04", "43V05", "46C01", "15B04"}
PARCELS = {
    "begeleiding-wmo": "Perceel 1",
    "beschermd-wonen": "Perceel 2A",
    "thuisplus": "Perceel 2B",
    "hulp-bij-huishouden": "Perceel 3",
}
PACKAGED = ("beschermd-wonen", "thuisplus")
