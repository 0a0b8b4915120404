"""How complete the message traffic is: who delivers what in which month, and what stays unanswered.

Everything is counted in the database, over stored messages, inside a :class:`~accounts.scope.Scope`.
Source: requirements D-02 and D-03.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth

from accounts.scope import Scope
from messaging.models import Message

OVERDUE_DAYS = 28  # the longest term for a return is 20 working days (T-07)
ANSWERED_BY = {
    "301": "aanbieder",
    "303": "gemeente",
    "305": "gemeente",
    "307": "gemeente",
    "315": "gemeente",
    "317": "gemeente",
    "319": "aanbieder",
    "323": "gemeente",
}


@dataclass(frozen=True, slots=True)
class Window:
    """The rows a page is about: messages dated ``first`` to ``last`` (both included), of one law or one
    municipality where given."""

    first: date
    last: date
    wet: str = ""
    gemeente: str = ""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """How many messages of a type have no return, and how many of those are overdue."""

    soort: str
    sent: int
    unanswered: int
    overdue: int


def coverage(scope: Scope, window: Window) -> dict[tuple[str, str, date], int]:
    """Messages by (type, municipality, first day of the month); what is absent is zero."""
    rows = (
        _messages(scope, window)
        .order_by()
        .annotate(month=TruncMonth("datum"))
        .values_list("soort", "gemeente", "month")
        .annotate(messages=Count("id"))
    )
    return {(soort, gemeente, month): count for soort, gemeente, month, count in rows}


def unanswered(scope: Scope, window: Window, *, today: date) -> list[Unanswered]:
    """Per type that asks for a return. A return has the same link and another type than what it answers."""
    answer = Message.objects.filter(link=OuterRef("link")).exclude(soort=OuterRef("soort"))
    overdue = Q(answered=False, datum__lt=today - timedelta(days=OVERDUE_DAYS))
    rows = (
        _messages(scope, window)
        .filter(soort__in=ANSWERED_BY)
        .annotate(answered=Exists(answer))
        .order_by("soort")
        .values("soort")
        .annotate(
            sent=Count("id"), unanswered=Count("id", filter=Q(answered=False)), overdue=Count("id", filter=overdue)
        )
    )
    return [Unanswered(**row) for row in rows]


def delivering(counts: dict[tuple[str, str, date], int], municipalities: Iterable[str], month: date) -> set[str]:
    """The municipalities among those given with at least one message of any type in the month."""
    found = {gemeente for (_, gemeente, when), count in counts.items() if when == month and count}
    return found & set(municipalities)


def _messages(scope: Scope, window: Window) -> QuerySet[Message]:
    """Scope first, filter second."""
    messages = Message.objects.all() if scope.region else Message.objects.filter(gemeente=scope.municipality or "-")
    messages = messages.filter(datum__gte=window.first, datum__lte=window.last)
    if window.wet:
        messages = messages.filter(wet=window.wet)
    return messages.filter(gemeente=window.gemeente) if window.gemeente else messages
