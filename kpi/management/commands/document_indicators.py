"""``manage.py document_indicators``: writes ``docs/indicators`` from the definitions."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from kpi.documentation import pages


class Command(BaseCommand):
    help = "Schrijft de documentatie van de indicatoren uit hun definities."

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.BASE_DIR / "docs" / "indicators"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pages().items():
            (folder / name).write_text(text)
        self.stdout.write(f"{len(pages())} pagina's in {folder.relative_to(settings.BASE_DIR)}.")
