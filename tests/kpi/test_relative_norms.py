"""Norms that are a difference with the region or with a year before: one answer, wherever the light stands."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.scope import Scope
from kpi import breakdowns, compare, explanation, provider_list, worklist_page
from kpi.calc.indicators import DEFINITIONS, MEASURES
from kpi.calc.light import State
from kpi.exports import tables
from kpi.filters import period_of
from kpi.models import Norm, Run, RunState, Value
from kpi.norm_resolver import MISSING
from kpi.norms import own_period
from kpi.pages import indicator_rows, view_of
from kpi.selection import Selection
from providers.models import Provider
from tests.support.figures import HERE

pytestmark = pytest.mark.django_db
AS_OF = dt.date(2027, 3, 15)  # the claims over 2026 are in
REGION = Scope(region=True)
WORSE, STEADY = "11111111", "22222222"
CASES = 200
SHARE, COST = MEASURES["uitval_pct"], MEASURES["kosten_per_traject"]
# What a provider had per 200 cases: the share went from 15% to 40%, the mean cost from € 1.500 to € 4.000.
EARLIER, NOW, SAME = 30, 80, 30
BASES = ("regio", "vorig_jaar")
PERIODS = ("2026-08", "2026-Q3", "2026")


def values(run: Run, measure: str, period: str, of_providers: dict[str, int]) -> list[Value]:
    """A row per provider and one of the region; a cost is a hundred euro for each case that the share counts."""
    scale = 5000 if measure == COST.code else 1
    places = [("provider", code, count, CASES) for code, count in of_providers.items()]
    places.append(("region", "", sum(of_providers.values()), CASES * len(of_providers)))
    return [
        Value(
            run=run,
            measure=measure,
            period=period,
            scope=scope,
            provider=code,
            numerator=(top := count * scale * (100 if scale > 1 else 1)),
            denominator=bottom,
            squares=top * top // bottom + 10**9 if scale > 1 else None,
            value=round(Decimal(top) / bottom, 6),
        )
        for scope, code, count, bottom in places
    ]


def publish(others: int = 0) -> Run:
    """Two providers, of which one got worse within a year, and others that stay the same."""
    cache.clear()
    codes = [STEADY, *(f"3{number:07d}" for number in range(others))]
    Provider.objects.bulk_create(Provider(agb=code, name=f"Zorg {code}") for code in (WORSE, *codes))
    run = Run.objects.create(as_of=AS_OF, state=RunState.CURRENT, code_version="test", finished_at=timezone.now())
    for period in PERIODS:
        before = period.replace("2026", "2025")
        for measure in (SHARE.code, *([COST.code] if len(period) == 4 else [])):
            rows = values(run, measure, period, {WORSE: NOW, **dict.fromkeys(codes, SAME)})
            rows += values(run, measure, before, dict.fromkeys((WORSE, *codes), EARLIER))
            Value.objects.bulk_create(rows)
    return run


def set_norm(measure: str, basis: str, **changes) -> Norm:
    limits = {SHARE.code: ("0.02", "0.05"), COST.code: ("200", "500")}[measure]
    fields = {"direction": "lager", "valid_from": "2020-01-01", "decided_by": "beleid"}
    fields |= dict(zip(("green", "red"), limits, strict=True)) | changes
    return Norm.objects.create(measure=measure, basis=basis, **fields)


def view(run: Run, scope: Scope = REGION):
    return view_of(scope, run, now=AS_OF)


def definition_of(measure):
    return next(definition for definition in DEFINITIONS if measure in definition.measures)


def in_rows(run, measure, selection, provider):
    rows = indicator_rows(view(run), selection.at(provider=provider), [(definition_of(measure), measure)])
    return rows[0]["row"].light_word


def in_list(run, measure, selection, provider):
    line = next(line for line in provider_list.lines(view(run), selection) if line.code == provider)
    return next(cell.light.word for cell in line.cells if cell and cell.measure is measure)


def in_comparison(run, measure, selection, provider):
    (_, rows), *_ = compare.columns(view(run), selection, [provider])
    return next(item["row"].light_word for item in rows if item["row"].measure is measure)


def in_breakdown(run, measure, selection, provider):
    tables_of = breakdowns.indicator(view(run), selection, definition_of(measure), measure)["tables"]
    rows = next(table["rows"] for table in tables_of if table["id"] == "per-aanbieder")
    html = next(row["cells"][0] for row in rows if row["name"] == f"Zorg {provider}")
    return next(word for word in ("Buiten norm", "Op norm", "Let op", "Geen kader", "Onvoldoende data") if word in html)


def in_export(run, measure, selection, provider):
    table = tables.indicator(view(run), selection, definition_of(measure), measure)
    return next(row[5] for row in table.rows if row[1] == provider)


def in_explanation(run, measure, selection, provider):
    own = own_period(selection, measure)
    context = explanation.of_figure(view(run), own.at(provider=provider), definition_of(measure), measure)
    return next(word for word in ("Buiten norm", "Op norm", "Geen kader") if word in context["light"])


SURFACES = (in_rows, in_list, in_comparison, in_breakdown, in_export, in_explanation)


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize(
    ("measure", "label"), [*((SHARE, label) for label in PERIODS), *((COST, label) for label in PERIODS)]
)
def test_every_surface_says_the_same(measure, label, basis, surface):
    """A yearly measure is one of the year, whatever period is chosen."""
    run = publish()
    set_norm(measure.code, basis)
    selection = Selection(period_of(label))
    words = [surface(run, measure, selection, provider) for provider in (WORSE, STEADY)]
    assert words == ["Buiten norm", "Op norm"]


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("surface", [surface for surface in SURFACES if surface is not in_explanation])
def test_without_the_other_figure_there_is_no_judgement_but_a_reason(basis, surface):
    run = publish()
    Value.objects.filter(period="2025-Q3").delete()
    Value.objects.filter(period="2026-Q3", scope="region").delete()
    set_norm(SHARE.code, basis)
    selection = Selection(period_of("2026-Q3"))
    assert surface(run, SHARE, selection, WORSE) == "Onvoldoende data"
    rows = indicator_rows(view(run), selection.at(provider=WORSE), [(definition_of(SHARE), SHARE)])
    assert rows[0]["row"].remark.casefold() == MISSING[basis].casefold()


def test_the_first_periods_of_a_region_without_an_earlier_year_have_no_colour():
    run = publish()
    set_norm(SHARE.code, "vorig_jaar")
    assert in_rows(run, SHARE, Selection(period_of("2025-Q3")), WORSE) == "Onvoldoende data"


def test_a_difference_with_the_region_is_one_within_the_care_domain():
    run = publish()
    row = values(run, SHARE.code, "2026-Q3", {WORSE: 10})[0]  # 5% in the domain, where the region has 50%
    row.scope, row.domain = "domain+provider", "jeugd-ggz"
    whole = values(run, SHARE.code, "2026-Q3", {"": 100})[-1]
    whole.scope, whole.domain = "domain", "jeugd-ggz"
    Value.objects.bulk_create([row, whole])
    set_norm(SHARE.code, "regio", green="-0.40", red="-0.30")  # of the whole region's 27,5% this would be below zero
    selection = Selection(period_of("2026-Q3"), domain="jeugd-ggz")
    assert in_rows(run, SHARE, selection, WORSE) == "Op norm"


def test_a_year_before_of_few_cases_is_too_uncertain_to_call_a_rise_certain():
    """6 of 20 after 2 of 20: certain beside a fixed 10%, chance beside a measured one."""
    run = publish()
    Value.objects.filter(provider=WORSE, measure=SHARE.code).update(denominator=20)
    Value.objects.filter(provider=WORSE, period="2026-Q3").update(numerator=6, value="0.3")
    Value.objects.filter(provider=WORSE, period="2025-Q3").update(numerator=2, value="0.1")
    selection = Selection(period_of("2026-Q3"), provider=WORSE)
    figure_and_light = []
    for basis, green, red in (("absoluut", "0.11", "0.12"), ("vorig_jaar", "0.01", "0.02")):
        Norm.objects.all().delete()
        set_norm(SHARE.code, basis, green=green, red=red)
        row = indicator_rows(view(run), selection, [(definition_of(SHARE), SHARE)])[0]["row"]
        figure_and_light.append((row.judged.state, row.judged.certain))
    assert figure_and_light == [(State.OFF_NORM, True), (State.ATTENTION, False)]


def test_who_got_worse_three_periods_long_is_on_the_work_list():
    run = publish(others=30)
    for label in ("2026-06", "2026-07"):
        of_all = {WORSE: NOW, **{f"3{number:07d}": SAME for number in range(30)}}
        Value.objects.bulk_create(values(run, SHARE.code, label, of_all))
        Value.objects.bulk_create(
            values(run, SHARE.code, label.replace("2026", "2025"), dict.fromkeys(of_all, EARLIER))
        )
    set_norm(SHARE.code, "vorig_jaar")
    listed = worklist_page.work_list(view(run), Selection(period_of("2026-08")))
    assert [line["name"] for line in listed] == [f"Zorg {WORSE}"]


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("surface", [in_list, in_breakdown, in_export])
def test_the_number_of_queries_does_not_grow_with_the_providers(basis, surface):
    counts = []
    set_norm(SHARE.code, basis)
    for others in (0, 40):
        Value.objects.all().delete()
        Run.objects.update(state=RunState.OLD)
        Provider.objects.all().delete()
        run = publish(others=others)
        selection = Selection(period_of("2026-Q3"))
        surface(run, SHARE, selection, WORSE)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            surface(run, SHARE, selection, WORSE)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_region_decides_the_colour_of_a_municipality_but_is_not_told():
    run = publish()
    own = values(run, SHARE.code, "2026-Q3", {WORSE: NOW})[-1]
    own.scope, own.municipality = "municipality", HERE
    Value.objects.bulk_create([own])
    set_norm(SHARE.code, "regio")
    selection = Selection(period_of("2026-Q3"), municipality=HERE)
    seen = view(run, Scope(municipality=HERE))
    assert seen.light(SHARE, None, selection).state == State.TOO_FEW
    context = explanation.of_figure(seen, selection, definition_of(SHARE), SHARE)
    assert "Buiten norm" in context["light"]
    assert context["compared"] == ""
    assert explanation.of_figure(view(run), selection, definition_of(SHARE), SHARE)["compared"] == "27,5% 110 / 400"


@pytest.mark.parametrize(
    ("measure", "others", "words"),
    [
        (SHARE, (0, 100), "Buiten norm"),  # nobody, which tells of nobody
        (SHARE, (9, 100), "Onvoldoende data"),
        (SHARE, (10, 100), "Buiten norm"),
        (SHARE, (0, 9), "Onvoldoende data"),
        (SHARE, (9, 9), "Onvoldoende data"),
        (COST, (9 * 10**5, 9), "Onvoldoende data"),
        (COST, (10 * 10**5, 10), "Buiten norm"),
    ],
)
def test_a_rest_of_the_region_too_small_to_show_decides_no_colour_of_one_municipality(measure, others, words):
    """Of a municipality with nearly all cases the colour would tell what the few cases of others were."""
    run = publish()
    Value.objects.filter(run=run).delete()
    label = "2026-Q3" if measure is SHARE else "2026"
    own, region = values(run, measure.code, label, {WORSE: NOW})
    own.scope, own.municipality = "municipality", HERE
    top, bottom = own.numerator + others[0], own.denominator + others[1]
    region.numerator, region.denominator, region.value = top, bottom, round(Decimal(top) / bottom, 6)
    Value.objects.bulk_create([own, region])
    set_norm(measure.code, "regio", green="-0.2", red="-0.1")
    selection = Selection(period_of(label), municipality=HERE)
    words_of = []
    for scope in (Scope(municipality=HERE), REGION):
        rows = indicator_rows(view(run, scope), selection, [(definition_of(measure), measure)])
        words_of.append(rows[0]["row"].light_word)
    assert words_of == [words, "Buiten norm"]
