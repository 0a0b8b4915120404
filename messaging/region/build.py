"""Puts the region together: lives, messages, numbers."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from messaging.region import xml_claims, xml_regie
from messaging.region.allocations import allocate
from messaging.region.billing import Ledger, settle
from messaging.region.claiming import claimed
from messaging.region.days import iso
from messaging.region.delivery import report
from messaging.region.lives import life
from messaging.region.model import Care, Message
from messaging.region.people import persons
from messaging.region.products import JEUGDWET
from messaging.region.streams import stream
from messaging.region.traffic import Post
from messaging.region.world import World, world

CLAIMS = ("303", "323")
FIRST_NUMBER = 100_001


@dataclass(frozen=True, slots=True)
class Region:
    """The surroundings and all messages in order of day."""

    world: World
    messages: list[Message]


def build(*, clients: int, months: int, seed: int, until: dt.date, standard: str) -> Region:
    """The whole region in memory; raises TooManyClientsError."""
    surroundings = world(seed, months, until, standard)
    post, ledger, cares = Post(surroundings), Ledger(), list[Care]()
    for person in persons(seed, clients, surroundings.until, surroundings.municipalities):
        own = life(surroundings, person)
        rng = stream(seed, "messages", person.number)
        allocate(post, rng, own)
        for care in own:
            report(post, rng, care)
            ledger.extend(list(claimed(surroundings, rng, care)))
        cares += own
    settle(post, ledger)
    _number_allocations(cares)
    post.messages.sort(key=lambda message: (message.day, message.order))
    _number_messages(post.messages)
    return Region(surroundings, post.messages)


def _number_allocations(cares: list[Care]) -> None:
    """ToewijzingNummer in order of decision, per municipality and law (OP275)."""
    counts: Counter[tuple[str, str]] = Counter()
    for care in sorted(cares, key=lambda care: (care.first_301, care.person.number)):
        key = (care.municipality.code, care.wet)
        care.number = FIRST_NUMBER + counts[key]
        counts[key] += 1


def _number_messages(messages: list[Message]) -> None:
    """Identificatie per sender and type; line references per provider (unique over both laws)."""
    counts: Counter[str] = Counter()
    for message in messages:
        sender = _sender(message)
        counts[sender] += 1
        message.identification = f"{message.soort}{counts[sender]:08d}"
        if message.soort in CLAIMS:
            for line in message.records:
                counts["R" + message.provider] += 1
                line.reference = f"R{counts['R' + message.provider]:09d}"


def _sender(message: Message) -> str:
    return message.municipality if message.from_municipality else message.provider


def documents(region: Region) -> Iterator[tuple[str, str]]:
    """Relative path and XML of every message, in order of sending."""
    standard = region.world.standard
    for message in region.messages:
        claim = message.soort in xml_claims.RENDERERS
        text = (xml_claims if claim else xml_regie).render(message, standard)
        family = "jw" if message.wet == JEUGDWET else "wmo"
        name = f"{family}{message.soort}_{_sender(message)}_{message.identification}.xml"
        yield f"{iso(message.day)[:7]}/{name}", text
