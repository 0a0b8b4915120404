"""Adding norms. A norm is never changed or removed: a new version starts on a later day."""

from typing import Any

from django.db import transaction

from accounts.audit import record
from kpi.models import Norm


def add_norm(*, by: Any, **fields: Any) -> Norm:
    """Save a new version and note who did it."""
    with transaction.atomic():
        norm = Norm.objects.create(decided_by=by.get_full_name() or by.username, **fields)
        record(
            by=by,
            action="norm vastgesteld",
            subject=f"norm {norm.pk}: {norm.measure}",
            zorgdomein=norm.domain,
            gemeente=norm.municipality,
            groen=str(norm.green),
            rood=str(norm.red),
            vanaf=str(norm.valid_from),
        )
    return norm
