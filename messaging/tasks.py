"""Background work on uploads; thin, the work is in ``actions``."""

from celery import shared_task
from celery.signals import worker_ready
from django.utils import timezone

from messaging import actions, column_actions
from messaging.models import Upload, UploadState


@shared_task(name="messaging.tasks.ingest_upload")
def ingest_upload(upload_id: int) -> None:
    """Process an upload; running it twice changes nothing."""
    actions.process_upload(upload_id)
    column_actions.discard_old(timezone.now())


@worker_ready.connect
def resume_uploads(**kwargs: object) -> None:
    """Uploads that a killed worker left behind are taken up again."""
    for upload_id in Upload.objects.filter(state__in=(UploadState.WAITING, UploadState.RUNNING)).values_list(
        "pk", flat=True
    ):
        ingest_upload.delay(upload_id)
