"""``manage.py export_kraljic --as-of DATE [--domain D] --out FILE``: the Kraljic class of every provider."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kpi.actions import state_on
from kpi.arguments import day
from kpi.kraljic import export_rows


class Command(BaseCommand):
    help = "Schrijft de Kraljic-klasse van elke aanbieder zoals bekend op een peildatum."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=day, required=True, help="peildatum JJJJ-MM-DD")
        parser.add_argument("--domain", default="", help="zorgdomein; zonder: de hele regio")
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["out"].parent.is_dir():
            raise CommandError(f"De map {options['out'].parent} bestaat niet. Maak haar eerst.", returncode=2)
        rows = export_rows(state_on(options["as_of"]), options["as_of"], options["domain"])
        with options["out"].open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        self.stdout.write(f"{options['out']}: {len(rows) - 1} aanbieders.")
