"""When figures are computed anew: after messages or reference data changed, and every night.

An upload or a load only asks for it; a request made while another waits adds nothing.
"""

from typing import Any

from django.core.cache import cache

from messaging.signals import messages_changed
from providers.signals import reference_changed

WAITING = "kpi-refresh-waiting"
WAITING_SECONDS = 3600


def listen() -> None:
    """Connect to what changes figures."""
    messages_changed.connect(request_refresh, dispatch_uid="kpi-messages")
    reference_changed.connect(request_refresh, dispatch_uid="kpi-reference")


def request_refresh(**kwargs: Any) -> None:
    """Ask the worker for a computation, unless one is already waiting."""
    from kpi.tasks import refresh

    if cache.add(WAITING, 1, WAITING_SECONDS):
        refresh.delay()


def taken_up() -> None:
    """The waiting computation has begun: what changes from now on needs another one."""
    cache.delete(WAITING)
