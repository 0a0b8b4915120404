"""Logs without people: whatever looks like a BSN is masked before a line is written."""

import logging
import re
from typing import Any

NINE_DIGITS = re.compile(r"(?<!\d)\d{9}(?!\d)")


class MaskPeople(logging.Filter):
    """Replaces every number of exactly nine digits in a record's text and exception."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = NINE_DIGITS.sub("*********", record.getMessage())
        record.args = ()
        return True


class MaskingFormatter(logging.Formatter):
    """Masks the traceback too, which is only made while formatting."""

    def format(self, record: logging.LogRecord) -> str:
        return NINE_DIGITS.sub("*********", super().format(record))


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"people": {"()": MaskPeople}},
    "formatters": {"line": {"()": MaskingFormatter, "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["people"], "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "celery": {"level": "INFO"},
        "messaging": {"level": "INFO"},
        "kpi": {"level": "INFO"},
        "weasyprint": {"level": "CRITICAL"},  # else every style rule that is for screens only
        "fontTools": {"level": "ERROR"},
    },
}
