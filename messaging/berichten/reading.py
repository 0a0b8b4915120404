"""From the elements of one message to its values: one walk, nothing interpreted yet."""

from dataclasses import dataclass, field
from typing import Any, cast

from lxml import etree

from messaging.berichten.errors import MISSING, REPAIR, MessageError
from messaging.berichten.fields import FieldError, text
from messaging.berichten.persons import INVALID_BSN, is_bsn
from messaging.berichten.soorten import Klasse
from messaging.berichten.trie import Node, trie

Row = dict[str, Any]
REMEMBERED = 4000  # values per field: all its codes, the dates of ten years
LONGEST = 40


def local_name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _line(element: etree._Element) -> int | None:
    return cast("int | None", element.sourceline)  # the stubs leave its type open


@dataclass(slots=True)
class Raw:
    """What a message says: the header's values, a row per record class with its client, the return codes per level.

    ``bsns`` are the persons it names; they go no further than the pseudonymiser.
    """

    soort: str
    header: Row = field(default_factory=dict)
    rows: list[tuple[Klasse, Row, Row]] = field(default_factory=list)
    codes: dict[str, list[str]] = field(default_factory=dict)
    bsns: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read(root: etree._Element, soort: str) -> Raw:
    """All values of a message; raises MessageError with the line and element of the first fault."""
    raw = Raw(soort)
    _walk(root, trie(soort), raw.header, raw, raw.header)
    return raw


def read_part(element: etree._Element, path: str, raw: Raw, client: Row | None = None) -> None:
    """Read one class of a message that is too large for memory; ``path`` is where it stands, ``client`` whose it is."""
    node, client = trie(raw.soort).at(path), raw.header if client is None else client
    if node.opens:
        _enter(element, node, raw, client)
    else:
        _walk(element, node, raw.header, raw, client)


def read_bsn(element: etree._Element, raw: Raw) -> Row:
    """The client of that BSN; raises MessageError."""
    bsn = (element.text or "").strip()
    if not is_bsn(bsn):
        raise MessageError(INVALID_BSN, line=_line(element), element="Bsn")
    raw.bsns.append(bsn)
    return {"bsn": bsn}


def _walk(element: etree._Element, node: Node, row: Row, raw: Raw, client: Row) -> None:
    """The children of an element, a loop without calls for what was met before: nothing runs as often as this."""
    steps = node.steps
    for child in element:
        tag = child.tag
        met = steps[tag] if tag in steps else node.step(tag)
        if met is None:
            continue
        known, column, sub = met
        if known is not None:
            value = known(child.text)
            if value is None:
                value = _read_leaf(child, sub, raw)
            if value is not None:
                row[column] = value
        elif sub.codes:
            _read_code(child, sub.codes, row, raw, client)
        elif sub.opens:
            _enter(child, sub, raw, client)
        else:
            _walk(child, sub, row, raw, client)


def _enter(element: etree._Element, node: Node, raw: Raw, client: Row) -> None:
    """A class, or a client with what is in it."""
    if node.klasse is not None:
        record = node.blank.copy()
        _walk(element, node, record, raw, client)
        if path := missing(record, node):
            raise MessageError(MISSING, line=_line(element), element=path)
        raw.rows.append((node.klasse, record, client))
    else:
        person: Row = {}
        _walk(element, node, person, raw, person)
        if "bsn" not in person:
            raise MessageError(f"Het BSN ontbreekt. {REPAIR}", line=_line(element), element="Bsn")
        if not is_bsn(person["bsn"]):
            raise MessageError(INVALID_BSN, line=_line(element), element="Bsn")
        raw.bsns.append(person["bsn"])


def missing(record: Row, node: Node) -> str:
    """Where the first value stands that a record of the class of ``node`` must have and lacks, "" for none."""
    for column, path in node.required:
        if record[column] is None or record[column] == "":
            return path
    return ""


def value_of(node: Node, met: str | None) -> str | int | None:
    """The value of a field by the text as it was met, None for one that is left empty; raises FieldError."""
    item = node.leaf
    assert item
    value = (met or "").strip()
    if not value:
        return None
    read = item.read(value)
    worthy = item.read is not text and met == value and len(value) <= LONGEST
    if read is not None and worthy and len(node.known) < REMEMBERED:
        node.known[value] = read  # never a BSN, the one field read as mere text
    return read


def _read_leaf(element: etree._Element, node: Node, raw: Raw) -> str | int | None:
    try:
        return value_of(node, element.text)
    except FieldError as error:
        item = node.leaf
        assert item
        if item.vital:
            raise MessageError(f"{error}. {REPAIR}", line=_line(element), element=item.path) from None
        raw.remarks.append(f"{error}; het gegeven is leeg gelaten (regel {_line(element)}, element {item.path})")
        return None


def is_code(value: str) -> bool:
    return len(value) == 4 and value.isascii() and value.isalnum()


def _read_code(element: etree._Element, level: str, row: Row, raw: Raw, client: Row) -> None:
    value = (element.text or "").strip()
    if not is_code(value):
        sentence = f"De retourcode bestaat niet uit vier tekens. {REPAIR}"
        raise MessageError(sentence, line=_line(element), element="RetourCode")
    add_code(value, level, row, raw, client)


def add_code(code: str, level: str, row: Row, raw: Raw, client: Row) -> None:
    """A return code to what it is about."""
    if level == "record":
        row["retourcodes"] = row["retourcodes"] or []
        row["retourcodes"].append(code)
    elif level == "client":
        client.setdefault("codes", []).append(code)
    else:
        raw.codes.setdefault(level, []).append(code)
