"""``manage.py export_indicators --as-of DATE --period KIND --from P --to P [--scope S]… [--measure M]… --out FILE``."""

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kpi.actions import state_on
from kpi.arguments import day
from kpi.calc.indicators import MEASURES
from kpi.calc.periods import MONTHS_PER, PeriodError, periods
from kpi.calc.scopes import SCOPES
from kpi.calc.values import compute_values
from kpi.exporting import export_table


class Command(BaseCommand):
    help = "Schrijft de tabel met indicatoren zoals bekend op een peildatum."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=day, required=True, help="peildatum JJJJ-MM-DD")
        parser.add_argument("--period", choices=list(MONTHS_PER), required=True)
        parser.add_argument("--from", dest="first", required=True, help="eerste periode: 2025-03, 2025-Q1 of 2025")
        parser.add_argument("--to", dest="last", required=True)
        parser.add_argument("--scope", action="append", choices=list(SCOPES), metavar="S")
        parser.add_argument("--measure", action="append", choices=list(MEASURES), metavar="M")
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            wanted = periods(options["period"], options["first"], options["last"])
        except PeriodError as error:
            raise CommandError(str(error), returncode=2) from error
        if not options["out"].parent.is_dir():
            raise CommandError(f"De map {options['out'].parent} bestaat niet. Maak haar eerst.", returncode=2)
        values = compute_values(
            state_on(options["as_of"]), wanted, scopes=options["scope"], measures=options["measure"]
        )
        table = export_table(values)
        table.to_csv(options["out"], index=False)
        seconds = round(time.monotonic() - started, 3)
        self.stdout.write(f"{options['out']}: {len(table)} regels, {seconds} seconden.")
        if options["json"]:
            self.stdout.write(json.dumps({"rows": len(table), "out": str(options["out"]), "seconds": seconds}))
