"""The record of who did or looked at what (requirement: P-04). The only writer of ``AuditEvent``."""

from typing import TYPE_CHECKING

from accounts.models import AuditEvent

if TYPE_CHECKING:
    from accounts.models import User


def record(*, by: "User | None", action: str, subject: str, **detail: str | int | bool | list | None) -> AuditEvent:
    """Write one event. ``by`` is None for the system or an unknown visitor.

    ``subject`` and ``detail`` name things of the portal (an upload number, an account, a filter);
    never a BSN, a name of a client or a payload.
    """
    return AuditEvent.objects.create(user=by, action=action, subject=subject[:200], detail=detail)
