"""What may be uploaded and what the data-quality page can be narrowed to."""

import shutil
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from messaging.berichten.persons import without_bsn
from messaging.presenters import SOORT_NAMES
from messaging.xml import is_archive

MAX_FILE_BYTES = 4 * 1024**3
ACCEPT = ".xml,.zip,.csv"
DELIMITERS = (b";", b"\t", b",", b"|")
SPARE_BYTES = 512 * 1024**2  # the database needs room too
UTF16 = (b"\xff\xfe", b"\xfe\xff")
UTF8_BOM = b"\xef\xbb\xbf"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """A file field whose value is a list; every fault of every file is told at once."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [file for file in data or [] if file]
        if not files:
            raise forms.ValidationError("Kies eerst een of meer bestanden.")
        faults = [fault for file in files if (fault := refusal(file))]
        if faults:
            raise forms.ValidationError(faults)
        return files


class UploadForm(forms.Form):
    """Message files: XML, CSV exports, or ZIP with those inside. The content decides, not the name."""

    files = ManyFilesField(
        label="Bestanden met berichten",
        help_text="XML-bestanden, CSV-exports, of ZIP-bestanden daarmee, hoogstens 4 GB per bestand. U kunt er meer"
        " tegelijk kiezen.",
        widget=ManyFilesInput(attrs={"accept": ACCEPT}),
    )
    gemeente = forms.ChoiceField(
        label="Gemeente van de CSV-exports",
        required=False,
        help_text="Alleen nodig bij CSV-exports zonder kolom met de gemeente.",
    )

    def __init__(self, *args: Any, municipalities: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gemeente"].choices = [("", "Staat in de bestanden"), *municipalities]

    def clean_files(self) -> list[UploadedFile]:
        files = self.cleaned_data["files"]
        free = shutil.disk_usage(_existing(settings.SDF_DATA_DIR)).free
        if sum(file.size for file in files) > free - SPARE_BYTES:
            raise forms.ValidationError(
                "Op de server is te weinig ruimte voor deze bestanden. Er is niets opgeslagen. Neem contact op met uw"
                " technisch beheerder, of upload minder bestanden tegelijk."
            )
        return files


def refusal(file: UploadedFile) -> str | None:
    """The sentence why a file is refused before it is stored, or None. Looks at its first bytes only."""
    name = without_bsn(file.name or "")
    if not file.size:
        return f"{name} is leeg. Maak de export opnieuw en kies het bestand daarna nog een keer."
    if file.size > MAX_FILE_BYTES:
        return f"{name} is groter dan 4 GB. Verdeel de berichten over meer bestanden."
    start = file.read(4096)
    file.seek(0)
    if start.startswith(OLD_OFFICE) or name.lower().endswith((".xlsx", ".docx", ".ods")):
        return (
            f"{name} is een kantoorbestand (Excel of Word). Sla een Excel-bestand op als CSV (CSV UTF-8) en kies"
            " dat, of kies de XML-bestanden uit uw iJw- of iWmo-applicatie."
        )
    if is_archive(start):
        return (
            f"{name} is wel ingepakt, maar niet als ZIP. Pak het uit en kies de bestanden zelf, of maak er een ZIP van."
        )
    if start.startswith(b"PK") or start.startswith(UTF16) or start.removeprefix(UTF8_BOM).lstrip().startswith(b"<"):
        return None
    if b"\0" not in start and any(sign in start.lstrip().split(b"\n", 1)[0] for sign in DELIMITERS):
        return None
    return (
        f"{name} is geen XML-, ZIP- of CSV-bestand. Kies de XML-bestanden uit uw iJw- of iWmo-applicatie, of een"
        " CSV-export met kolomnamen."
    )


class QualityForm(forms.Form):
    """What the data-quality page shows; a municipality can only be chosen from those in scope."""

    soort = forms.ChoiceField(label="Bericht", required=False, choices=list(SOORT_NAMES.items()))
    wet = forms.ChoiceField(
        label="Wet", required=False, choices=[("", "Beide wetten"), ("jeugdwet", "Jeugdwet"), ("wmo", "Wmo")]
    )
    gemeente = forms.ChoiceField(label="Gemeente", required=False)
    tot = forms.ChoiceField(label="Tot en met", required=False)

    def __init__(
        self, *args: Any, municipalities: Sequence[tuple[str, str]], months: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.municipalities = municipalities
        self.fields["tot"].choices = months
        if len(municipalities) > 1:
            self.fields["gemeente"].choices = [("", "Alle gemeenten"), *municipalities]
        else:
            del self.fields["gemeente"], self.fields["soort"]

    def choices(self) -> dict[str, str]:
        """The valid choices only: a mistyped address shows the page as if that choice was not made."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def words(self) -> list[tuple[str, str]]:
        """Every filter by name, with what was chosen; the first choice of a field counts where none was made."""
        chosen = self.choices()
        found = []
        for name, field in self.fields.items():
            texts = dict(field.choices)
            found.append((str(field.label), texts[chosen.get(name) or next(iter(texts))]))
        own = [("Gemeente", name) for _, name in self.municipalities] if len(self.municipalities) == 1 else []
        return [*own, *found]


def _existing(path: Any) -> Any:
    while not path.exists():
        path = path.parent
    return path
