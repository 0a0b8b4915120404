"""``manage.py compute [--as-of DATE] [--from YYYY-MM] [--to YYYY-MM] [--all]``: all figures, published as a run."""

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kpi import actions
from kpi.arguments import day
from kpi.calc.periods import PeriodError


class Command(BaseCommand):
    help = "Berekent alle indicatoren en zet de uitkomst op de pagina's."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=day, help="peildatum JJJJ-MM-DD; zonder: vandaag")
        parser.add_argument("--from", dest="first", metavar="JJJJ-MM", help="eerste maand; zonder: 36 maanden terug")
        parser.add_argument("--to", dest="last", metavar="JJJJ-MM", help="laatste maand; zonder: die van de peildatum")
        parser.add_argument("--all", action="store_true", help="alles opnieuw, ook als er alleen berichten bij kwamen")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        as_of = options["as_of"] or timezone.localdate()
        started = time.monotonic()
        try:
            if options["all"] or options["first"] or options["last"]:
                run = actions.compute(as_of=as_of, first=options["first"], last=options["last"])
            else:
                run = actions.refresh(as_of=as_of)
        except PeriodError as error:
            raise CommandError(str(error), returncode=2) from error
        seconds = round(time.monotonic() - started, 3)
        self.stdout.write(f"Berekening {run.pk} op peildatum {as_of}: {run.values_count} waarden, {seconds} seconden.")
        if options["json"]:
            self.stdout.write(
                json.dumps({"run": run.pk, "as_of": str(as_of), "values": run.values_count, "seconds": seconds})
            )
