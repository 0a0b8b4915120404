"""How one cell of an export is read: Dutch and ISO dates, amounts in euros, codes with or without their description.

Every reader gives the value as the message types have it, or raises FieldError with a Dutch sentence that holds no
value.
"""

import re
from collections.abc import Callable

from messaging.berichten import fields
from messaging.berichten.fields import FieldError
from messaging.berichten.persons import is_bsn

_DUTCH = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})", re.ASCII)
_MIDNIGHT = re.compile(r"[ T]0{1,2}:00(:00(\.0+)?)?$", re.ASCII)
_COMMA = re.compile(r"(\d+|\d{1,3}(?:\.\d{3})+)(?:,(\d{1,2}))?", re.ASCII)
_POINT = re.compile(r"(\d+|\d{1,3}(?:,\d{3})+)\.(\d{1,2})", re.ASCII)
_WHOLE = re.compile(r"(\d+)(?:[.,]0+)?", re.ASCII)
_DESCRIBED = re.compile(r"([0-9A-Za-z]+)(?:\s*[-–—:|(].*|\s+\D.*)?", re.DOTALL)
MOST = 99_999_999  # the limit of the schemas: eight digits
WETTEN = {
    **dict.fromkeys(("jeugdwet", "jw", "ijw", "jeugd", "j"), "jeugdwet"),
    **dict.fromkeys(("wmo", "wmo2015", "iwmo", "w"), "wmo"),
}
STATUSSEN = {"eerste aanlevering": "1", "nieuw": "1", "verwijderen": "3", "verwijderd": "3"}


def date(value: str) -> str:
    """DD-MM-JJJJ (also with / or .), JJJJ-MM-DD or JJJJMMDD, as ISO; a time of midnight is left out."""
    return fields.date(_iso(value))


def last_day(value: str) -> str | None:
    """A ``date``; None for 31-12-9999, which says that there is no end."""
    return fields.last_day(_iso(value))


def _iso(value: str) -> str:
    value = _MIDNIGHT.sub("", value)
    if found := _DUTCH.fullmatch(value):
        return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"
    if found := _ISO.fullmatch(value):
        return "-".join(found.groups())
    raise FieldError("De datum heeft niet de vorm dd-mm-jjjj of jjjj-mm-dd")


def euros(value: str) -> int:
    """An amount in euros as whole eurocents; negative with a minus before or after it."""
    bare = value.replace("€", "").replace("EUR", "").replace("\xa0", "").replace(" ", "").replace("'", "")
    minus = bare.startswith("-") or bare.endswith("-")
    bare = bare.strip("-+").removesuffix(",").removesuffix(".")
    found = _COMMA.fullmatch(bare) or _POINT.fullmatch(bare)
    if not found:
        raise FieldError("Het bedrag is geen getal als 1234,56")
    cents = int(re.sub(r"[.,]", "", found[1])[:12]) * 100 + int(f"{found[2] or 0:0<2}")
    if cents > MOST:
        raise FieldError("Het bedrag is groter dan 999.999,99")
    return -cents if minus else cents


def positive(value: str) -> int:
    """``euros`` of what cannot be less than nothing: a budget, a tariff."""
    cents = euros(value)
    if cents < 0:
        raise FieldError("Het bedrag is kleiner dan nul")
    return cents


def whole(value: str) -> int:
    """A whole number of at most eight digits; decimals of zero are left out."""
    found = _WHOLE.fullmatch(value.replace(" ", ""))
    if not found or len(found[1].lstrip("0")) > 8:
        raise FieldError("Het getal is geen heel getal van hoogstens 8 cijfers")
    return int(found[1])


def number(value: str) -> int:
    """The number of an allocation."""
    return fields.integer(9)(value)


def bsn(value: str) -> str:
    """A BSN that passes the 11-check; a spreadsheet may have taken its leading zeros."""
    bare = value.replace(".", "").replace(" ", "")
    bare = bare.zfill(9) if 7 <= len(bare) <= 9 else bare
    if not is_bsn(bare):
        raise FieldError("Het BSN is ongeldig")
    return bare


def agb(value: str) -> str:
    """The AGB code of a provider: eight digits, leading zeros given back."""
    return _padded(value, 8, 6, "De AGB-code bestaat niet uit 8 cijfers")


def municipality(value: str) -> str:
    """The CBS code of a municipality: four digits, with or without GM before it."""
    bare = value[2:] if value[:2].upper() == "GM" else value
    return _padded(bare, 4, 2, "De gemeentecode bestaat niet uit 4 cijfers")


def _padded(value: str, length: int, shortest: int, sentence: str) -> str:
    if not (value.isascii() and value.isdigit() and shortest <= len(value) <= length):
        raise FieldError(sentence)
    return value.zfill(length)


def law(value: str) -> str:
    found = WETTEN.get(value.casefold().replace(" ", "").replace("-", ""))
    if found is None:
        raise FieldError("De wet is geen Jeugdwet of Wmo")
    return found


def code(length: int, *, digits: bool = False) -> Callable[[str], str]:
    """A code of at most ``length`` letters and digits, its description left out; ``digits``: with leading zeros."""

    def read(value: str) -> str:
        found = _DESCRIBED.fullmatch(value)
        if not found or len(found[1]) > length or not found[1].isascii():
            raise FieldError(f"De code bestaat niet uit hoogstens {length} letters of cijfers")
        if digits and not found[1].isdigit():
            raise FieldError(f"De code bestaat niet uit hoogstens {length} cijfers")
        return found[1].zfill(length) if digits else found[1]

    return read


def reference(length: int) -> Callable[[str], str]:
    """A number or name that a system gave: printable text of at most ``length`` characters."""

    def read(value: str) -> str:
        if len(value) > length or not value.isprintable():
            raise FieldError(f"Het kenmerk is langer dan {length} tekens")
        return value

    return read


def status(value: str) -> str:
    found = STATUSSEN.get(value.casefold()) or code(1, digits=True)(value)
    if found not in ("1", "2", "3", "9"):
        raise FieldError("De status van aanlevering is geen 1 of 3")
    return found


def sign(value: str) -> str:
    found = value[:1].upper()
    if value.casefold() not in ("d", "c", "debet", "credit"):
        raise FieldError("Debet/credit is geen D of C")
    return found


def claim_type(value: str) -> str:
    found = re.sub(r"\D", "", value)
    if found not in ("303", "323"):
        raise FieldError("Het soort bericht is geen 303 of 323")
    return found


def release(value: str) -> str:
    if not re.fullmatch(r"[23]\.\d", value, re.ASCII):
        raise FieldError("De release is geen versie als 3.2")
    return value


def form(value: str) -> str:
    """Whether the care is delivered in kind or bought with a budget of one's own."""
    found = value.casefold().replace(".", "")
    if found in ("pgb", "persoonsgebonden budget"):
        return "pgb"
    if found in ("zin", "natura", "zorg in natura"):
        return "zin"
    raise FieldError("De leveringsvorm is geen ZIN of PGB")
