"""The Celery application; tasks live in each app's ``tasks`` module."""

import os
from logging.config import dictConfig
from typing import Any

from celery import Celery
from celery.signals import beat_embedded_init, setup_logging, worker_process_init

from sdf_portal.lifeline import end_with_parent
from sdf_portal.logging import LOGGING

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sdf_portal.settings")
app = Celery("sdf_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["kpi"], related_name="export_tasks")


@worker_process_init.connect
@beat_embedded_init.connect
def leave_no_orphan(**kwargs: Any) -> None:
    """A killed worker takes its pool and its scheduler along; its task is delivered again (acks late)."""
    end_with_parent()


@setup_logging.connect
def mask_people(**kwargs: Any) -> None:
    """Our handlers, which mask people, and not those that Celery makes where nobody answers this signal."""
    dictConfig(LOGGING)
