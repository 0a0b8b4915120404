"""The saved column layouts, as the reading of exports takes them."""

from messaging.models import ColumnLayout, Upload
from messaging.rijen.header import Layout, Layouts, Saved


def layouts_for(upload: Upload) -> Layouts:
    """What is known about the exports of an upload: whose they are, and all saved layouts."""
    return Layouts(upload.gemeente, tuple(map(_saved, ColumnLayout.objects.all())))


def _saved(row: ColumnLayout) -> Saved:
    return Saved(row.gemeente, row.fingerprint, Layout(row.soort, row.fields, row.constants))
