"""``manage.py ingest PATH… [--uploader NAME] [--gemeente CODE] [--json]``: message files into the database."""

import json
import time
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from messaging import actions
from messaging.berichten.fields import FieldError
from messaging.exceptions import UploadInterrupted
from messaging.models import Rejection, Upload
from messaging.rijen.values import municipality

AWAY = (
    "De database viel weg. Wat al was ingelezen, is bewaard. Een werker gaat vanzelf verder zodra de database er weer"
    " is; draait er geen werker, geef dan dezelfde opdracht opnieuw."
)


class Command(BaseCommand):
    help = "Leest berichten in: XML, CSV-exports, ZIP (ook genest) en mappen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--uploader", default="opdrachtregel")
        parser.add_argument(
            "--gemeente", default="", type=_municipality, help="code van de gemeente waarvan de CSV-exports zijn"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        paths: list[Path] = [path.absolute() for path in options["paths"]]
        for path in paths:
            if not path.exists():
                raise CommandError(f"{path} bestaat niet. Controleer het pad.", returncode=2)
        started = time.monotonic()
        upload = actions.create_upload_of_paths(
            uploader=options["uploader"][:150], paths=paths, gemeente=options["gemeente"]
        )
        try:
            actions.process_upload(upload.pk, paths=paths)
        except UploadInterrupted:
            raise CommandError(AWAY) from None
        summary = _summary(upload) | {"seconds": round(time.monotonic() - started, 3)}
        self._report(summary)
        if options["json"]:
            self.stdout.write(json.dumps(summary, ensure_ascii=False))

    def _report(self, summary: dict[str, Any]) -> None:
        self.stdout.write(
            f"{summary['files']} bestanden, {summary['messages']} nieuwe berichten met {summary['records']} regels,"
            f" {summary['duplicates']} al bekend, {len(summary['rejected'])} geweigerd,"
            f" {summary['seconds']} seconden."
        )
        for rejection in summary["rejected"][:20]:
            self.stdout.write(f"  geweigerd: {rejection['file']}: {rejection['reason']}")


def _municipality(text: str) -> str:
    """The code as it is kept; with a half one or a name every row would be of another municipality, or of none."""
    try:
        return municipality(text.strip()) if text else ""
    except FieldError as error:
        raise ArgumentTypeError(f"{error}. Geef de CBS-code van de gemeente, bijvoorbeeld 0363.") from None


def _summary(upload: Upload) -> dict[str, Any]:
    """Files read, new messages and their records, messages already known, refused files with the reason."""
    files = list(upload.files.all())
    rejected = Rejection.objects.filter(upload_file__upload=upload).values_list("file", "reason")
    return {
        "files": sum(file.files_done for file in files),
        "messages": sum(file.messages for file in files),
        "records": sum(file.records for file in files),
        "duplicates": sum(file.duplicates for file in files),
        "rejected": [{"file": file, "reason": reason} for file, reason in rejected],
    }
