"""Logins and logouts in the audit log. A failed login is counted by axes; what was typed is not kept here."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver

from accounts.audit import record
from accounts.models import User


@receiver(user_logged_in)
def log_login(sender: type[User], user: User, **kwargs: Any) -> None:
    record(by=user, action="aangemeld", subject=user.username)


@receiver(user_logged_out)
def log_logout(sender: type[User], user: User | None, **kwargs: Any) -> None:
    if user is not None:
        record(by=user, action="afgemeld", subject=user.username)
