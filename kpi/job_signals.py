"""What the worker tells of itself and of the planned jobs: kept in the database, and mailed when one fails."""

import logging
import smtplib
from typing import Any

from celery.signals import heartbeat_sent, task_failure, task_postrun, task_prerun
from django.core.mail import mail_admins
from django.utils import timezone

from kpi import jobs

logger = logging.getLogger(__name__)
_last_told = [timezone.now().replace(year=2000)]
TELL_SECONDS = 30


def listen() -> None:
    """Connect to the worker."""
    task_prerun.connect(_began, dispatch_uid="kpi-job-began")
    task_postrun.connect(_ended, dispatch_uid="kpi-job-ended")
    task_failure.connect(_failed, dispatch_uid="kpi-job-failed")
    heartbeat_sent.connect(_alive, dispatch_uid="kpi-worker-alive")


def _began(sender: Any = None, **kwargs: Any) -> None:
    if sender.name in jobs.NAMES:
        jobs.began(sender.name, sender.request.retries or 0)


def _ended(sender: Any = None, **kwargs: Any) -> None:
    if sender.name in jobs.NAMES:
        jobs.ended(sender.name)


def _failed(sender: Any = None, exception: BaseException | None = None, **kwargs: Any) -> None:
    if sender.name not in jobs.NAMES or exception is None:
        return
    run = jobs.ended(sender.name, exception)
    name = jobs.NAMES[sender.name]
    remark = run.remark if run else ""
    try:
        mail_admins(
            f"Taak mislukt: {name}",
            f"De taak “{name}” is mislukt. {remark} De cijfers van daarvoor blijven staan."
            " Log in als beheerder en kijk bij Berekeningen.",
        )
    except (OSError, smtplib.SMTPException):
        logger.warning("The mail about a failed job could not be sent.")


def _alive(**kwargs: Any) -> None:
    now = timezone.now()
    if (now - _last_told[0]).total_seconds() >= TELL_SECONDS:
        _last_told[0] = now
        jobs.alive(jobs.WORKER)
