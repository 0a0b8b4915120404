"""Reads of uploads for the pages of admins."""

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.db.models.functions import Coalesce

from messaging.models import Message, Occurrence, Rejection, Upload, UploadState


def uploads() -> QuerySet[Upload]:
    """All uploads, newest first, with the sums over their files."""
    sums = {
        f"sum_{name}": Coalesce(Sum(f"files__{name}"), 0) for name in ("messages", "records", "duplicates", "rejected")
    }
    return Upload.objects.annotate(file_count=Count("files"), **sums).order_by("-created_at", "-id")


def rejections(upload: Upload) -> QuerySet[Rejection]:
    """What could not be read in an upload, in the order it was found."""
    return Rejection.objects.filter(upload_file__upload=upload).select_related("upload_file").order_by("id")


def undo_effect(upload: Upload) -> tuple[dict[str, int], int]:
    """What undoing would change: messages per type that disappear, and how many stay.

    A message stays when an upload that was not undone has it too.
    """
    mine = Occurrence.objects.filter(message_id=OuterRef("id"), upload_file__upload=upload)
    elsewhere = Occurrence.objects.filter(message_id=OuterRef("id")).exclude(upload_file__upload=upload)
    elsewhere = elsewhere.exclude(upload_file__upload__state=UploadState.UNDONE)
    brought = Message.objects.filter(Exists(mine))
    only_here = brought.filter(~Exists(elsewhere)).order_by("soort").values_list("soort").annotate(Count("id"))
    disappearing = dict(only_here)
    return disappearing, brought.count() - sum(disappearing.values())
