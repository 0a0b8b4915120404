"""What the columns of an export mean, as an admin tells it."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import forms

from messaging.berichten.fields import FieldError
from messaging.rijen import values
from messaging.rijen.header import Layout, guess, missing, plain
from messaging.rijen.kinds import KINDS, RecordKind

NOT_READ = "Niet lezen"
FOR_ALL_ROWS = "voor alle rijen gelijk"
CONSTANTS = ("wet", "gemeente", "aanbieder")


def likeliest(columns: Sequence[str]) -> str:
    """The kind of rows of which the common names recognise the most of what is required."""

    def known(kind: RecordKind) -> tuple[int, int]:
        found = guess(columns, kind)
        return -len(missing(found)), sum(map(bool, found.fields))

    return max(KINDS, key=lambda soort: known(KINDS[soort]))


class KindForm(forms.Form):
    """Which rows the export holds; the choice decides which fields there are."""

    soort = forms.ChoiceField(
        label="Wat staat er in het bestand?", choices=[(kind.soort, kind.label) for kind in KINDS.values()]
    )


class LayoutForm(forms.Form):
    """A field or nothing for every column, whose exports these are, and what holds for all rows."""

    gemeente = forms.ChoiceField(
        label="Van welke gemeente zijn deze bestanden?",
        required=False,
        help_text="Heeft het bestand geen kolom met de gemeente, dan hoort elke rij bij de gemeente die u hier kiest.",
    )
    wet = forms.ChoiceField(
        label="Wet, als het bestand er geen kolom voor heeft",
        required=False,
        choices=[("", "Staat in een kolom"), ("jeugdwet", "Jeugdwet"), ("wmo", "Wmo")],
    )
    aanbieder = forms.CharField(
        label="AGB-code van de aanbieder, als het bestand er geen kolom voor heeft", required=False, max_length=8
    )

    def __init__(
        self,
        *args: Any,
        kind: RecordKind,
        columns: Sequence[str],
        municipalities: Sequence[tuple[str, str]],
        layout: Layout | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.kind, self.columns = kind, list(columns)
        self.fields["gemeente"].choices = [("", "Alle gemeenten"), *municipalities]
        if "aanbieder" not in kind.by_field:
            del self.fields["aanbieder"]
        chosen = layout.fields if layout else {}
        guessed = guess(columns, kind).fields
        choices = [("", NOT_READ), *((column.field, _label(column)) for column in kind.columns)]
        for place, name in enumerate(self.columns):
            self.fields[f"kolom_{place}"] = forms.ChoiceField(
                label=f"Kolom “{name}”",
                required=False,
                choices=choices,
                initial=chosen.get(plain(name), "") if layout else guessed[place],
            )

    @property
    def required(self) -> list[tuple[str, str, str]]:
        """Field, label and where it was chosen of what a file cannot do without; nowhere is an empty text."""
        places: dict[str, list[str]] = {}
        for place in range(len(self.columns)):
            column = self[f"kolom_{place}"]
            places.setdefault(column.value() or "", []).append(column.label)
        for name in CONSTANTS:
            if name in self.fields and self[name].value():
                places.setdefault(name, [FOR_ALL_ROWS])
        return [(column.field, column.label, ", ".join(places.get(column.field, []))) for column in self.kind.required]

    @property
    def still_missing(self) -> list[str]:
        """The labels of what is required and was not chosen yet."""
        return [label for _, label, where in self.required if not where]

    def clean_aanbieder(self) -> str:
        text = self.cleaned_data["aanbieder"].strip()
        try:
            return values.agb(text) if text else ""
        except FieldError as error:
            raise forms.ValidationError(f"{error}.") from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        chosen = [cleaned.get(f"kolom_{place}", "") for place in range(len(self.columns))]
        for field, count in Counter(filter(None, chosen)).items():
            if count > 1:
                label = self.kind.by_field[field].label
                self.add_error(None, f"U koos “{label}” bij meer dan één kolom. Kies het bij één kolom.")
        given = {name for name in CONSTANTS if cleaned.get(name)}
        for column in self.kind.required:
            if column.field not in chosen and column.field not in given:
                self.add_error(None, f"Kies bij welke kolom “{column.label}” staat; zonder dat gegeven kan het niet.")
        return cleaned

    def layout(self) -> Layout:
        """What was chosen; the form must be valid."""
        fields = {
            plain(name): field
            for place, name in enumerate(self.columns)
            if (field := self.cleaned_data[f"kolom_{place}"])
        }
        constants = {name: self.cleaned_data.get(name, "") for name in CONSTANTS if name not in fields.values()}
        return Layout(self.kind.soort, fields, {name: value for name, value in constants.items() if value})


def _label(column: Any) -> str:
    return f"{column.label} (verplicht)" if column.required else column.label
