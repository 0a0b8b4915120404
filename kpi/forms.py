"""Forms for decisions and norms; a refusal is a Dutch sentence that says what to do."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils import timezone

from accounts.scope import Scope
from kpi import as_of, selectors
from kpi.calc.definition import Measure, Unit
from kpi.calc.indicators import DEFINITIONS, MEASURES
from kpi.filters import default_label, period_of
from kpi.models import Direction, KraljicDecision, Norm, Quadrant, Run
from kpi.parameters import SPECS
from kpi.selection import Selection
from kpi.wording import period_name
from providers import cells
from providers.models import CareDomain, Municipality, Wet

FIRST_MEASURE = DEFINITIONS[0].headline.code
WEIGHTS = [(0, "0 – niet"), (1, "1 – beperkt"), (2, "2 – duidelijk"), (3, "3 – sterk")]
FACTORS = ("transformation", "niche", "market_risk", "financial_influence")
# "1.500" is fifteen hundred to a Dutch reader and one and a half to a spreadsheet; 0.125 can only be the latter.
POINT_AND_THREE = re.compile(r"[€\s]*-?[1-9]\d{0,2}(\.\d{3})+\s*%?")


class KraljicForm(forms.ModelForm):
    """A decision about a class, with the four factors of the memo."""

    review_on = forms.DateField(label="Opnieuw bekijken op", widget=forms.DateInput(attrs={"type": "date"}))

    class Meta:
        model = KraljicDecision
        fields = ("quadrant", "reason", *FACTORS, "review_on")
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quadrant"].choices = [("", "Kies een klasse"), *Quadrant.choices]
        for name in FACTORS:
            self.fields[name] = forms.TypedChoiceField(
                label=self.fields[name].label,
                choices=[("", "Kies hoe zwaar dit telt"), *WEIGHTS],
                coerce=int,
                error_messages={"required": "Kies hoe zwaar dit telt; 0 als het niet meetelt."},
            )

    def clean_review_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["review_on"]
        if day <= timezone.localdate():
            raise forms.ValidationError("Kies een dag in de toekomst.")
        return day


class NormForm(forms.ModelForm):
    """A new version of a norm; limits may be written as 20%, 0,20 or € 1.500.

    A lone point before three digits marks thousands where a measure is in euro; elsewhere it is asked what is meant.
    """

    measure = forms.ChoiceField(
        label="Maat",
        choices=[
            (
                f"{definition.number}. {definition.name}",
                [(measure.code, measure.name) for measure in definition.measures],
            )
            for definition in DEFINITIONS
        ],
    )
    domain = forms.ChoiceField(label="Zorgdomein", required=False)
    municipality = forms.ChoiceField(label="Gemeente", required=False)
    green = forms.CharField(label="Grens groen", help_text="Een percentage als 20%, duur in dagen, geld als € 1.500.")
    red = forms.CharField(label="Grens rood")
    valid_from = forms.DateField(label="Geldig vanaf", widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label="Waarom", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = Norm
        fields = ("measure", "domain", "municipality", "direction", "green", "red", "basis", "valid_from", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["domain"].choices = [("", "Alle zorgdomeinen"), *CareDomain.objects.values_list("code", "name")]
        self.fields["direction"].choices = [("", "Kies een richting"), *Direction.choices]
        self.fields["municipality"].choices = [
            ("", "Alle gemeenten"),
            *Municipality.objects.values_list("code", "name"),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("green", "red"):
            if name in cleaned and "measure" in cleaned:
                self._limit(name, cleaned)
        self._order(cleaned)
        self._once(cleaned)
        return cleaned

    def _limit(self, name: str, cleaned: dict[str, Any]) -> None:
        unit, written = MEASURES[cleaned["measure"]].unit, cleaned[name]
        if POINT_AND_THREE.fullmatch(written):
            whole, broken = written.replace(".", ""), written.replace(".", ",")
            if written.count(".") == 1 and (unit != Unit.EURO or "%" in written):
                self.add_error(name, f"De punt in “{written}” kan twee dingen betekenen. Schrijf {whole} of {broken}.")
                return
            written = whole
        try:
            limit = cells.decimal({"grens": written}, "grens")
        except cells.CellError as error:
            self.add_error(name, f"{str(error).removeprefix('grens ')}")
            return
        percent = unit == Unit.PERCENT
        if percent and limit is not None and abs(limit) > 1 and "%" not in cleaned[name]:
            self.add_error(name, "Schrijf een percentage met een procentteken: 20%.")
            return
        cleaned[name] = limit

    def _order(self, cleaned: dict[str, Any]) -> None:
        green, red = cleaned.get("green"), cleaned.get("red")
        if self.errors or green is None or red is None:
            return
        higher = cleaned.get("direction") == Direction.HIGHER
        if (green < red) if higher else (green > red):
            word = "onder" if higher else "boven"
            self.add_error("red", f"De grens voor rood moet gelijk zijn aan die voor groen, of {word} die liggen.")

    def _once(self, cleaned: dict[str, Any]) -> None:
        key = {name: cleaned.get(name) for name in ("measure", "domain", "municipality", "valid_from")}
        if not self.errors and Norm.objects.filter(**key).exists():
            self.add_error("valid_from", "Er begint al een versie op deze dag. Kies een latere dag.")


class AskDateForm(forms.Form):
    """A reference date."""

    datum = forms.DateField(
        label="Peildatum",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y"],
        error_messages={
            "required": "Kies een peildatum.",
            "invalid": "Dit is geen datum. Schrijf haar als 2026-10-01 of 01-10-2026.",
        },
    )


class ReferenceDateForm(AskDateForm):
    """A reference date and the measure to see of it."""

    maat = forms.ChoiceField(
        label="Cijfer",
        required=False,
        error_messages={"invalid_choice": "Deze maat bestaat niet. Kies er een uit de lijst."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["maat"].choices = [("", "Alle indicatoren"), *_measures()]


def _measures(scope: Scope | None = None) -> list[tuple[str, list[tuple[str, str]]]]:
    """The measures by indicator; of a ``scope`` those that it may see."""
    return [
        (
            f"{definition.number}. {definition.name}",
            [
                (measure.code, measure.name)
                for measure in definition.measures
                if scope is None or selectors.tells(scope, measure.code)
            ],
        )
        for definition in DEFINITIONS
    ]


class ParameterForm(forms.Form):
    """A new version of a parameter."""

    name = forms.ChoiceField(label="Parameter")
    wet = forms.ChoiceField(
        label="Wet (alleen bij een termijn)", required=False, choices=[("", "Beide wetten"), *Wet.choices]
    )
    value = forms.CharField(label="Waarde", max_length=200)
    valid_from = forms.DateField(
        label="Geldt vanaf peildatum",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Dit is geen datum. Schrijf haar als 2026-10-01."},
    )
    reason = forms.CharField(label="Reden", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].choices = [(spec.name, spec.meaning) for spec in SPECS.values()]


class DifferenceForm(forms.Form):
    """Two stored reference dates, and the figures to compare; what a scope may not see is not offered."""

    vroeger = forms.ChoiceField(label="Peildatum", required=False)
    later = forms.ChoiceField(label="Vergeleken met", required=False)
    periode = forms.ChoiceField(label="Periode", required=False)
    zorgdomein = forms.ChoiceField(label="Zorgdomein", required=False)
    gemeente = forms.ChoiceField(label="Gemeente", required=False)
    aanbieder = forms.ChoiceField(label="Aanbieder", required=False)
    maat = forms.ChoiceField(label="Cijfer", required=False)

    def __init__(self, data: Any, *, scope: Scope, runs: list[Run]) -> None:
        self.scope = scope
        self.runs = {run.as_of.isoformat(): run for run in reversed(runs)}
        self.runs |= {day: as_of.run_of_date(run.as_of) or run for day, run in self.runs.items()}
        latest = runs[0]
        self.labels = selectors.labels_of(latest)
        dates = [(day, as_of.named(run.as_of)) for day, run in sorted(self.runs.items(), reverse=True)]
        offered = selectors.choices(scope, latest)
        self.defaults = {"vroeger": dates[1][0], "later": dates[0][0], "periode": default_label(self.labels, latest)}
        super().__init__({**self.defaults, **{name: data[name] for name in data if data[name]}})
        self.fields["vroeger"].choices = self.fields["later"].choices = dates
        self.fields["periode"].choices = [(label, period_name(period_of(label))) for label in reversed(self.labels)]
        self.fields["zorgdomein"].choices = [("", "Alle zorgdomeinen"), *offered["domain"]]
        self.fields["gemeente"].choices = [("", "Hele regio"), *offered["municipality"]]
        self.fields["aanbieder"].choices = [("", "Alle aanbieders"), *offered["provider"]]
        self.fields["maat"].choices = _measures(scope)
        if not scope.region:
            del self.fields["gemeente"]
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = "Deze keuze bestaat niet. Kies iets uit de lijst."

    def chosen(self) -> dict[str, str]:
        """The fields of the query, without the measure."""
        return {name: value for name, value in self.cleaned_data.items() if value and name != "maat"}

    def question(self) -> tuple[Run, Run, Selection, Measure]:
        """The two runs in the order of their dates, the selection within the scope, and the measure."""
        given = self.chosen()
        earlier, later = (self.runs[day] for day in sorted((given["vroeger"], given["later"])))
        selection = Selection(
            period_of(given["periode"]),
            given.get("zorgdomein", ""),
            given.get("gemeente", ""),
            given.get("aanbieder", ""),
        )
        return earlier, later, selection.within(self.scope), MEASURES[self.cleaned_data["maat"] or FIRST_MEASURE]
