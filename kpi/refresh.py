"""When figures are computed anew: after messages or reference data changed, and every night.

An upload or a load only asks for it; a request made while another waits adds nothing, and one that a computation
in between already answered does nothing. One computation runs at a time, so that uploads never wait for a row of them.
"""

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from kpi.loading import last_message_id
from kpi.selectors import current_run
from messaging.signals import messages_changed
from providers.signals import reference_changed

logger = logging.getLogger(__name__)
WAITING = "kpi-refresh-waiting"
WAITING_SECONDS = 3600
CHANGED = "kpi-changed-at"
NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
REFRESH_LOCK = 7245  # advisory, of the session: it goes with a killed worker


def listen() -> None:
    """Connect to what changes figures."""
    messages_changed.connect(request_refresh, dispatch_uid="kpi-messages")
    reference_changed.connect(request_refresh, dispatch_uid="kpi-reference")


class Request(StrEnum):
    """What became of a request for a computation."""

    ASKED = "gevraagd"
    WAITED = "wachtte al"
    UNHEARD = "geen wachtrij"


def request_refresh(**kwargs: Any) -> Request:
    """Something changed: ask the worker for a computation, unless one is already waiting.

    Without a broker nothing is asked and nothing fails: the messages are stored, the nightly computation sees them.
    """
    try:
        cache.set(CHANGED, timezone.now(), None)
        return Request.ASKED if _ask() else Request.WAITED
    except (OperationalError, RedisError):
        logger.warning("No broker: the figures are refreshed by the nightly computation.")
        return Request.UNHEARD


def _ask() -> bool:
    """Whether it was asked now; when the broker cannot be reached, nothing waits."""
    from kpi.tasks import refresh

    if not cache.add(WAITING, 1, WAITING_SECONDS):
        return False
    try:
        refresh.delay()
    except OperationalError:
        cache.delete(WAITING)
        raise
    return True


@contextmanager
def alone() -> Iterator[bool]:
    """Whether no other computation runs; until the end of the block no other begins.

    Who is not alone need not wait: the one that runs asks for another when something changed since it began.
    """
    began = timezone.now()
    if not _locked("pg_try_advisory_lock"):
        yield False
        return
    try:
        yield True
    finally:
        _locked("pg_advisory_unlock")
        if _changed_after(began):
            _ask()


def _locked(function: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [REFRESH_LOCK])  # noqa: S608
        return bool(cursor.fetchone()[0])


def _changed_after(moment: dt.datetime) -> bool:
    changed = cache.get(CHANGED)
    return changed is not None and changed >= moment


def resume() -> None:
    """A worker began: what a killed one had taken up, or only received, is asked for again."""
    run = current_run()
    taken_up()
    if _changed_after(run.started_at if run else NEVER):
        _ask()


def up_to_date() -> bool:
    """Whether there is nothing to do: the figures are of today and of after the last change, or there is no message."""
    run, changed = current_run(), cache.get(CHANGED)
    if run is None and not last_message_id():
        return True
    return run is not None and run.as_of == timezone.localdate() and changed is not None and run.started_at > changed


def taken_up() -> None:
    """The waiting computation has begun: what changes from now on needs another one."""
    cache.delete(WAITING)
