"""From the first line of an export to what its columns mean: by the layout of the sender, else by common names."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from messaging.berichten.persons import without_bsn
from messaging.rijen.kinds import DROPPED, KINDS, RecordKind

MOST_COLUMNS = 300
LONGEST_NAME = 80
_VALUE = re.compile(r"\d{4,}|\d+[-/.,]\d+|@|\d{4} ?[A-Za-z]{2}\b", re.ASCII)  # an address, a date, a number
NO_NAMES = "De eerste regel van het bestand heeft geen kolomnamen. Exporteer het bestand met kolomnamen"
TOO_MANY = f"Het bestand heeft meer dan {MOST_COLUMNS} kolommen. Exporteer alleen de kolommen die nodig zijn"
CHOOSE = "Kies op de pagina Kolommen wat de kolommen betekenen; het bestand wordt daarna vanzelf opnieuw gelezen"
UNKNOWN = f"Het portaal kent deze kolommen nog niet. {CHOOSE}"
SEVERAL = "Meer gemeenten hebben deze kolommen. Upload het bestand opnieuw en kies van welke gemeente het is"


class HeaderError(ValueError):
    """A first line that cannot be read; ``asks``: that a person can say what its columns mean."""

    def __init__(self, sentence: str, *, asks: bool) -> None:
        super().__init__(sentence)
        self.asks = asks


@dataclass(frozen=True, slots=True)
class Layout:
    """What the columns of an export mean: field names by column name (see ``plain``), and what holds for all rows."""

    soort: str
    fields: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    """A layout as an admin saved it: of one municipality, or ("") of any."""

    gemeente: str
    fingerprint: str
    layout: Layout


@dataclass(frozen=True, slots=True)
class Layouts:
    """What is known when a file is read: the municipality it comes from, if told, and the saved layouts."""

    gemeente: str = ""
    saved: tuple[Saved, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How each column of one file is read: its name as written and its field, "" for one that is not."""

    soort: str
    names: tuple[str, ...]
    fields: tuple[str, ...]
    constants: Mapping[str, str]
    unknown: tuple[str, ...] = ()  # names that no layout speaks of

    @property
    def kind(self) -> RecordKind:
        return KINDS[self.soort]


def plain(name: str) -> str:
    """A column name without capitals, accents, spaces and signs."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum() and letter.isascii())


def fingerprint(names: Iterable[str]) -> str:
    """The same for the same column names in any order."""
    return hashlib.sha256("\n".join(sorted(map(plain, names))).encode()).hexdigest()[:32]


def is_header(cells: Sequence[str]) -> bool:
    """Whether the cells are names and no values: what is shown to an admin must not be a row about a person."""
    names = [cell.strip() for cell in cells if cell.strip()]
    plausible = len(names) >= 2 and len(cells) <= MOST_COLUMNS
    return plausible and not any(
        len(name) > LONGEST_NAME or _VALUE.search(name) or not plain(name) or without_bsn(name) != name
        for name in names
    )


def reading(cells: Sequence[str], layouts: Layouts) -> Reading:
    """How to read an export with these column names; raises HeaderError."""
    if len(cells) > MOST_COLUMNS:
        raise HeaderError(TOO_MANY, asks=False)
    if not is_header(cells):
        raise HeaderError(NO_NAMES, asks=False)
    names = tuple(cell.strip() for cell in cells)
    layout = _saved(names, layouts)
    found = _by_layout(names, layout) if layout else _by_names(names, layouts)
    _refuse_twins(found)
    return found


def _saved(names: Sequence[str], layouts: Layouts) -> Layout | None:
    mark = fingerprint(names)
    same = {saved.gemeente: saved.layout for saved in layouts.saved if saved.fingerprint == mark}
    if layouts.gemeente:
        return same.get(layouts.gemeente) or same.get("")
    if len(same) > 1 and "" not in same:
        raise HeaderError(SEVERAL, asks=False)
    return same.get("") or next(iter(same.values()), None)


def _by_layout(names: tuple[str, ...], layout: Layout) -> Reading:
    fields = tuple(layout.fields.get(plain(name), "") for name in names)
    return Reading(layout.soort, names, fields, layout.constants)


def _by_names(names: tuple[str, ...], layouts: Layouts) -> Reading:
    constants = {"gemeente": layouts.gemeente} if layouts.gemeente else {}
    fits = [found for kind in KINDS.values() if not missing(found := guess(names, kind, constants))]
    if not fits:
        raise HeaderError(UNKNOWN, asks=True)
    most = max(len(found.kind.required) for found in fits)
    best = [found for found in fits if len(found.kind.required) == most]
    if len(best) > 1:
        raise HeaderError(UNKNOWN, asks=True)
    return best[0]


def guess(names: Sequence[str], kind: RecordKind, constants: Mapping[str, str] | None = None) -> Reading:
    """What the common names make of the columns, read as rows of one kind."""
    known = {name: column.field for column in reversed(kind.columns) for name in column.names}
    fields = tuple(known.get(plain(name), "") for name in names)
    held = {key: value for key, value in (constants or {}).items() if key not in fields}
    unknown = [n for n, f in zip(names, fields, strict=True) if n and not f and plain(n) not in DROPPED]
    return Reading(kind.soort, tuple(names), fields, held, tuple(unknown))


def missing(found: Reading) -> list[str]:
    """What an export of this kind cannot do without and has not, as a person calls it."""
    return [
        column.label
        for column in found.kind.required
        if column.field not in found.fields and not found.constants.get(column.field)
    ]


def _refuse_twins(found: Reading) -> None:
    """Two columns for one field: by the same name nobody can tell them apart, by other names an admin can."""
    read = Counter(name for name in found.fields if name)
    for name, count in read.items():
        if count > 1:
            twins = [n for n, f in zip(found.names, found.fields, strict=True) if f == name]
            if len(set(map(plain, twins))) < len(twins):
                raise HeaderError(
                    f"Kolom “{twins[0]}” komt twee keer voor. Geef elke kolom een eigen naam en upload opnieuw",
                    asks=False,
                )
            raise HeaderError(f"Twee kolommen zeggen hetzelfde: “{'” en “'.join(twins)}”. {CHOOSE}", asks=True)
