"""From which date and up to which messages arrived, per municipality."""

import datetime as dt

from django.db.models import Max, Min

from accounts.scope import Scope
from messaging.models import Message

Span = tuple[dt.date, dt.date]  # the first and the last day


def spans(scope: Scope, as_of: dt.date) -> dict[tuple[str, str], Span]:
    """The dates of the oldest and the newest message by municipality and type, on or before ``as_of``."""
    messages = Message.objects.filter(datum__lte=as_of)
    if not scope.region:
        messages = messages.filter(gemeente=scope.municipality or "geen")
    rows = messages.order_by().values_list("gemeente", "soort").annotate(Min("datum"), Max("datum"))
    return {(gemeente, soort): (first, last) for gemeente, soort, first, last in rows}
