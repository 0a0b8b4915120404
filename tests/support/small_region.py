"""A small region as it comes from messages, for the fixtures ``small_region`` and ``small_region_run``."""

import datetime as dt
from pathlib import Path

from django.core.management import call_command

from kpi import actions
from kpi.models import Run

UNTIL = dt.date(2026, 6, 30)


def write_region(out: Path) -> None:
    """Its messages and reference data as files."""
    call_command("make_region", clients=80, months=10, seed=5, out=out, until=UNTIL, verbosity=0)


def compute_region(files: Path) -> Run:
    """Load, ingest and compute it."""
    call_command("load_reference", files / "referentie")
    call_command("ingest", str(files / "berichten"))
    return actions.compute(as_of=UNTIL)
