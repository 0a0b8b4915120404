"""Background work on uploads; thin, the work is in ``actions``."""

from celery import shared_task
from celery.signals import worker_ready
from django.utils import timezone

from messaging import actions, column_actions, resuming
from messaging.exceptions import UploadInterrupted
from messaging.models import Upload, UploadState

MOST_SECONDS = 60  # between two attempts while the database is away, and between two looks at what was left behind


@shared_task(
    name="messaging.tasks.ingest_upload",
    autoretry_for=(UploadInterrupted,),
    retry_backoff=True,
    retry_backoff_max=MOST_SECONDS,
    max_retries=None,
)
def ingest_upload(upload_id: int) -> None:
    """Process an upload; running it twice changes nothing."""
    actions.process_upload(upload_id)
    column_actions.discard_old(timezone.now())


@shared_task(name="messaging.tasks.take_up")
def take_up() -> None:
    """Ask again for uploads that the queue forgot, or that nobody works on any more."""
    for upload_id in resuming.left_behind(timezone.now()):
        ingest_upload.apply_async([upload_id], expires=MOST_SECONDS)


@worker_ready.connect
def resume_uploads(**kwargs: object) -> None:
    """Uploads that a killed worker left behind are taken up again."""
    for upload_id in Upload.objects.filter(state__in=(UploadState.WAITING, UploadState.RUNNING)).values_list(
        "pk", flat=True
    ):
        ingest_upload.delay(upload_id)
