"""The parameters of the definitions as data: versions from a reference date on, read and written in words.

A version counts for every run whose reference date is on or after its ``valid_from``. Without versions the defaults of
``kpi.calc.parameters`` hold.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django.db import IntegrityError, transaction

from accounts.audit import record
from kpi.calc.definition import Measure
from kpi.calc.indicators import MEASURES
from kpi.calc.leadtimes import NORMED
from kpi.calc.parameters import DEFAULT, Parameters
from kpi.exceptions import ParameterError
from kpi.models import ParameterVersion
from kpi.wording import unit_name
from providers.models import CareDomain, Wet
from providers.signals import reference_changed

LARGEST = 1000


def _whole(text: str) -> int:
    if not text.strip().isdecimal() or not 0 <= int(text) <= LARGEST:
        raise ParameterError(f"Vul een geheel getal van 0 tot en met {LARGEST} in.")
    return int(text)


def _two(text: str) -> tuple[int, int]:
    parts = [_whole(part) for part in text.split(",")]
    if len(parts) != 2 or not parts[0] < parts[1]:
        raise ParameterError("Vul twee hele getallen in met een komma ertussen, het kleinste eerst: 4, 8.")
    return parts[0], parts[1]


def _fraction(text: str) -> tuple[int, int]:
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 < value <= LARGEST or value != round(value, 4):
        raise ParameterError("Vul een getal groter dan 0 in met hoogstens vier cijfers achter de komma: 0,70.")
    exact = Fraction(value)
    return exact.numerator, exact.denominator


def _domains(text: str) -> tuple[str, ...]:
    codes = tuple(sorted({part.strip() for part in text.split(",") if part.strip()}))
    known = set(CareDomain.objects.values_list("code", flat=True))
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise ParameterError(f"Dit zorgdomein bestaat niet: {', '.join(unknown)}. Gebruik de codes uit de lijst.")
    return codes


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _decimal(value: tuple[int, int]) -> str:
    return f"{Decimal(value[0]) / Decimal(value[1]):f}".replace(".", ",")


@dataclass(frozen=True)
class Spec:
    """A parameter: its name in the definitions, what it means, its field in ``Parameters`` and how it is written.

    ``measure`` instead of ``field``: the deadline of that measure, one per law.
    """

    name: str
    meaning: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = _plain
    field: str = ""
    measure: str = ""


def _deadline(measure: Measure) -> str:
    return f"Hoogstens in {unit_name(measure)}: {measure.name[0].lower()}{measure.name[1:]}"


SPECS = {
    spec.name: spec
    for spec in (
        Spec("AANSLUITING_DAGEN", "Dagen waarbinnen zorg aansluit op eerdere zorg", _whole, field="adjoin_days"),
        Spec("RECIDIVE_GRENZEN", "Grenzen van de termijnen van recidive, in maanden", _two, field="relapse_months"),
        Spec(
            "START_DEEL_MAX", "Grootste deel van de prijs in de startdeclaratie", _fraction, _decimal, "start_share_max"
        ),
        Spec(
            "UITSCHIETER_FACTOR", "Keer de kwartielafstand voor een uitschieter", _fraction, _decimal, "outlier_factor"
        ),
        Spec("TERUG_MAANDEN", "Maanden waarin zorg elders na een verhuizing telt", _whole, field="return_months"),
        Spec("DUUR_DOMEINEN", "Domeinen waarvan ook duurzame zorg een duur heeft", _domains, field="duration_domains"),
        *(
            Spec(f"TERMIJN_{measure.upper()}", _deadline(MEASURES[measure]), _whole, measure=measure)
            for measure in sorted(NORMED)
        ),
    )
}


def laws_of(spec: Spec) -> list[str]:
    """The laws for which a parameter has a value of its own; one empty one when it counts for both."""
    return list(Wet.values) if spec.measure else [""]


def parameters_on(date: dt.date, versions: Iterable[ParameterVersion] | None = None) -> Parameters:
    """The parameters of a reference date."""
    found = DEFAULT
    rows = ParameterVersion.objects.all() if versions is None else versions
    for version in sorted(rows, key=lambda row: (row.valid_from, row.pk or 0)):
        if version.valid_from <= date and version.name in SPECS:
            found = _changed(found, version)
    return found


def _changed(parameters: Parameters, version: ParameterVersion) -> Parameters:
    spec = SPECS[version.name]
    value = spec.read(version.value)
    if spec.field:
        return replace(parameters, **{spec.field: value})
    others = [item for item in parameters.deadlines if item[:2] != (spec.measure, version.wet)]
    return replace(parameters, deadlines=tuple(sorted([*others, (spec.measure, version.wet, value)])))


def value_of(spec: Spec, wet: str, parameters: Parameters) -> str:
    """A parameter in words."""
    if spec.field:
        return spec.write(getattr(parameters, spec.field))
    return str(parameters.days_of(spec.measure)[wet])


def add_version(*, by: Any, name: str, wet: str, value: str, valid_from: dt.date, reason: str) -> ParameterVersion:
    """Save a new version and have the figures computed anew; raises ParameterError for what cannot be."""
    spec = SPECS.get(name)
    if spec is None or wet not in laws_of(spec):
        raise ParameterError("Deze parameter bestaat niet voor deze wet. Kies er een uit de lijst.")
    text = value_of_text(spec, value)
    try:
        with transaction.atomic():
            version = ParameterVersion.objects.create(
                name=name,
                wet=wet,
                value=text,
                valid_from=valid_from,
                decided_by=by.get_full_name() or by.username,
                reason=reason,
            )
            record(
                by=by, action="parameter vastgesteld", subject=name, wet=wet, waarde=text, vanaf=valid_from.isoformat()
            )
    except IntegrityError as error:
        raise ParameterError("Er is al een versie vanaf deze dag. Kies een andere dag.") from error
    reference_changed.send(sender=ParameterVersion)
    return version


def value_of_text(spec: Spec, text: str) -> str:
    """The text as it is stored; raises ParameterError for what is no value."""
    return spec.write(spec.read(text))
