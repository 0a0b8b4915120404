"""``manage.py make_region --clients N --months N --seed N --out DIR``: a synthetic region."""

import datetime as dt
import json
import time
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from messaging.region.build import build
from messaging.region.people import TooManyClientsError
from messaging.region.writing import OccupiedError, write

LONGEST = 120


class Command(BaseCommand):
    help = "Maakt een verzonnen regio: berichten en referentiebestanden, elke keer dezelfde bij dezelfde seed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clients", type=int, required=True, help="aantal cliënten")
        parser.add_argument("--months", type=int, required=True, help="aantal maanden tot en met de laatste dag")
        parser.add_argument("--seed", type=int, required=True)
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument("--standard", choices=("2.3", "3.2"), default="3.2", help="versie van iJw en iWmo")
        parser.add_argument("--zip", action="store_true", help="één zip in plaats van losse bestanden")
        parser.add_argument("--until", type=_date, help="laatste dag (JJJJ-MM-DD), standaard vandaag")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        _check(options)
        try:
            region = build(
                clients=options["clients"],
                months=options["months"],
                seed=options["seed"],
                until=options["until"] or timezone.localdate(),
                standard=options["standard"],
            )
            files = write(region, options["out"].absolute(), zipped=options["zip"])
        except (TooManyClientsError, OccupiedError) as error:
            raise CommandError(str(error), returncode=2) from error
        seconds = round(time.monotonic() - started, 3)
        self.stdout.write(f"{files} berichten en de referentiebestanden staan in {options['out']}, {seconds} seconden.")
        if options["json"]:
            summary = {"files": files, "clients": options["clients"], "out": str(options["out"]), "seconds": seconds}
            self.stdout.write(json.dumps(summary, ensure_ascii=False))


def _check(options: dict[str, Any]) -> None:
    if options["clients"] < 1:
        raise CommandError("Kies ten minste 1 cliënt.", returncode=2)
    if not 1 <= options["months"] <= LONGEST:
        raise CommandError(f"Kies 1 tot en met {LONGEST} maanden.", returncode=2)


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is geen dag. Schrijf JJJJ-MM-DD.") from error
