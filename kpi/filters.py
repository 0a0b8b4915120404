"""The filter of every page (django-filter): a GET form, its state in the URL, its choices those of the scope."""

from typing import Any

import django_filters
from django import forms
from django.http import QueryDict

from accounts.scope import Scope
from kpi import finding_selectors, narrowing, ranges, selectors
from kpi.calc.frames import to_day
from kpi.calc.periods import RANGE, Period, parse
from kpi.models import Run, Value
from kpi.selection import NORM_OF_NOW, Among, Selection
from kpi.wording import period_name

NORM_CHOICE = (NORM_OF_NOW, "van nu")
KIND_NAMES = {"quarter": "Kwartaal", "month": "Maand", "year": "Jaar"}


class PageFilter(django_filters.FilterSet):
    """Period, care domain, municipality and provider, and by which norms is judged."""

    periode = django_filters.ChoiceFilter(field_name="period", label="Periode", empty_label=None)
    zorgdomein = django_filters.ChoiceFilter(field_name="domain", label="Zorgdomein", empty_label="Alle zorgdomeinen")
    gemeente = django_filters.ChoiceFilter(field_name="municipality", label="Gemeente", empty_label="Hele regio")
    aanbieder = django_filters.ChoiceFilter(field_name="provider", label="Aanbieder", empty_label="Alle aanbieders")
    product = django_filters.ChoiceFilter(label="Product", empty_label="Alle producten")
    profiel = django_filters.ChoiceFilter(label="Profiel", empty_label="Alle profielen")
    intensiteit = django_filters.ChoiceFilter(label="Intensiteit", empty_label="Alle intensiteiten")
    perceel = django_filters.ChoiceFilter(label="Perceel", empty_label="Alle percelen")
    verwijzer = django_filters.ChoiceFilter(label="Verwijzer", empty_label="Alle verwijzers")
    leveringsvorm = django_filters.ChoiceFilter(label="Leveringsvorm", empty_label="Alle leveringsvormen")
    aanbiedertype = django_filters.ChoiceFilter(label="Type aanbieder", empty_label="Alle typen")
    kwadrant = django_filters.ChoiceFilter(label="Kraljic-kwadrant", empty_label="Alle kwadranten")
    vanaf = django_filters.ChoiceFilter(label="Vanaf", empty_label="Geen reeks maanden")
    tot = django_filters.ChoiceFilter(label="Tot en met", empty_label="Einde van de periode")
    norm = django_filters.ChoiceFilter(label="Norm", empty_label="van de periode zelf", choices=[NORM_CHOICE])

    class Meta:
        model = Value
        fields: list[str] = []

    def __init__(
        self,
        data: QueryDict | dict[str, Any],
        *,
        scope: Scope,
        run: Run,
        without: tuple[str, ...] = (),
        narrowed: bool = False,
        ranged: bool = True,
        compared: bool = False,
    ) -> None:
        """``narrowed``: whether the page follows the filters of ``narrowing``; ``ranged``: any range of months;
        ``compared``: the providers that a comparison set beside each other."""
        self.scope, self.run, self.ranged, self.refused, self.told = scope, run, ranged, "", ""
        self.labels = selectors.labels_of(run)
        self.default = default_label(self.labels, run)
        given = {name: data.get(name) for name in data}
        self.compared = (given.get(narrowing.COMPARED) or "") if compared else ""
        super().__init__({**given, "periode": given.get("periode") or self.default}, selectors.in_scope(scope, run))
        offered = selectors.choices(scope, run)
        self.ignored = [name for name in without if name in narrowing.LABELS and self.data.get(name)]
        for name in without:
            del self.filters[name]
        if not scope.region:
            self.filters.pop("gemeente", None)
        self.filters["periode"].extra["choices"] = _grouped(self.labels)
        for name, dimension in (("zorgdomein", "domain"), ("gemeente", "municipality"), ("aanbieder", "provider")):
            if name in self.filters:
                self.filters[name].extra["choices"] = offered[dimension]
        self._offer_more(narrowing.offered(scope, run) if narrowed else {})

    def _offer_more(self, offered: dict[str, list[tuple[str, str]]]) -> None:
        self.months = [month for month in map(period_of, self.labels) if month.kind == "month"]
        choices = [(month.label, period_name(month)) for month in reversed(self.months)]
        given = {name: self.data.get(name) for name in narrowing.RANGE_OF}
        # Where a range has no fields it goes along all the same, to the next page that has them.
        self.carried = {name: code for name, code in given.items() if code in dict(choices) and not self.ranged}
        offered = offered | (dict.fromkeys(narrowing.RANGE_OF, choices) if self.ranged else {})
        self.ignored += [name for name in narrowing.ALL if not offered.get(name) and self.data.get(name)]
        for name in narrowing.ALL:
            if offered.get(name):
                self.filters[name].extra["choices"] = offered[name]
            else:
                self.filters.pop(name, None)

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [field for field in self.form if field.name not in narrowing.ALL]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [field for field in self.form if field.name in narrowing.ALL]

    @property
    def more_chosen(self) -> bool:
        return any(self.data.get(name) for name in narrowing.ALL if name in self.filters)

    def get_form_class(self) -> type[forms.Form]:
        form: type[forms.Form] = super().get_form_class()
        for field in form.base_fields.values():
            field.error_messages["invalid_choice"] = "Deze keuze bestaat niet. Kies iets uit de lijst."
        return form

    def selection(self, *, total: bool = True) -> Selection:
        """What was chosen; a choice that does not exist counts as none and the form says so.

        ``total``: whether a range of months takes the place of the period.
        """
        cleaned = self.form.cleaned_data if self.form.is_valid() else getattr(self.form, "cleaned_data", {})
        asked = period_of(cleaned.get("periode") or self.default)
        months = {name: cleaned.get(name) or self.carried.get(name, "") for name in narrowing.RANGE_OF}
        months_chosen = self._range(asked, months) if self.ranged else self._calendar(asked, months)
        period = months_chosen if total else asked
        return Selection(
            period=period,
            domain=cleaned.get("zorgdomein") or "",
            municipality=cleaned.get("gemeente") or "",
            provider=cleaned.get("aanbieder") or "",
            **{field: cleaned.get(name) or "" for name, field in narrowing.DIMENSIONS.items()},
            among=(*narrowing.among(self.run, period, cleaned), *self._compared()),
            since=months["vanaf"],
            until=months["tot"],
            instead=asked if period.kind == RANGE else None,
            norm_of_now=cleaned.get("norm") == NORM_OF_NOW,
        ).within(self.scope)

    def _compared(self) -> tuple[Among, ...]:
        """One filter for the providers of a comparison; those outside the scope are none of them."""
        known = dict(selectors.choices(self.scope, self.run)["provider"]) if self.compared else {}
        return narrowing.compared(self.compared, known)

    def _range(self, asked: Period, months: dict[str, str]) -> Period:
        """The period that a page follows: the months chosen, or the period asked; months that are none are dropped."""
        found = ranges.chosen(asked, months["vanaf"], months["tot"], self.months)
        self.refused = found.refused
        if found.period is None:
            months.update(vanaf="", tot="")
        return found.period or asked

    def _calendar(self, asked: Period, months: dict[str, str]) -> Period:
        """The month, quarter or year that the chosen months come to, else the period asked; no other range counts."""
        found = ranges.chosen(asked, months["vanaf"], months["tot"], self.months).period
        if found is None or found.kind == RANGE:
            return asked
        self.ignored = [name for name in self.ignored if name not in narrowing.RANGE_OF]
        self.told = ranges.comes_to(found) if found != asked else ""
        return found


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
