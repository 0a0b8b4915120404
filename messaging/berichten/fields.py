"""How one field of a message is declared and read. Source of the names and paths: the iStandaarden schemas."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d|24:00:00(?!\.0*[1-9]))(\.\d{1,6})?", re.ASCII)
_WHOLE = re.compile(r"\+?0*(\d+)|-0+", re.ASCII)  # as xs:integer writes what is not negative

EARLIEST = dt.date(1900, 1, 1)
LATEST = dt.date(2199, 12, 31)
NO_END = "9999-12-31"  # what back offices write for what has no end


class FieldError(ValueError):
    """A value that its field cannot hold; the text is Dutch and holds no value."""


def text(value: str) -> str:
    return value


def date(value: str) -> str:
    """An ISO date without zone, checked to exist; kept as text because Postgres reads that fastest."""
    if not _DATE.fullmatch(value):
        raise FieldError("De datum heeft niet de vorm jjjj-mm-dd")
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        raise FieldError("De datum bestaat niet") from None
    if not EARLIEST <= day <= LATEST:
        raise FieldError("De datum valt buiten 1900 tot en met 2199")
    return value


def last_day(value: str) -> str | None:
    """A ``date`` that may be left out, and is meant to be where it is NO_END."""
    return None if value == NO_END else date(value)


def time(value: str) -> str:
    """A time of day as HH:MM:SS with an optional fraction of at most six digits; 24:00:00 is its end."""
    match = _TIME.match(value)
    if not match:
        raise FieldError("De tijd heeft niet de vorm uu:mm:ss")
    return match[1] + (match[2] or "").rstrip("0").rstrip(".")


def integer(most: int) -> Callable[[str], int]:
    """A whole number of at most ``most`` digits, leading zeros aside (amounts: eurocents)."""

    def read(value: str) -> int:
        found = _WHOLE.fullmatch(value)
        if not found or len(found[1] or "") > most:  # thousands of zeros are more than ``int`` takes
            raise FieldError(f"Het getal is geen heel getal van hoogstens {most} cijfers")
        return int(found[1] or 0)

    return read


def code(length: int) -> Callable[[str], str]:
    """A short code of at most ``length`` characters."""

    def read(value: str) -> str:
        if len(value) > length:
            raise FieldError(f"De code is langer dan {length} tekens")
        return value

    return read


def digits(*lengths: int) -> Callable[[str], str]:
    """A string of digits with one of the given lengths (municipality 4, AGB 8)."""
    shown = " of ".join(str(length) for length in lengths)

    def read(value: str) -> str:
        if len(value) not in lengths or not (value.isascii() and value.isdigit()):
            raise FieldError(f"De code bestaat niet uit {shown} cijfers")
        return value

    return read


def debet_credit(value: str) -> str:
    if value not in ("D", "C"):
        raise FieldError("DebetCredit is geen D of C")
    return value


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a class: its path below the class, the column it fills, how it is read.

    An unreadable optional field (``required`` False, ``vital`` False) is left empty and reported; any other
    fault refuses the message.
    """

    path: str
    column: str
    read: Callable[[str], str | int | None]
    required: bool = False
    vital: bool = True
