"""Background computation; thin, the work is in ``actions``."""

from contextlib import suppress

from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone
from kombu.exceptions import OperationalError as KombuError
from redis.exceptions import RedisError

from kpi import actions, differences, division, job_signals, jobs
from kpi.editions import publish_due
from kpi.look_back import compute_date as compute_one_date
from kpi.look_back import resume as resume_date
from kpi.models import Run
from kpi.refresh import alone, resume, taken_up, up_to_date

MOST_HELPERS = 64  # tasks that find nothing to do end at once


@shared_task(name="kpi.tasks.refresh", autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def refresh() -> None:
    """Compute all figures as known today; running it twice gives the same figures."""
    taken_up()
    if up_to_date():
        return
    with alone() as first:
        if first:
            actions.refresh(as_of=timezone.localdate(), call=call_for_help)


def call_for_help(run: Run, parts: int) -> None:
    """Ask other workers to count parts of a run too; without a broker this one counts them all."""
    with suppress(KombuError, RedisError):
        for _ in range(min(parts - 1, MOST_HELPERS)):
            count_parts.delay(run.pk)


@shared_task(name="kpi.tasks.count_parts")
def count_parts(run_id: int) -> None:
    """Count parts of a run that nobody counts yet; when there are none left it does nothing."""
    division.help_count(run_id)


@shared_task(name="kpi.tasks.publish_month", autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def publish_month() -> None:
    """Keep the figures of the month before once its working day is there; running it twice keeps them once."""
    jobs.forget_old(now=timezone.now())
    publish_due(today=timezone.localdate(), workday=settings.PUBLICATION_WORKDAY)


@shared_task(name="kpi.tasks.heartbeat")
def heartbeat() -> None:
    """The scheduler asked and a worker answered."""
    jobs.alive(jobs.PLANNER)


@shared_task(name="kpi.tasks.compute_date", autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def compute_date(run_id: int) -> None:
    """Compute the figures of a date that somebody asked for."""
    compute_one_date(run_id)


@shared_task(name="kpi.tasks.compare_dates", autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def compare_dates(comparison_id: int) -> None:
    """Work out why figures differ between two dates."""
    differences.work_out(comparison_id)


@worker_ready.connect
def resume_refresh(**kwargs: object) -> None:
    """Figures that a killed worker left behind are computed after all."""
    resume()
    resume_date()
    differences.resume()


job_signals.listen()
