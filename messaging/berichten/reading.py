"""From the elements of one message to its values: one walk, nothing interpreted yet."""

from dataclasses import dataclass, field
from typing import Any, cast

from lxml import etree

from messaging.berichten.errors import MISSING, REPAIR, MessageError
from messaging.berichten.fields import Field, FieldError
from messaging.berichten.persons import INVALID_BSN, is_bsn
from messaging.berichten.soorten import Klasse
from messaging.berichten.trie import Node, trie

Row = dict[str, Any]
_local: dict[str, str] = {}


def local_name(tag: str) -> str:
    name = _local.get(tag)
    if name is None:
        if len(_local) > 10_000:
            _local.clear()  # hostile files can invent names without end
        name = _local[tag] = tag.rpartition("}")[2]
    return name


def _line(element: etree._Element) -> int | None:
    return cast("int | None", element.sourceline)  # the stubs leave its type open


@dataclass(slots=True)
class Raw:
    """What a message says: the header's values, a row per record class, the return codes per level.

    ``bsns`` are the persons it names; they go no further than the pseudonymiser.
    """

    soort: str
    header: Row = field(default_factory=dict)
    rows: list[tuple[Klasse, Row]] = field(default_factory=list)
    codes: dict[str, list[str]] = field(default_factory=lambda: {"header": [], "answer": [], "other": []})
    bsns: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read(root: etree._Element, soort: str) -> Raw:
    """All values of a message; raises MessageError with the line and element of the first fault."""
    raw = Raw(soort)
    _walk(root, trie(soort), raw.header, raw, raw.header)
    return raw


def read_part(element: etree._Element, path: str, raw: Raw) -> None:
    """Read one class of a message that is too large for memory; ``path`` is where it stands."""
    _enter(element, trie(raw.soort).at(path), raw.header, raw, raw.header)


def _walk(element: etree._Element, node: Node, row: Row, raw: Raw, client: Row) -> None:
    for child in element:
        sub = node.children.get(local_name(child.tag) if isinstance(child.tag, str) else "")
        if sub is None:
            continue
        if sub.leaf is not None:
            _read_leaf(child, sub.leaf, row, raw)
        elif sub.codes:
            _read_code(child, sub.codes, row, raw, client)
        else:
            _enter(child, sub, row, raw, client)


def _enter(element: etree._Element, node: Node, row: Row, raw: Raw, client: Row) -> None:
    if node.klasse is not None:
        record: Row = dict(node.klasse.fixed)
        record["client"] = client
        _walk(element, node, record, raw, client)
        for item in node.klasse.fields:
            if item.required and item.column not in record:
                raise MessageError(MISSING, line=_line(element), element=item.path)
        raw.rows.append((node.klasse, record))
    elif node.client:
        person: Row = {}
        _walk(element, node, person, raw, person)
        if "bsn" not in person:
            raise MessageError(f"Het BSN ontbreekt. {REPAIR}", line=_line(element), element="Bsn")
        if not is_bsn(person["bsn"]):
            raise MessageError(INVALID_BSN, line=_line(element), element="Bsn")
        raw.bsns.append(person["bsn"])
    else:
        _walk(element, node, row, raw, client)


def _read_leaf(element: etree._Element, item: Field, row: Row, raw: Raw) -> None:
    value = (element.text or "").strip()
    if not value:
        return
    try:
        row[item.column] = item.read(value)
    except FieldError as error:
        if item.vital:
            raise MessageError(f"{error}. {REPAIR}", line=_line(element), element=item.path) from None
        raw.remarks.append(f"{error}; het gegeven is leeg gelaten (regel {_line(element)}, element {item.path})")


def _read_code(element: etree._Element, level: str, row: Row, raw: Raw, client: Row) -> None:
    value = (element.text or "").strip()
    if not (len(value) == 4 and value.isascii() and value.isalnum()):
        sentence = f"De retourcode bestaat niet uit vier tekens. {REPAIR}"
        raise MessageError(sentence, line=_line(element), element="RetourCode")
    if level == "record":
        row.setdefault("retourcodes", []).append(value)
    elif level == "client":
        client.setdefault("codes", []).append(value)
    else:
        raw.codes[level].append(value)
