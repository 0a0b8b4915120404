"""The declarations of a message type as a tree to walk once: what is not in it is never looked at.

Names, addresses, relations and free text are in no declaration, so they never leave the parser.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from messaging.berichten.columns import BLANK
from messaging.berichten.fields import Field
from messaging.berichten.soorten import BSN, HEADER, SOORTEN, VERZOEK_REDEN, VERZOEK_REFERENTIE, Klasse, Soort

REMEMBERED_TAGS = 200  # more than any class has; hostile files can invent names without end


Step = tuple[Callable[[str | None], str | int | None] | None, str, "Node"]


@dataclass(slots=True)
class Node:
    """One element on the way: a field to read, return codes to collect, a class to open, or just a step."""

    children: "dict[str, Node]" = field(default_factory=dict)
    leaf: Field | None = None
    codes: str = ""  # header | answer | other | client | record
    klasse: Klasse | None = None
    required: tuple[tuple[str, str], ...] = ()  # of the class: columns and where they stand
    blank: dict[str, Any] = field(default_factory=dict)  # of the class: a row without values
    opens: bool = False  # what is in it is about a row of a class, or about a client
    steps: "dict[Any, Step | None]" = field(default_factory=dict)  # by tag as it was met
    known: dict[str | None, str | int] = field(default_factory=dict)  # values of a leaf by the text as it was met

    def step(self, tag: Any) -> "Step | None":
        """Where a child element leads, whatever its namespace; None: nothing in it is read.

        Of a leaf: how its value is looked up by the text as it was met, and the column it fills.
        """
        node = self.children.get(tag.rpartition("}")[2]) if isinstance(tag, str) else None
        found: Step | None = None
        if node is not None:
            found = (node.known.get, node.leaf.column, node) if node.leaf else (None, "", node)
        if len(self.steps) < REMEMBERED_TAGS:
            self.steps[tag] = found
        return found

    def at(self, path: str) -> "Node":
        node = self
        for name in path.split("/"):
            node = node.children.setdefault(name, Node())
        return node


@cache
def trie(soort: str) -> Node:
    """The tree of a message type, below Bericht."""
    return _build(SOORTEN[soort])


def _build(soort: Soort) -> Node:
    root = Node()
    for header in HEADER:
        root.at(header.path).leaf = header
    root.at("Header/RetourCodes/RetourCode").codes = "header"
    root.at("DeclaratieAntwoord/RetourCodes/RetourCode").codes = "answer"
    for path in soort.other_codes:
        root.at(f"{path}/RetourCodes/RetourCode").codes = "other"
    for klasse in soort.classes:
        for path in klasse.paths:
            _add_class(root, path, klasse, answer=bool(soort.answers))
    if soort.soort == "317":
        for extra in (VERZOEK_REFERENTIE, VERZOEK_REDEN):
            root.at(extra.path).leaf = extra
    return root


def _add_class(root: Node, path: str, klasse: Klasse, *, answer: bool) -> None:
    node = root.at(path)
    node.klasse = klasse
    node.opens = True
    node.required = tuple((item.column, item.path) for item in klasse.fields if item.required)
    node.blank = BLANK[klasse.record] | dict(klasse.fixed)
    for item in klasse.fields:
        node.at(item.path).leaf = item
    if answer:
        node.at("RetourCodes/RetourCode").codes = "record"
    head, person, _ = f"/{path}".partition("/Client/")
    if person:
        client = root.at(f"{head}/Client"[1:])
        client.opens = True
        client.at("Bsn").leaf = BSN
        if klasse.record == "antwoord_regel":
            client.at("RetourCodes/RetourCode").codes = "client"
