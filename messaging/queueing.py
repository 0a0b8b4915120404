"""Handing an upload to the worker; a broker that is away loses nothing, for the upload itself is in the database."""

from sdf_portal.queueing import ask

TASK = "messaging.tasks.ingest_upload"


def enqueue(upload_id: int) -> bool:
    """Ask for the upload to be processed; False when the broker cannot be reached. Asking twice is harmless."""
    return ask(TASK, upload_id)
