"""Delivered care as the messages that report it: one line of a drawn table is one call."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from kpi.calc.state import State
from tests.support import xmlmessages as xml
from tests.support.records import state
from tests.support.xmlmessages import Line, Message, allocation, message, start, stop

HERSTEL = ("45", "45A04")
LASTING = ("44", "44A01")
CATALOGUE = (
    {},
    {"categorie": "44", "code": "44A01", "domain": "beschermd-wonen", "kind": "duurzaam"},
)


@cache
def person(number: int) -> str:
    """The BSN of the ``number``-th client (from 1)."""
    return xml.bsn(number)


def care(
    who: int,
    number: int,
    begin: str,
    end: str | None = None,
    reason: str = "31",
    *,
    product: tuple[str, str | None] = HERSTEL,
    town: str = xml.TOWN,
    provider: str = xml.PROVIDER,
    reported: str | None = None,
    reason_of_change: str | None = None,
    **allocated: object,
) -> list[Message]:
    """An allocation, its start and, with ``end``, its stop; the start message is of its first day or ``reported``."""
    common = {"person": person(who), "town": town, "provider": provider}
    given = {"first": begin, "last": "2027-12-31", "decided": begin, "product": product, "reason": reason_of_change}
    given |= allocated
    found = [
        message("301", allocation(number, **given), day=begin, **common),
        message("305", start(number, begin, product=product), day=reported or begin, **common),
    ]
    if end:
        found.append(message("307", stop(number, begin, end, reason, product=product), day=end, **common))
    return found


def claim(*lines: Line, day: str = "2025-12-01", provider: str = xml.PROVIDER) -> Message:
    """A claim of lines; give each line ``bsn=person(who)``."""
    return message("323", *lines, day=day, provider=provider)


def delivered(*spells: list[Message], products: Iterable[dict] = CATALOGUE, **more: Any) -> State:
    """The state that the messages of so many lines of a table add up to; ``more`` as in ``records.state``."""
    return state(*(item for spell in spells for item in spell), products=products, **more)
