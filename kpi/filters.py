"""The filter of every page (django-filter): a GET form, its state in the URL, its choices those of the scope."""

from typing import Any

import django_filters
from django import forms
from django.http import QueryDict

from accounts.scope import Scope
from kpi import finding_selectors, selectors
from kpi.calc.frames import to_day
from kpi.calc.periods import Period, parse
from kpi.models import Run, Value
from kpi.selection import NORM_OF_NOW, Selection
from kpi.wording import period_name

NORM_CHOICE = (NORM_OF_NOW, "van nu")
KIND_NAMES = {"quarter": "Kwartaal", "month": "Maand", "year": "Jaar"}


class PageFilter(django_filters.FilterSet):
    """Period, care domain, municipality and provider, and by which norms is judged."""

    periode = django_filters.ChoiceFilter(field_name="period", label="Periode", empty_label=None)
    zorgdomein = django_filters.ChoiceFilter(field_name="domain", label="Zorgdomein", empty_label="Alle zorgdomeinen")
    gemeente = django_filters.ChoiceFilter(field_name="municipality", label="Gemeente", empty_label="Hele regio")
    aanbieder = django_filters.ChoiceFilter(field_name="provider", label="Aanbieder", empty_label="Alle aanbieders")
    norm = django_filters.ChoiceFilter(label="Norm", empty_label="van de periode zelf", choices=[NORM_CHOICE])

    class Meta:
        model = Value
        fields: list[str] = []

    def __init__(
        self, data: QueryDict | dict[str, Any], *, scope: Scope, run: Run, without: tuple[str, ...] = ()
    ) -> None:
        self.scope = scope
        self.labels = selectors.labels_of(run)
        self.default = default_label(self.labels, run)
        given = {name: data.get(name) for name in data}
        super().__init__({**given, "periode": given.get("periode") or self.default}, selectors.in_scope(scope, run))
        offered = selectors.choices(scope, run)
        for name in without:
            del self.filters[name]
        if not scope.region:
            self.filters.pop("gemeente", None)
        self.filters["periode"].extra["choices"] = _grouped(self.labels)
        for name, dimension in (("zorgdomein", "domain"), ("gemeente", "municipality"), ("aanbieder", "provider")):
            if name in self.filters:
                self.filters[name].extra["choices"] = offered[dimension]

    def get_form_class(self) -> type[forms.Form]:
        form: type[forms.Form] = super().get_form_class()
        for field in form.base_fields.values():
            field.error_messages["invalid_choice"] = "Deze keuze bestaat niet. Kies iets uit de lijst."
        return form

    def selection(self) -> Selection:
        """What was chosen; a choice that does not exist counts as none and the form says so."""
        cleaned = self.form.cleaned_data if self.form.is_valid() else getattr(self.form, "cleaned_data", {})
        label = cleaned.get("periode") or self.default
        return Selection(
            period=period_of(label),
            domain=cleaned.get("zorgdomein") or "",
            municipality=cleaned.get("gemeente") or "",
            provider=cleaned.get("aanbieder") or "",
            norm_of_now=cleaned.get("norm") == NORM_OF_NOW,
        ).within(self.scope)


class FindingFilter(PageFilter):
    """Period, municipality and provider, among whatever the data-quality checks examined."""

    def __init__(self, data: QueryDict | dict[str, Any], *, scope: Scope, run: Run) -> None:
        super().__init__(data, scope=scope, run=run, without=("zorgdomein", "norm"))
        for name, dimension in (("gemeente", "municipality"), ("aanbieder", "provider")):
            if name in self.filters:
                self.filters[name].extra["choices"] = finding_selectors.choices(scope, run, dimension)


def default_label(labels: list[str], run: Run) -> str:
    """The last whole quarter before the reference date: long enough to say something, short enough to be news."""
    quarters = [label for label in labels if "Q" in label]
    whole = [label for label in quarters if period_of(label).last <= to_day(run.as_of)]
    return (whole or quarters or labels or ["2000"])[-1]


def period_of(label: str) -> Period:
    """The period of a label of any kind."""
    kind = "quarter" if "Q" in label else "month" if "-" in label else "year"
    return parse(kind, label)


def _grouped(labels: list[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    newest_first = [period_of(label) for label in reversed(labels)]
    return [
        (name, [(period.label, period_name(period)) for period in newest_first if period.kind == kind])
        for kind, name in KIND_NAMES.items()
    ]
