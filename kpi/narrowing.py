"""The filters beyond period, domain, municipality and provider: what they offer, and what a page says about them."""

from collections.abc import Iterable, Iterator, Mapping

from django.core.cache import cache
from django.db.models import Q

from accounts.scope import Scope
from kpi import kraljic, selectors
from kpi.calc.frames import to_date
from kpi.calc.periods import RANGE, Period, months_in, parse
from kpi.models import Quadrant, Run
from kpi.selection import Among, Selection
from kpi.wording import period_name
from providers.models import Product, Provider, ProviderType

REFERRERS = {
    "gemeente": "Wijk- en gebiedsteam (gemeente)",
    "huisarts": "Huisarts of medisch specialist",
    "gi": "Gecertificeerde instelling (GI)",
    "overig": "Overig",
    "onbekend": "Onbekend",
}
LABELS = {
    "zorgdomein": "Zorgdomein",
    "gemeente": "Gemeente",
    "aanbieder": "Aanbieder",
    "product": "Product",
    "profiel": "Profiel",
    "intensiteit": "Intensiteit",
    "perceel": "Perceel",
    "verwijzer": "Verwijzer",
    "leveringsvorm": "Leveringsvorm",
    "aanbiedertype": "Type aanbieder",
    "kwadrant": "Kraljic-kwadrant",
    "vanaf": "Vanaf",
    "tot": "Tot en met",
    "vergeleken": "Vergeleken aanbieders",
}
NOT_COMPUTED = "Geen cijfer voor deze combinatie van filters: die wordt niet berekend. Haal een filter weg."
DIMENSIONS = {"product": "product", "verwijzer": "referrer", "leveringsvorm": "delivery_form"}
OF_PRODUCTS = {"profiel": "profile", "intensiteit": "intensity", "perceel": "parcel"}
SETS = (*OF_PRODUCTS, "aanbiedertype", "kwadrant")
RANGE_OF = ("vanaf", "tot")
COMPARED = "vergeleken"  # the AGB codes of a comparison, with spaces between; of files only
ALL = (*DIMENSIONS, *SETS, *RANGE_OF)
CHOICES_SECONDS = 3600
Choices = list[tuple[str, str]]


def offered(scope: Scope, run: Run) -> dict[str, Choices]:
    """The choices of each filter within a scope; a filter without choices is not shown."""
    key = f"kpi-narrowing:{run.key}:{scope.key}"
    found: dict[str, Choices] = cache.get_or_set(key, lambda: _offered(scope, run), CHOICES_SECONDS)
    return found


def _offered(scope: Scope, run: Run) -> dict[str, Choices]:
    names = selectors.product_names()
    products = _values(scope, run, "product")
    referrers = set(_values(scope, run, "referrer"))
    return {
        "product": sorted(((code, names.get(code, code)) for code in products), key=lambda one: one[1].casefold()),
        **{name: _attribute(field, products) for name, field in OF_PRODUCTS.items()},
        "verwijzer": [choice for choice in REFERRERS.items() if choice[0] in referrers],
        "leveringsvorm": [(code, code) for code in _values(scope, run, "delivery_form")],
        "aanbiedertype": list(ProviderType.choices),
        "kwadrant": list(Quadrant.choices) if scope.region else [],
    }


def _values(scope: Scope, run: Run, dimension: str) -> list[str]:
    name = dimension if scope.region else f"municipality+{dimension}"
    return selectors.codes_with_figures(scope, run, name, dimension)


def _attribute(field: str, products: Iterable[str]) -> Choices:
    known = set(products)
    rows = Product.objects.exclude(**{field: ""}).values_list("wet", "category", "code", field)
    return [(value, value) for value in sorted({value for *code, value in rows if ":".join(code) in known})]


def among(run: Run, period: Period, asked: dict[str, str]) -> tuple[Among, ...]:
    """The filters on what products and providers are, each with the codes that it stands for in a period."""
    return tuple(
        Among(name, value, "product" if name in OF_PRODUCTS else "provider", _codes(run, period, name, value))
        for name in SETS
        if (value := asked.get(name) or "")
    )


def compared(codes: str, known: Iterable[str]) -> tuple[Among, ...]:
    """The providers that were set beside each other, as far as they are known; never all when none is."""
    return (Among(COMPARED, codes, "provider", frozenset(codes.split()) & {*known}),) if codes.strip() else ()


def in_words(name: str, value: str, providers: Mapping[str, str]) -> str:
    """A filter of ``Among`` as part of a title."""
    return named(value, providers) if name == COMPARED else f"{name} {value}"


def named(codes: str, providers: Mapping[str, str]) -> str:
    """The names of the providers of a comparison."""
    return ", ".join(providers.get(code, code) for code in codes.split())


def _codes(run: Run, period: Period, name: str, value: str) -> frozenset[str]:
    if name == "aanbiedertype":
        return frozenset(Provider.objects.filter(type=value).values_list("agb", flat=True))
    if name == "kwadrant":
        decided = kraljic.decisions("")
        return frozenset(
            position.provider
            for position in kraljic.stored_positions(run, "")
            if (decided[position.provider].quadrant if position.provider in decided else position.proposed) == value
        )
    first, last = to_date(period.first), to_date(period.last)
    valid = Q(valid_from=None) | Q(valid_from__lte=last), Q(valid_to=None) | Q(valid_to__gte=first)
    rows = Product.objects.filter(*valid, **{OF_PRODUCTS[name]: value}).values_list("wet", "category", "code")
    return frozenset(":".join(code) for code in rows)


def notes(selection: Selection, ignored: Iterable[str] = (), *, all_adds_up: bool = False) -> Iterator[str]:
    """What a reader must know of filters that a page follows in part or not at all.

    ``all_adds_up``: nothing on the page is without a total over months, so that there is none to explain.
    """
    ignored = list(ignored)
    yield from not_followed(name for name in ignored if name not in RANGE_OF)
    if set(RANGE_OF) & set(ignored):
        period = period_name(selection.period)
        yield (
            f"De reeks maanden geldt hier niet: deze cijfers volgen uit alle gevallen samen. Hier staat: {period}. Een"
            " reeks die precies een maand, kwartaal of jaar is, geldt hier wel."
        )
    if selection.period.kind == RANGE and not all_adds_up:
        last = period_name(months_in(selection.period)[-1])
        yield (
            f"Deze pagina telt de maanden {period_name(selection.period)} op. Een stand is die van {last}. Wat verder"
            " niet op te tellen is, zoals een mediaan of verschillende cliënten, heeft geen totaal: er staat een"
            " streepje, of de periode staat erbij."
        )
    if not selection.stored or selection.contradicts:
        yield NOT_COMPUTED
    elif selection.sets:
        names = " en ".join(LABELS[one.name] for one in selection.among)
        yield (
            f"Bij het filter {names} staan alleen cijfers die precies op te tellen zijn. Bij de andere, zoals aantallen"
            " cliënten en medianen, staat “dit filter geldt hier niet”."
        )
    elif selection.narrowed:
        yield "Een uitsplitsing die niet samen met deze filters is berekend, staat er niet."


def not_followed(names: Iterable[str]) -> Iterator[str]:
    """A sentence per filter that figures do not follow."""
    for name in names:
        yield f"Het filter {LABELS[name]} geldt hier niet: dit zijn de cijfers zonder dat filter."


def words_by_filter(scope: Scope, run: Run, selection: Selection) -> dict[str, str]:
    """The chosen filters by label, with the name of what was chosen."""
    chosen: dict[str, str] = {name: getattr(selection, field) for name, field in DIMENSIONS.items()}
    chosen |= {
        one.name: named(one.value, selectors.names()["provider"]) if one.name == COMPARED else one.value
        for one in selection.among
    }
    names = offered(scope, run)
    found = {LABELS[name]: dict(names.get(name, [])).get(code, code) for name, code in chosen.items() if code}
    months = {"vanaf": selection.since, "tot": selection.until}
    return found | {LABELS[name]: period_name(parse("month", label)) for name, label in months.items() if label}
