"""The planned jobs: how each went last, when it runs next, and whether anybody is alive to run it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import formats, timezone

from kpi.models import JobRun

NAMES = {
    "kpi.tasks.refresh": "Berekening van alle cijfers",
    "kpi.tasks.publish_month": "Maandcijfers bewaren",
    "kpi.export_tasks.remove_old": "Oude exports opruimen",
    "accounts.tasks.forget_looks": "Oude regels van het logboek wissen",
}
EVERY_MINUTE = {"kpi.tasks.heartbeat", "messaging.tasks.take_up"}  # too many to note each
WORKER, PLANNER = "kpi-worker-alive", "kpi-planner-alive"
SILENT = dt.timedelta(minutes=10)
KEEP_DAYS = 90
TROUBLE_SECONDS = 60


@dataclass(frozen=True)
class Job:
    """A planned job with its last run and the moment of the next."""

    name: str
    last: JobRun | None
    next_at: dt.datetime | None

    @property
    def seconds(self) -> int | None:
        if self.last is None or self.last.finished_at is None:
            return None
        return round((self.last.finished_at - self.last.started_at).total_seconds())

    @property
    def state(self) -> str:
        if self.last is None:
            return "nog niet gedraaid"
        if self.last.failed:
            return "mislukt"
        return "klaar" if self.last.finished_at else "bezig"


def planned(now: dt.datetime) -> list[Job]:
    """Every job of the scheduler, save those of every minute."""
    entries = [entry for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry["task"] in NAMES]
    last = {run.name: run for run in JobRun.objects.order_by("name", "-id").distinct("name")}
    return [Job(NAMES[entry["task"]], last.get(entry["task"]), _next(entry["schedule"], now)) for entry in entries]


def _next(schedule: Any, now: dt.datetime) -> dt.datetime:
    """To the minute: the schedule reads a clock of its own, some moments later."""
    moment: dt.datetime = now + schedule.remaining_estimate(now) + dt.timedelta(seconds=30)
    return moment.replace(second=0, microsecond=0)


def began(name: str, retries: int = 0) -> None:
    """A planned job begins, after so many attempts that failed."""
    JobRun.objects.create(name=name, retries=retries)


def ended(name: str, error: BaseException | None = None) -> JobRun | None:
    """The job that began last has ended; of a fault only its kind is noted, never data."""
    run = JobRun.objects.filter(name=name, finished_at=None).first()
    if run is not None:
        run.finished_at, run.failed = timezone.now(), error is not None
        run.remark = f"Fout: {type(error).__name__}." if error is not None else ""
        run.save(update_fields=["finished_at", "failed", "remark"])
    return run


def forget_old(*, now: dt.datetime) -> None:
    """The record of jobs itself need not be kept for ever."""
    JobRun.objects.filter(started_at__lt=now - dt.timedelta(days=KEEP_DAYS)).delete()


def alive(who: str) -> None:
    """The worker or the scheduler says that it is there."""
    cache.set(who, timezone.now(), None)


def seen(who: str) -> dt.datetime | None:
    """When the worker or the scheduler was last seen."""
    found: dt.datetime | None = cache.get(who)
    return found


def trouble() -> str:
    """The first of ``troubles``, looked up at most once a minute."""
    found: str = cache.get_or_set("kpi-job-trouble", lambda: next(troubles(timezone.now()), ""), TROUBLE_SECONDS)
    return found


def troubles(now: dt.datetime) -> Iterator[str]:
    """Sentences about who is silent and what failed. Who was never seen may be of an installation that just began."""
    for who, name in ((WORKER, "De worker"), (PLANNER, "De planner")):
        last = seen(who)
        if last is not None and now - last > SILENT:
            moment = formats.date_format(timezone.localtime(last), "j F Y H:i")
            yield f"{name} draait niet meer sinds {moment}. Start de processen van het portaal opnieuw."
    others = JobRun.objects.filter(name__in=set(NAMES) - {"kpi.tasks.refresh"})  # a failed run has an alarm of its own
    for run in others.order_by("name", "-id").distinct("name"):
        if run.failed:
            moment = formats.date_format(timezone.localtime(run.started_at), "j F Y H:i")
            yield f"De taak “{NAMES[run.name]}” van {moment} is mislukt. Kijk bij Berekeningen wat er is."
