"""Up to which date messages arrived, per municipality."""

import datetime as dt

from django.db.models import Max

from accounts.scope import Scope
from messaging.models import Message


def latest_dates(scope: Scope, as_of: dt.date) -> dict[str, dt.date]:
    """The date of the newest message of each municipality of the scope, on or before ``as_of``."""
    messages = Message.objects.filter(datum__lte=as_of)
    if not scope.region:
        messages = messages.filter(gemeente=scope.municipality or "geen")
    return dict(messages.order_by().values_list("gemeente").annotate(Max("datum")))
