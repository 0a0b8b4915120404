"""Background work of accounts; thin, the work is in ``retention``."""

from celery import shared_task
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from accounts import retention


@shared_task(name="accounts.tasks.forget_looks", autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def forget_looks() -> None:
    """The record of looks at clients is kept as long as the setting says, no longer."""
    retention.forget_looks(now=timezone.now(), days=settings.LOOK_LOG_DAYS)
