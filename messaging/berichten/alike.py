"""Small messages that are like one that was parsed but for their texts, as most are.

A text stands directly before an end tag; all else is markup. With the markup of a message that was parsed, and plain
texts, a message is as well-formed, has the same elements and says the same with other texts: it is read without a tree.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from lxml import etree

from messaging.berichten.fields import FieldError
from messaging.berichten.interpret import Kind
from messaging.berichten.persons import is_bsn
from messaging.berichten.reading import Raw, add_code, is_code, local_name, missing, value_of
from messaging.berichten.trie import Node, trie

LARGEST = 16 * 1024  # bytes; above it, hardly any has the markup of another
REMEMBERED = 1000  # markups, most of some thousand characters
TEXT = re.compile(r">([^<>]++)</")
NOT_PLAIN = re.compile("[&\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # a reference, or what XML allows in no text

Cell = tuple[int, Callable[[str | None], "str | int | None"], str, Node]  # place of a text, lookup, column, declaration


class UnlikeError(ValueError):
    """The message must be parsed: it is like none that was met, or has a fault of which only the parse tells where."""


@dataclass(frozen=True, slots=True)
class Split:
    """A message as its markup, in one text, and its texts in order."""

    markup: str
    texts: list[str]


@dataclass(slots=True)
class Part:
    """What fills one row: of a class or a client, or (the first) of the header, as ``node`` declares.

    ``client``: the place among the parts of the client that it is of, 0 for none.
    """

    node: Node
    client: int
    cells: list[Cell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """What messages of one markup have where, their parts in the order in which they open.

    ``ended``: the places of parts in the order in which they end. ``codes``: of each return code the place of its text,
    its level and the part where it stands.
    """

    kind: Kind
    texts: int
    parts: list[Part]
    ended: list[int] = field(default_factory=list)
    codes: list[tuple[int, str, int]] = field(default_factory=list)


_plans: dict[str, Plan | None] = {}  # by markup; None for what was met once, or cannot be read so


def split(data: bytes) -> Split | None:
    """The markup and texts of a message, None for one that must be parsed."""
    if len(data) > LARGEST:
        return None
    try:
        pieces = TEXT.split(data.decode())
    except UnicodeDecodeError:
        return None
    texts = pieces[1::2]
    return None if NOT_PLAIN.search("".join(texts)) else Split("\0".join(pieces[::2]), texts)


def followed(message: Split) -> tuple[Kind, Raw]:
    """What a message is, and all its values; raises UnlikeError."""
    plan = _plans.get(message.markup)
    if plan is None or plan.texts != len(message.texts):
        raise UnlikeError
    return plan.kind, _filled(plan, message.texts)


def learn(message: Split, root: etree._Element, kind: Kind, raw: Raw) -> None:
    """Remember how to read messages with the markup of this one, from the second time that it is met.

    ``raw`` are the values that it has by the parse; where a plan would find others, there is none.
    """
    if message.markup not in _plans:
        if len(_plans) >= REMEMBERED:
            _plans.clear()
        _plans[message.markup] = None
    else:
        with suppress(UnlikeError):
            plan = _plan(message, root, kind)
            if _filled(plan, message.texts) == raw:
                _plans[message.markup] = plan


def _filled(plan: Plan, texts: Sequence[str]) -> Raw:
    raw = Raw(plan.kind.soort.soort)
    rows = []
    for part in plan.parts:
        row = part.node.blank.copy()
        for place, known, column, node in part.cells:
            value = known(texts[place])
            if value is None:
                value = _value(node, texts[place])
            if value is not None:
                row[column] = value
        rows.append(row)
    raw.header = rows[0]
    for place, level, number in plan.codes:
        code = texts[place].strip()
        if not is_code(code):
            raise UnlikeError
        add_code(code, level, rows[number], raw, rows[plan.parts[number].client])
    for number in plan.ended:
        part, row = plan.parts[number], rows[number]
        if part.node.klasse is None:
            if "bsn" not in row or not is_bsn(row["bsn"]):
                raise UnlikeError
            raw.bsns.append(row["bsn"])
        else:
            if missing(row, part.node):
                raise UnlikeError
            raw.rows.append((part.node.klasse, row, rows[part.client]))
    return raw


def _value(node: Node, text: str) -> str | int | None:
    if "\r" in text.strip():  # the parse makes it another sign
        raise UnlikeError
    try:
        return value_of(node, text)
    except FieldError:
        raise UnlikeError from None


def _plan(message: Split, root: etree._Element, kind: Kind) -> Plan:
    """Where a message that was parsed has what; raises UnlikeError."""
    about = root.getroottree().docinfo
    declarations = message.markup.lstrip("\ufeff").startswith("<?xml ")
    if "<!" in message.markup or message.markup.count("<?") != declarations:  # a comment holds what looks like texts
        raise UnlikeError
    if about.xml_version != "1.0" or (about.encoding or "UTF-8").upper() != "UTF-8":
        raise UnlikeError
    top = trie(kind.soort.soort)
    plan = Plan(kind, len(message.texts), [Part(top, 0)])
    _lay(root, top, 0, _places(message, root), plan)
    return plan


def _places(message: Split, root: etree._Element) -> dict[etree._Element, int]:
    """Of each element without others in it that has a text, its place; raises UnlikeError when texts lie elsewhere."""
    places: dict[etree._Element, int] = {}
    texts: list[str] = []
    for _, element in etree.iterwalk(root, events=("end",)):
        text = element[-1].tail if len(element) else element.text
        if text:
            if not len(element):
                places[element] = len(texts)
            texts.append(text)
    if texts != [text.replace("\r\n", "\n") for text in message.texts]:
        raise UnlikeError
    return places


def _lay(element: etree._Element, node: Node, number: int, places: Mapping[etree._Element, int], plan: Plan) -> None:
    """Add what is in an element to the part with that number, and the parts that open in it, as the walk meets them."""
    for child in element:
        below = node.children.get(local_name(child.tag))
        if below is None:
            continue
        if below.leaf:
            if child in places:
                plan.parts[number].cells.append((places[child], below.known.get, below.leaf.column, below))
        elif below.codes:
            if child not in places:
                raise UnlikeError
            plan.codes.append((places[child], below.codes, number))
        elif below.opens:
            opened = len(plan.parts)
            client = plan.parts[number].client if below.klasse else opened
            plan.parts.append(Part(below, client))
            _lay(child, below, opened, places, plan)
            plan.ended.append(opened)
        else:
            _lay(child, below, number, places, plan)
