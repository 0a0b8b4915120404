"""``manage.py load_reference DIR_OR_FILE… [--json]``: the reference CSV files."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from providers.exceptions import ReferenceError
from providers.reference import load
from providers.signals import reference_changed


class Command(BaseCommand):
    help = "Laadt referentiebestanden: producten, gemeenten, aanbieders, zorgdomeinen, redenen en normen (CSV)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="DIR_OR_FILE")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load(options["paths"])
        except ReferenceError as error:
            raise CommandError(str(error), returncode=2) from error
        for item in loaded:
            self.stdout.write(f"{item.file}: {item.new} nieuw, {item.changed} gewijzigd, {item.unchanged} ongewijzigd.")
        if any(item.new or item.changed for item in loaded):
            reference_changed.send(sender=type(self))
        if options["json"]:
            self.stdout.write(json.dumps({"files": [asdict(item) for item in loaded]}, ensure_ascii=False))
