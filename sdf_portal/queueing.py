"""Handing work to the worker while somebody waits for a page; what must not get lost is in the database already."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)
CONNECT_SECONDS = 2


def ask(task: str, number: int) -> bool:
    """Ask for a task about the row ``number``; False when the broker cannot be reached. Asking twice is harmless."""
    try:
        with current_app.connection_for_write(connect_timeout=CONNECT_SECONDS) as connection:
            connection.ensure_connection(max_retries=1)
            current_app.send_task(task, args=[number], connection=connection, retry=False)
    except (OperationalError, OSError):
        logger.warning("%s %s waits: the broker cannot be reached", task, number)
        return False
    return True
