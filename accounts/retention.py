"""How long the record of who looked at single clients is kept (requirement P-04)."""

import datetime as dt

from accounts.models import AuditEvent

LOOKS = ("zaken bekeken", "cliënt bekeken", "bericht bekeken", "bevindingen bekeken", "bevindingen gedownload")


def forget_looks(*, now: dt.datetime, days: int) -> int:
    """Delete looks at client-level rows that are older than ``days``; how many there were. Changes stay."""
    count, _ = AuditEvent.objects.filter(action__in=LOOKS, at__lt=now - dt.timedelta(days=days)).delete()
    return count
