"""From the values of a message to the rows of its records, as COPY text in which no person is named."""

from collections.abc import Collection, Sequence
from typing import Any

from messaging.berichten.columns import COLUMNS
from messaging.berichten.errors import MISSING, MessageError
from messaging.berichten.persons import Pseudonymiser, has_nine_digits
from messaging.berichten.reading import Raw, Row

BSN_LENGTH = 9
MAX_CODES = 40  # what a column of codes holds
# What a sender fills in as it likes; who uses a BSN for it must not bring it into the tables.
REFERENCES = {
    record: tuple({"referentie_aanbieder", "referentie_nummer", "vorig_referentie_nummer"}.intersection(columns))
    for record, columns in COLUMNS.items()
}
# Postgres's COPY text format: what is missing, and the signs that it would take for its own.
NULL = "\\N"
SPECIAL = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def add_records(
    records: dict[str, list[str]], raw: Raw, pseudonym: Pseudonymiser, before: int = 0
) -> dict[str, list[str]]:
    """Move the rows of ``raw``, before which ``before`` others came, to ``records`` as COPY text per table."""
    for number, (klasse, row, person) in enumerate(raw.rows, start=before + 1):
        bsn = person.get("bsn")
        if bsn is not None and "client" in row:
            row["client"] = pseudonym(bsn)
        if raw.soort == "317":
            row.update(_of_request(person))
        if row.get("retourcodes"):
            row["retourcodes"] = some_of(row["retourcodes"])
        if "codes" in person:
            row["retourcodes_client"] = some_of(person["codes"])
        if bsn is not None and row.get("toewijzing_nummer") == int(bsn):
            row["toewijzing_nummer"] = pseudonym.number(row["toewijzing_nummer"])
        if names := REFERENCES[klasse.record]:
            hide_persons(row, names, (bsn,) if bsn is not None else (), pseudonym)
        records.setdefault(klasse.record, []).append(line([number, *row.values()]))
    raw.rows.clear()
    return records


def hide_persons(row: Row, names: Sequence[str], persons: Collection[str], pseudonym: Pseudonymiser) -> None:
    """Take every BSN out of the references of a row, before anything is made of them."""
    for name in names:
        value = row.get(name)
        if value is not None and len(value) >= BSN_LENGTH:
            row[name] = without_persons(value, persons, pseudonym)


def without_persons(reference: str, persons: Collection[str], pseudonym: Pseudonymiser) -> str:
    if has_nine_digits(reference) or any(map(reference.__contains__, persons)):
        return pseudonym.reference(reference, persons)
    return reference


def some_of(codes: list[str]) -> str:
    """At most MAX_CODES different codes, in order; only three do not reject, so the verdict never changes."""
    return " ".join(list(dict.fromkeys(codes))[:MAX_CODES]) if codes else ""


def _of_request(person: Row) -> Row:
    """What a 317 says once for all its products; it stands under the client."""
    if "referentie_aanbieder" not in person:
        raise MessageError(MISSING, element="Verzoek/ReferentieAanbieder")
    return {name: person[name] for name in ("referentie_aanbieder", "reden_verzoek") if name in person}


def line(values: Sequence[Any]) -> str:
    """One row in Postgres's COPY text format, without the line end."""
    row = "\t".join([value if value.__class__ is str else NULL if value is None else str(value) for value in values])
    plain = row.count("\\") == values.count(None) and row.count("\t") == len(values) - 1
    if plain and "\n" not in row and "\r" not in row:
        return row
    return "\t".join(NULL if value is None else str(value).translate(SPECIAL) for value in values)
