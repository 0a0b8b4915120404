"""Long exports in the background; thin, the work is in ``export_actions``."""

from celery import shared_task
from celery.signals import worker_ready
from django.db import OperationalError
from django.utils import timezone

from kpi import export_actions


@shared_task(name="kpi.export_tasks.make", autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def make(job_id: int) -> None:
    """Make the file of a long export; running it twice changes nothing."""
    export_actions.run_export(job_id)


@shared_task(name="kpi.export_tasks.remove_old")
def remove_old() -> None:
    """Files of exports go when their days are over."""
    export_actions.remove_old(now=timezone.now())


@worker_ready.connect
def resume_exports(**kwargs: object) -> None:
    """Exports that a killed worker left behind, or that no broker took, are made after all."""
    for job_id in export_actions.unfinished():
        make.delay(job_id)
