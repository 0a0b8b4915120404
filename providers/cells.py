"""Cells of reference CSV files to values; a fault is a Dutch sentence that names the column."""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DUTCH = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})")


class CellError(ValueError):
    """A cell cannot be read."""


def date(row: Mapping[str, str], column: str) -> dt.date | None:
    """A date, or None for an empty cell."""
    text = row[column]
    if not text:
        return None
    iso, dutch = _ISO.fullmatch(text), _DUTCH.fullmatch(text)
    parts = iso.groups() if iso else tuple(reversed(dutch.groups())) if dutch else None
    try:
        return dt.date(*map(int, parts or ()))
    except (TypeError, ValueError) as error:
        raise CellError(f"{column} “{text}” is geen datum. Schrijf haar als 2025-03-31 of 31-03-2025.") from error


def decimal(row: Mapping[str, str], column: str) -> Decimal | None:
    """A number with comma or point, thousands separated or not; a trailing % divides by hundred. None when empty."""
    text = "".join(row[column].split()).replace("€", "")  # a no-break space too: amounts are copied from a page
    if not text:
        return None
    percent, plain = text.endswith("%"), text.rstrip("%")
    if "," in plain and "." in plain:  # the last separator is the decimal one
        thousands = "." if plain.rindex(",") > plain.rindex(".") else ","
        plain = plain.replace(thousands, "")
    try:
        number = Decimal(plain.replace(",", "."))
    except InvalidOperation as error:
        raise CellError(f"{column} “{text}” is geen getal. Schrijf het als 12,50.") from error
    if not number.is_finite():
        raise CellError(f"{column} “{text}” is geen getal. Schrijf het als 12,50.")
    return number / 100 if percent else number


def eurocents(row: Mapping[str, str], column: str) -> int | None:
    """An amount in euro as whole eurocents, or None for an empty cell."""
    amount = decimal(row, column)
    return None if amount is None else int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def fine_eurocents(row: Mapping[str, str], column: str) -> Decimal | None:
    """A tariff in euro as eurocents with four decimals, because a tariff per minute is finer than a cent."""
    amount = decimal(row, column)
    return None if amount is None else (amount * 100).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def choice(row: Mapping[str, str], column: str, choices: Collection[str]) -> str:
    """One of the allowed words, whatever its case."""
    text = row[column].lower()
    if text not in choices:
        raise CellError(f"{column} “{row[column]}” is onbekend. Kies uit: {', '.join(choices)}.")
    return text


def code(row: Mapping[str, str], column: str, length: int) -> str:
    """A code of digits; leading zeros that a spreadsheet dropped are put back."""
    text = row[column]
    if not text.isdecimal() or len(text) > length:
        raise CellError(f"{column} “{text}” is geen code van {length} cijfers.")
    return text.zfill(length)


def required(row: Mapping[str, str], column: str) -> str:
    """A cell that must not be empty."""
    if not row[column]:
        raise CellError(f"{column} is leeg. Vul haar in.")
    return row[column]
