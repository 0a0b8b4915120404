"""Handing an upload to the worker; a broker that is away loses nothing, for the upload itself is in the database."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)
TASK = "messaging.tasks.ingest_upload"
CONNECT_SECONDS = 2  # a person is waiting for the page


def enqueue(upload_id: int) -> bool:
    """Ask for the upload to be processed; False when the broker cannot be reached. Asking twice is harmless."""
    try:
        with current_app.connection_for_write(connect_timeout=CONNECT_SECONDS) as connection:
            connection.ensure_connection(max_retries=1)
            current_app.send_task(TASK, args=[upload_id], connection=connection, retry=False)
    except (OperationalError, OSError):
        logger.warning("upload %s waits: the broker cannot be reached", upload_id)
        return False
    return True
