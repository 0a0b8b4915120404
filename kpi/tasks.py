"""Background computation; thin, the work is in ``actions``."""

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from kpi import actions
from kpi.refresh import taken_up, up_to_date


@shared_task(name="kpi.tasks.refresh", autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def refresh() -> None:
    """Compute all figures as known today; running it twice gives the same figures."""
    taken_up()
    if up_to_date():
        return
    actions.compute(as_of=timezone.localdate())
