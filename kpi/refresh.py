"""When figures are computed anew: after messages or reference data changed, and every night.

An upload or a load only asks for it; a request made while another waits adds nothing, and one that a computation
in between already answered does nothing.
"""

import logging
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from kpi.selectors import current_run
from messaging.signals import messages_changed
from providers.signals import reference_changed

logger = logging.getLogger(__name__)
WAITING = "kpi-refresh-waiting"
WAITING_SECONDS = 3600
CHANGED = "kpi-changed-at"


def listen() -> None:
    """Connect to what changes figures."""
    messages_changed.connect(request_refresh, dispatch_uid="kpi-messages")
    reference_changed.connect(request_refresh, dispatch_uid="kpi-reference")


def request_refresh(**kwargs: Any) -> None:
    """Ask the worker for a computation, unless one is already waiting.

    Without a broker nothing is asked and nothing fails: the messages are stored, the nightly computation sees them.
    """
    from kpi.tasks import refresh

    try:
        cache.set(CHANGED, timezone.now(), None)
        if cache.add(WAITING, 1, WAITING_SECONDS):
            refresh.delay()
    except (OperationalError, RedisError):
        logger.warning("No broker: the figures are refreshed by the nightly computation.")


def up_to_date() -> bool:
    """Whether the current figures are of today and were begun after the last known change."""
    run, changed = current_run(), cache.get(CHANGED)
    return run is not None and run.as_of == timezone.localdate() and changed is not None and run.started_at > changed


def taken_up() -> None:
    """The waiting computation has begun: what changes from now on needs another one."""
    cache.delete(WAITING)
