"""Pieces of XML that several message types share. All values are codes, numbers and days: nothing needs escaping."""

from messaging.region.days import iso
from messaging.region.model import Care, Message, Person
from messaging.region.products import JEUGDWET, Product

BERICHTCODES = {  # jeugdwet, wmo (COD002)
    "301": ("436", "414"),
    "302": ("437", "415"),
    "303": ("432", "416"),
    "304": ("433", "417"),
    "305": ("438", "418"),
    "306": ("439", "419"),
    "307": ("440", "420"),
    "308": ("441", "421"),
    "315": ("446", "444"),
    "316": ("447", "445"),
    "317": ("486", "480"),
    "318": ("487", "481"),
    "319": ("488", "482"),
    "320": ("489", "483"),
    "323": ("490", "484"),
    "325": ("491", "485"),
}
XSD_VERSION = "<b:BasisschemaXsdVersie>1.0.0</b:BasisschemaXsdVersie><b:BerichtXsdVersie>1.0.0</b:BerichtXsdVersie>"


def bericht(message: Message, standard: str, header: str, body: str) -> str:
    """The whole document: ``header`` and ``body`` are the contents of Header and what follows it."""
    ijw = message.wet == JEUGDWET
    family, prefix = ("ijw", "jw") if ijw else ("iwmo", "wmo")
    root = f"http://www.istandaarden.nl/{family}/{standard.replace('.', '_')}"
    major, minor = standard.split(".")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Bericht xmlns="{root}/{prefix}{message.soort}/schema" xmlns:b="{root}/basisschema/schema">'
        f"<Header><BerichtCode>{BERICHTCODES[message.soort][0 if ijw else 1]}</BerichtCode>"
        f"<BerichtVersie>{major}</BerichtVersie><BerichtSubversie>{minor}</BerichtSubversie>{header}</Header>"
        f"{body}</Bericht>\n"
    )


def parties(message: Message) -> str:
    """Afzender and Ontvanger as the message's sender writes them; a return copies those of what it answers."""
    pair = (message.municipality, message.provider)
    sender, receiver = pair if message.from_municipality else pair[::-1]
    return f"<Afzender>{sender}</Afzender><Ontvanger>{receiver}</Ontvanger>"


def identification(message: Message, name: str = "BerichtIdentificatie") -> str:
    return (
        f"<{name}><b:Identificatie>{message.identification}</b:Identificatie>"
        f"<b:Dagtekening>{iso(message.day)}</b:Dagtekening></{name}>"
    )


def retourcodes(code: str) -> str:
    """The class RetourCodes, or nothing without a code."""
    return f"<RetourCodes><RetourCode>{code}</RetourCode></RetourCodes>" if code else ""


def person_head(person: Person, full_name: bool = False) -> str:
    """Bsn, Geboortedatum, Geslacht and Naam of a test person, whose name says that it is one."""
    use = "<b:NaamGebruik>1</b:NaamGebruik>" if full_name else ""
    return (
        f"<Bsn>{person.bsn}</Bsn><Geboortedatum><b:Datum>{iso(person.born)}</b:Datum></Geboortedatum>"
        f"<Geslacht>{person.sex}</Geslacht><Naam><b:Geslachtsnaam><b:Achternaam>Testpersoon-{person.number:05d}"
        "</b:Achternaam></b:Geslachtsnaam><b:Voornamen>Test</b:Voornamen><b:Voorletters>T</b:Voorletters>"
        f"{use}</Naam>"
    )


def address(person: Person, codes: str) -> str:
    """Contactgegevens with a made-up address; ``codes`` is the RetourCodes class of a return."""
    return (
        "<Contactgegevens><Contact><Soort>03</Soort><Adres>"
        f"<b:Huis><b:Huisnummer>{person.number}</b:Huisnummer></b:Huis><b:Postcode>9999XX</b:Postcode>"
        "<b:Straatnaam>Voorbeeldstraat</b:Straatnaam><b:Plaatsnaam>Voorbeeldstad</b:Plaatsnaam>"
        f"<b:LandCode>NL</b:LandCode></Adres>{codes}</Contact></Contactgegevens>"
    )


def product(row: Product) -> str:
    code = "" if row.aspecific else f"<b:Code>{row.code}</b:Code>"
    return f"<Product><b:Categorie>{row.category}</b:Categorie>{code}</Product>"


def size(care: Care, modern: bool) -> str:
    """Omvang, or Budget for care without a product code; releases before 3.0 know no budget."""
    if care.product.aspecific:
        return f"<Budget>{care.volume}</Budget>" if modern else ""
    return (
        f"<Omvang><b:Volume>{care.volume}</b:Volume><b:Eenheid>{care.product.allocated_in}</b:Eenheid>"
        f"<b:Frequentie>{care.product.frequency}</b:Frequentie></Omvang>"
    )


def referrer(code: str, number: int, modern: bool) -> str:
    """Verwijzer; a doctor or certified institution (02–05) also with an invented AGB code since 3.0 (CD066)."""
    own = modern and code in ("02", "03", "04", "05")
    agb = f"<b:ZorgverlenerCode>{98_000_000 + number % 97:08d}</b:ZorgverlenerCode>" if own else ""
    return f"<Verwijzer><b:Type>{code}</b:Type>{agb}</Verwijzer>"
