"""The shapes of the lines of a claim: what they are but for the texts between their tags.

The first line of a shape is parsed. What matches the shape from its first sign to its last is as well-formed as that
line was, has its elements, and says what it said with other texts.
"""

import operator
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from messaging.berichten.columns import COLUMNS
from messaging.berichten.interpret import kind_of
from messaging.berichten.reading import local_name, read
from messaging.berichten.soorten import BSN, PRESTATIE, REGEL_PATHS
from messaging.berichten.trie import Node, trie
from messaging.xml import parse

MOST_SHAPES = 40
TO_LINE = "Client", "Prestaties", "Prestatie"
CELLS = BSN.column, *COLUMNS[PRESTATIE.record][1:]
BLANK = " \t\r\n"
TAG = re.compile(r"<(/?)([^\s<>/!?]+)[^<>]*?(/?)>")
# A text on one line, without other references than those that are in XML itself.
PLAIN = r"[^<&\x00-\x1f]"
TEXT = rf"{PLAIN}*+(?:&(?:amp|lt|gt|quot|apos);{PLAIN}*+)*+"
SOME_TEXT = rf"{PLAIN}++"


class IrregularError(ValueError):
    """The claim is not as regular as a quick way of reading needs; nothing is said about what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What stands from the end of a line to the end of the next, and which groups of the pattern are the CELLS."""

    pattern: re.Pattern[str]
    groups: tuple[int, ...]


class Shapes:
    """The shapes of one claim, and what it says around its lines.

    ``start`` is all before the first ``line_end``, which is the end tag of a line; ``rest`` all after the last.
    Raises IrregularError, and MessageError.
    """

    def __init__(self, start: bytes, line_end: bytes, rest: bytes) -> None:
        self._start, self._line_end, self._rest = start, line_end, rest
        root = self._parsed(b"")
        self.kind = kind_of(root.tag)
        self.raw = read(root, self.kind.soort.soort)
        if len(self.raw.rows) != 1 or len(self.raw.bsns) != 1 or self.raw.remarks:
            raise IrregularError
        self.raw.rows.clear()
        self.raw.bsns.clear()
        way = [local_name(element.tag) for element in next(root.iter("{*}Client")).iterancestors()][-2::-1]
        if "/".join([*way, *TO_LINE]) not in REGEL_PATHS or root.getroottree().docinfo.encoding != "UTF-8":
            raise IrregularError
        around = trie(self.kind.soort.soort).at("/".join(way))
        self._nodes = [around, *(around.at("/".join(TO_LINE[:depth])) for depth in (1, 2, 3))]
        self._tags: list[str] = []
        self._known: dict[str, list[Shape]] = {}  # by the first tag; in front what was met last

    def cells(self, lines: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """The CELLS of each line, without BSN for a client that had a line before.

        A line is given without its end tag, the first from the tag of its client, others from the end of the one
        before. Raises IrregularError, and MessageError.
        """
        _, cells = self._learned(lines[0], [], self._nodes[:1])
        yield cells
        yield from map(self._recognised, lines[1:])

    def _parsed(self, lines: bytes) -> etree._Element:
        """The claim with its first line and these."""
        return parse(self._start + self._line_end + lines + self._rest)

    def _recognised(self, line: str) -> tuple[str, ...]:
        likely = self._known.setdefault(line[: line.find(">")], [])
        for place, shape in enumerate(likely):
            if found := shape.pattern.fullmatch(line):
                if place:
                    likely.insert(0, likely.pop(place))
                return found.group(*shape.groups)
        if sum(map(len, self._known.values())) == MOST_SHAPES:
            raise IrregularError
        self._parsed(line.encode() + self._line_end)
        shape, cells = self._learned(line, self._tags[:-1], self._nodes[:-1])
        likely.insert(0, shape)
        return cells

    def _learned(self, line: str, tags: list[str], nodes: Sequence[Node | None]) -> tuple[Shape, tuple[str, ...]]:
        """The shape of a line that was parsed, and its cells; ``tags`` and ``nodes`` are of what is open before it."""
        sketch = Sketch(tags, [*nodes])
        for tag in TAG.finditer(line):
            sketch.add(line, tag)
        sketch.keep(line[sketch.place :])
        self._tags = self._tags or sketch.tags
        client, _, record = self._nodes[1:]
        with_client = BSN.column in sketch.groups
        opened = [client, record] if with_client or not tags else [record]
        if sketch.tags != self._tags or not _same(sketch.nodes, self._nodes) or not _same(sketch.opened, opened):
            raise IrregularError
        missing = len(sketch.groups) + 1
        groups = tuple(sketch.groups.get(column, missing) for column in CELLS)
        shape = Shape(re.compile("".join([*sketch.pattern, "()"])), groups)
        found = shape.pattern.fullmatch(line)
        if not found:
            raise IrregularError
        return shape, found.group(*groups)


class Sketch:
    """The shape of a line while its tags are met.

    ``tags`` are those that are open, ``nodes`` what is declared for them, ``opened`` the clients and lines that began.
    """

    def __init__(self, tags: list[str], nodes: list[Node | None]) -> None:
        self.tags, self.nodes = tags, nodes
        self.opened: list[Node] = []
        self.pattern: list[str] = []
        self.groups: dict[str, int] = {}  # by column
        self.place = 0
        self._has_text = False  # what is open was opened by the tag before

    def add(self, line: str, tag: re.Match[str]) -> None:
        """Add a tag and what stands before it; raises IrregularError."""
        closing, name, empty = tag.groups()
        if "=" in tag[0]:  # an attribute may declare a namespace, on which other lines depend
            raise IrregularError
        if closing and self._has_text:
            self._add_text()
        else:
            self.keep(line[self.place : tag.start()])
        self.pattern.append(re.escape(tag[0]))
        self.place, self._has_text = tag.end(), not closing and not empty
        if not closing:
            self._open(name, bool(empty))
        elif not self.tags or self.tags.pop() != name:
            raise IrregularError
        else:
            self.nodes.pop()

    def keep(self, between: str) -> None:
        """Add what stands between two elements."""
        node = self.nodes[-1]
        if between.strip(BLANK) or (node and node.leaf):
            raise IrregularError
        self.pattern.append(re.escape(between))

    def _add_text(self) -> None:
        node = self.nodes[-1]
        if not node or not node.leaf:
            self.pattern.append(TEXT)
            return
        if node.leaf.column in self.groups:
            raise IrregularError
        self.groups[node.leaf.column] = len(self.groups) + 1
        self.pattern.append(f"({SOME_TEXT if node.leaf is BSN else TEXT})")

    def _open(self, name: str, empty: bool) -> None:
        parent = self.nodes[-1]
        node = parent.children.get(name.rpartition(":")[2]) if parent else None
        if node and (node.codes or (node.opens and empty) or (node.leaf is BSN and not self.opened)):
            raise IrregularError
        if node and node.opens:
            self.opened.append(node)
        if not empty:
            self.tags.append(name)
            self.nodes.append(node)


def _same(found: Sequence[object], expected: Sequence[object]) -> bool:
    return len(found) == len(expected) and all(map(operator.is_, found, expected))
