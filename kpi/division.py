"""Counting the clients of a run in parts, by as many workers as there are.

The parts are rows; who counts one holds its lock until it is stored, so that the part of a killed worker is free again
by itself. The one that publishes counts too, and in the end waits for the parts that others still have. A part reads
its own clients and their context only: more parts need less memory at a time, more workers less time.
"""

from collections.abc import Callable

from django.db import transaction

from kpi.calc.frames import Reference
from kpi.calc.part import Part, together
from kpi.calc.share import Bucket
from kpi.loading import load_bucket, load_records, load_reference
from kpi.models import Run, RunPart
from kpi.packing import pack, unpack
from kpi.question import digest, part_for

MESSAGES_PER_PART = 50_000
MOST_PARTS = 256
Help = Callable[[Run, int], None]


def no_help(run: Run, parts: int) -> None:
    """Nobody else counts."""


def counted(run: Run, reference: Reference, call: Help = no_help) -> Part:
    """All clients of a run, counted; ``call`` is told of the parts, so that others may help."""
    number = min(-(-run.messages_count // MESSAGES_PER_PART), MOST_PARTS)
    if number < 2:
        return part_for(run, load_records(run.last_message_id), reference)
    RunPart.objects.bulk_create([RunPart(run=run, number=part) for part in range(number)])
    call(run, number)
    while RunPart.objects.filter(run=run, content__isnull=True).exists():
        if not _count_one(run, reference, number, wait=False):
            _count_one(run, reference, number, wait=True)
    parts = [unpack(part.content) for part in RunPart.objects.filter(run=run)]
    RunPart.objects.filter(run=run).delete()
    return together(parts)


def help_count(run_id: int) -> None:
    """Count parts of a run as long as there are any that nobody counts; with other reference data, none."""
    run = Run.objects.filter(pk=run_id).first()
    if run is None or digest(reference := load_reference(run.as_of)) != run.reference_digest:
        return
    number = RunPart.objects.filter(run=run).count()
    while number and _count_one(run, reference, number, wait=False):
        pass


def _count_one(run: Run, reference: Reference, of: int, *, wait: bool) -> bool:
    """Count and store one part; whether there was one. With ``wait`` also one that another may let go of."""
    with transaction.atomic():
        open_parts = RunPart.objects.filter(run=run, content__isnull=True).defer("content")
        part = open_parts.select_for_update(skip_locked=not wait).first()
        if part is None:
            return False
        bucket = Bucket(part.number, of)
        part.content = pack(part_for(run, load_bucket(bucket, run.last_message_id), reference, bucket))
        part.save(update_fields=["content"])
        return True
