"""From the rows of an export to messages of one record each, with the identity that makes them count once.

A row that names its message has the link of that message, so that returns find it and the whole message, when it
arrives as well, takes its place. A row that does not is told by its own key. See docs/csv.md.
"""

from collections.abc import Iterator
from typing import Any

from messaging.berichten.columns import BLANK
from messaging.berichten.errors import MessageError
from messaging.berichten.fields import FieldError
from messaging.berichten.interpret import Bericht, digests
from messaging.berichten.persons import Pseudonymiser
from messaging.berichten.records import line
from messaging.rijen.header import Reading
from messaging.rijen.kinds import BESLUIT, Column, RecordKind
from messaging.rijen.lines import RecordError, cells
from messaging.rijen.part import Part

DERIVED = "~"  # before a line number that the row did not have
RELEASES = {"303": "2.4"}
NEWEST = "3.2"
REPAIR = "Herstel de rij in de bron en upload het bestand opnieuw"
REFERENCES = ("identificatie", "referentie_aanbieder", "referentie_nummer", "vorig_referentie_nummer", "besluit_nummer")
REMEMBERED = 5000
PERSONAL = "bsn"

Values = dict[str, Any]


def berichten(part: Part, pseudonym: Pseudonymiser) -> Iterator[Bericht | str]:
    """A message of each row, or the sentence why not; a fault in one row never touches its neighbours."""
    reader = _Reader(part.reading, part.delimiter)
    unknown = part.unknown
    for number, text in part.rows:
        try:
            found = _bericht(*reader.values(text), pseudonym)
        except (FieldError, RecordError, MessageError) as error:
            yield f"{error}. {REPAIR} (regel {number}{reader.where})"
        else:
            found.remarks += [f"{said}; het gegeven is leeg gelaten (regel {number})" for said in reader.remarks]
            if unknown:
                found.remarks.insert(0, _about(unknown))
                unknown = ()
            yield found


def _about(unknown: tuple[str, ...]) -> str:
    """What was left out, and what to do if it should not be."""
    named = "”, “".join(name[:30] for name in unknown[:5])
    several = len(unknown) > 1
    return (
        f"De {'kolommen' if several else 'kolom'} “{named}” {'zijn' if several else 'is'} niet gelezen, want het"
        " portaal kent die naam niet; al het andere wel. Kies zo nodig op de pagina Kolommen wat er staat"
    )


class _Reader:
    """Reads the cells of one row after another; ``where`` says in which column it stopped."""

    def __init__(self, reading: Reading, delimiter: str) -> None:
        self.kind, self.delimiter, self.width = reading.kind, delimiter, len(reading.names)
        by_field = reading.kind.by_field
        self.columns: list[tuple[int, str, Column, dict[str, Any]]] = [
            (place, name, by_field[field], {})
            for place, (name, field) in enumerate(zip(reading.names, reading.fields, strict=True))
            if field in by_field
        ]
        self.constants = {
            field: by_field[field].read(value) for field, value in reading.constants.items() if field in by_field
        }
        self.names = {column.field: name for _, name, column, _ in self.columns}
        self.where, self.remarks = "", list[str]()

    def values(self, text: str | RecordError) -> tuple[RecordKind, Values]:
        """The kind and the values of a row; raises FieldError or RecordError."""
        self.where, self.remarks = "", []
        if isinstance(text, RecordError):
            raise text
        row = cells(text, self.delimiter)
        if len(row) < self.width or any(cell.strip() for cell in row[self.width :]):
            raise RecordError(f"De rij heeft {len(row)} cellen en de kopregel {self.width}")
        values = dict(self.constants)
        for place, name, column, known in self.columns:
            cell = row[place]
            value = known.get(cell)
            if value is None:
                value = self._value(cell, name, column, known)
            if value is not None:
                values[column.field] = value
        for column in self.kind.required:
            if column.field not in values:
                self.where = f", kolom {self.names.get(column.field, column.label)}"
                raise FieldError("Een verplicht gegeven ontbreekt")
        self.where = ""
        return self.kind, values

    def _value(self, cell: str, name: str, column: Column, known: dict[str, Any]) -> Any:
        text = _bare(cell)
        if not text:
            return None
        try:
            value = column.read(text)
        except FieldError as error:
            if column.vital:
                self.where = f", kolom {name}"
                raise
            self.remarks.append(f"{error} in kolom {name}")
            return None
        if column.field != PERSONAL and len(known) < REMEMBERED:
            known[cell] = value
        return value


def _bare(cell: str) -> str:
    """A cell without spaces and without what spreadsheets put around text that looks like a number."""
    text = cell.strip().strip("\xa0\ufeff")
    if text.startswith('="') and text.endswith('"'):
        return text[2:-1].strip()
    return text.removeprefix("'")


def _bericht(kind: RecordKind, values: Values, pseudonym: Pseudonymiser) -> Bericht:
    _refuse_persons(values)
    values["client"] = pseudonym(values.pop(PERSONAL))
    values |= {name: pseudonym.reference(values[name]) for name in REFERENCES if name in values}
    kind = _completed(kind, values)
    soort = values.get("berichtsoort") or kind.soort
    gemeente, aanbieder = values["gemeente"], values.get("aanbieder", "")
    afzender = gemeente if kind.sender == "gemeente" else aanbieder
    dagtekening = values.get("dagtekening") or values[kind.dated_by]
    if kind.soort == "323" and "referentie_nummer" not in values:
        values["referentie_nummer"] = _line_number(values, pseudonym)
    identificatie = values.get("identificatie", "")
    heen = "|".join((values["wet"], soort, afzender, identificatie, dagtekening))
    own = f"{heen}|rij|{'|'.join(str(values.get(name, '')) for name in kind.key)}"
    link, identity = digests(own)
    if identificatie:
        link, _ = digests(heen)
    message = (
        *(values["wet"], soort, values.get("release") or RELEASES.get(soort, NEWEST)),
        *(afzender, gemeente, aanbieder, identificatie, dagtekening, "", dagtekening),
        *(link, values["client"], "", "", ""),
    )
    said = line(message)
    record = line([1, *[values.get(column, empty) for column, empty in BLANK[kind.record].items()]])
    content = pseudonym.digest(f"{said}\n{record}")
    row = f"{said}\t{identity}\t{content}\tt"
    return Bericht(soort, row, identity, content, {kind.record: [record]})


def _refuse_persons(values: Values) -> None:
    """A column that was taken for a number of a message or line but holds the BSN must not be stored."""
    bsn = values[PERSONAL]
    if values.get("toewijzing_nummer") == int(bsn) or any(bsn in values.get(name, "") for name in REFERENCES):
        raise FieldError("Een kolom die geen BSN-kolom is, bevat het BSN")


def _completed(kind: RecordKind, values: Values) -> RecordKind:
    """What the row leaves to be understood; an allocation delivered as PGB is a decision."""
    if "categorie" not in values and values.get("code", "")[:2].isdigit():
        values["categorie"] = values["code"][:2]
    values.setdefault("status_aanlevering", "1")
    if kind.soort == "323":
        negative = values["bedrag"] < 0
        values["bedrag"] = abs(values["bedrag"])
        values["debet_credit"] = "C" if negative else values.get("debet_credit", "D")
        values.setdefault("categorie", "")
    if kind.soort == "301" and values.get("leveringsvorm") == "pgb":
        values |= {"besluit_nummer": str(values["toewijzing_nummer"]), "besluitdatum": values["toewijzingsdatum"]}
        return BESLUIT
    return kind


def _line_number(values: Values, pseudonym: Pseudonymiser) -> str:
    """A number for a claim line that has none, from all that tells it from other lines."""
    names = ("client", "toewijzing_nummer", "categorie", "code", "begindatum", "einddatum", "bedrag", "debet_credit")
    parts = [values["wet"], values["gemeente"], values["aanbieder"], *(str(values.get(name, "")) for name in names)]
    return DERIVED + pseudonym.digest("|".join(parts))[:19]
