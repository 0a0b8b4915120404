"""Invented names of providers, and the roles of the contract managers who talk with them."""

from random import Random

STEMS = (
    *("Waadkant", "Reidplom", "Heechlân", "Terpstee", "Wetterwille", "Lytse Stap", "Fjildblom", "Poarte", "Nijstart"),
    *("Aldehou", "Sânpaad", "Elzereed", "Skûlplak", "Mienskar", "Greidehoeke", "Boppeslach", "Sterkwijs", "Klaverbled"),
    *("Doarpsgeluk", "Wiidweid", "Ljochtpunt", "Stienlân", "Oerset", "Beekdal", "Maatwerkplaats", "Hearewei"),
    *("Windfaan", "Draaipunt", "Gerniel", "Ankerplak", "Bûtenreed", "Mienstee", "Opfleur", "Fierder", "Weromkear"),
    *(
        "Wilgenrij",
        "Stalpaal",
        "Mei-inoar",
        "Tuskenlân",
        "Skoalpaad",
        "Hazzeleger",
        "Kwelderwind",
        "Twirre",
        "Ûnderdak",
    ),
    *("Reinbôge", "Flinterhof", "Ierdbei", "Mosterdsied", "Stjerrewacht", "Nije Kim", "Wiekslach", "Goudreinet"),
    *("Linebeam", "Rûnwei", "Eigenwiis", "Hoekstien", "Oerstap", "Foarútsjoch", "Klimop", "Zilvermeeuw"),
)
# Name by domain: of an organisation, of a practice.
FORMS = {
    "jeugd-ggz": (("Behandelcentrum {}", "{} Jeugd-ggz"), ("Kinder- en jeugdpraktijk {}", "Psychologiepraktijk {}")),
    "jeugd-en-opvoedhulp": (("Stichting Jeugdhulp {}", "{} Jeugd en Gezin"), ("Gezinspraktijk {}", "Opvoedhulp {}")),
    "begeleiding-jeugd": (("{} Begeleiding Jeugd", "Zorggroep {} Jeugd"), ("Jeugdcoaching {}", "Zorgboerderij {}")),
    "eed": (("Dyslexiecentrum {}", "{} Leerhulp"), ("Dyslexiepraktijk {}", "Leespraktijk {}")),
    "verblijf-jeugd": (("Stichting Jeugdverblijf {}", "{} Pleegzorg en Verblijf"), ("Gezinshuis {}", "Logeerhuis {}")),
    "jeugd-overig": (("Crisisdienst {}", "{} Jeugdvervoer"), ("Vervoersdienst {}", "Jeugdvervoer {}")),
    "begeleiding-wmo": (("Stichting {} Begeleiding", "Zorggroep {}"), ("Ambulante begeleiding {}", "Zorgboerderij {}")),
    "hulp-bij-huishouden": (("Thuiszorg {}", "Huishoudelijke Zorg {}"), ("{} aan Huis", "Huishoudhulp {}")),
    "thuisplus": (("{} ThuisPlus", "Wonen en Zorg {}"), ("Woonbegeleiding {}", "Thuisbegeleiding {}")),
    "beschermd-wonen": (("Beschermd Wonen {}", "{} Maatschappelijke Zorg"), ("Woonhuis {}", "Kleinschalig Wonen {}")),
}
REGIONAL = ("Contractmanager Jeugd Noord", "Contractmanager Jeugd Zuid")
MANAGERS = {
    "jeugd-ggz": "Contractmanager Jeugd-ggz",
    "eed": "Contractmanager Jeugd-ggz",
    "begeleiding-wmo": "Contractmanager Begeleiding Wmo",
    "hulp-bij-huishouden": "Contractmanager Huishoudelijke hulp",
    "thuisplus": "Contractmanager Beschermd wonen",
    "beschermd-wonen": "Contractmanager Beschermd wonen",
}


def name(rng: Random, rank: int, domain: str, *, practice: bool) -> str:
    """A name that fits the domain. Stems come back once, with a part of the region added."""
    form = rng.choice(FORMS[domain][1 if practice else 0])
    part = ("", " Noord")[rank // len(STEMS)]
    return form.format(STEMS[rank * 7 % len(STEMS)] + part)


def contract_manager(rank: int, domain: str) -> str:
    return MANAGERS.get(domain, REGIONAL[rank % 2])
