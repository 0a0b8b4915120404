"""When the messages of a period do not allow a light: at every limit, with who can repair it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.scope import Scope
from kpi.calc.indicators import MEASURES
from kpi.filters import period_of
from kpi.gates import DataGate
from kpi.models import Finding, ParameterVersion, Run, RunState, Value
from kpi.selection import Selection

pytestmark = pytest.mark.django_db
AS_OF = dt.date(2026, 11, 25)
REGION = Scope(region=True)
HERE, BEHIND, NEW, NO_STOPS, CLAIMS_STOPPED = "0080", "0090", "0085", "0086", "0088"
TOWN_OF_MINE, CARER, OTHER = "0080", "11111111", "22222222"
START, NOW = dt.date(2024, 1, 3), dt.date(2026, 11, 24)
ALL = ("301", "303", "305", "307")
SHARE, MONEY, RELAPSE = MEASURES["uitval_pct"], MEASURES["declaratiegraad"], MEASURES["recidive_succes_0_4"]
INFLOW, COST = MEASURES["instroom"], MEASURES["kosten_per_client"]
SOUND = {(HERE, soort): (START, NOW) for soort in ALL}
SPANS = {
    **SOUND,
    **{(BEHIND, soort): (START, dt.date(2026, 6, 10)) for soort in ALL},
    **{(NEW, soort): (dt.date(2025, 5, 2), NOW) for soort in ALL},
    **{(NO_STOPS, soort): (START, NOW) for soort in ("301", "303", "305")},
    **{(CLAIMS_STOPPED, soort): (START, NOW) for soort in ("301", "305", "307")},
    (CLAIMS_STOPPED, "323"): (START, dt.date(2026, 6, 10)),
}


@pytest.fixture
def run() -> Run:
    return Run.objects.create(as_of=AS_OF, state=RunState.CURRENT, code_version="test")


def gate(run: Run, spans=SOUND, scope=REGION) -> DataGate:
    return DataGate(scope, run, spans)


def reason(run: Run, measure, period: str, spans=SOUND, **chosen: str) -> str:
    return gate(run, spans).reason(measure, Selection(period_of(period), **chosen))


@pytest.mark.parametrize(
    ("measure", "period", "municipality", "words"),
    [
        (SHARE, "2026-Q3", HERE, ""),
        (SHARE, "2026-11", HERE, ""),  # running, and messages are up to date
        (SHARE, "2026-06", BEHIND, ""),  # 20 days are not late yet
        (SHARE, "2026-08", BEHIND, "leverde na 10-06-2026 niets meer aan"),
        (SHARE, "2026-11", BEHIND, "leverde na 10-06-2026 niets meer aan"),
        (SHARE, "2026-Q3", "9999", ""),  # nothing known at all: no figures either
        (SHARE, "2025-04", NEW, ""),  # the first came 31 days after the first of April
        (SHARE, "2025-03", NEW, "levert pas aan sinds 02-05-2025"),
        (SHARE, "2026-Q3", NO_STOPS, "geen enkele “307 Stop zorg” bekend"),
        (INFLOW, "2026-Q3", NO_STOPS, ""),  # made of allocations and starts
        (COST, "2025", NO_STOPS, ""),
        (SHARE, "2026-Q3", CLAIMS_STOPPED, ""),
        (COST, "2026-07", CLAIMS_STOPPED, ""),  # 51 days: claims come every month, with a month's delay
        (MONEY, "2026-08", CLAIMS_STOPPED, "geen “303 Declaratie of 323 Declaratie” meer"),
        (MONEY, "2026-08", HERE, ""),
        (MONEY, "2026-Q3", HERE, "komen nog binnen"),  # 30 September + 60 days is after the reference date
        (MONEY, "2026", HERE, "komen nog binnen"),
        (MONEY, "2025", HERE, ""),
        (INFLOW, "2026-10", HERE, ""),
        (INFLOW, "2026-11", HERE, "de periode is nog niet voorbij"),
        (RELAPSE, "2026-Q2", HERE, ""),
        (RELAPSE, "2026-Q3", HERE, ""),  # 25 of 92 days: just over a quarter
        (RELAPSE, "2026-08", HERE, "nog bijna geen geval is 4 maanden te volgen"),
    ],
)
def test_what_was_delivered_and_when(run, measure, period, municipality, words):
    found = reason(run, measure, period, SPANS, municipality=municipality)
    assert words in found
    assert bool(found) is bool(words)


@pytest.mark.parametrize(("behind", "told"), [(1, ""), (2, "van 3 van de 5 gemeenten zijn de berichten volledig")])
def test_the_region_needs_four_in_five_municipalities(run, behind, told):
    spans = {(f"00{town:02d}", soort): (START, NOW) for town in range(5 - behind) for soort in ALL}
    spans |= {(f"01{town:02d}", soort): (START, dt.date(2026, 6, 10)) for town in range(behind) for soort in ALL}
    assert reason(run, SHARE, "2026-Q3", spans, provider=CARER).removesuffix("; zie Gegevenskwaliteit") == told


def test_who_left_is_not_expected_any_more(run):
    spans = SOUND | {("0070", "301"): (START, dt.date(2025, 1, 1))}
    assert reason(run, SHARE, "2026-Q3", spans) == ""
    assert "1 van de 2 gemeenten" in reason(run, SHARE, "2025-Q1", spans)


def found(run: Run, kind: str, examined: int, *, ours: int = 0, theirs: int = 0, month="2026-08", who=CARER, town=HERE):
    Finding.objects.create(
        run=run,
        month=month,
        municipality=town,
        provider=who,
        kind=kind,
        examined=examined,
        by_municipality=ours,
        by_provider=theirs,
    )


@pytest.mark.parametrize(
    ("valid_from", "words"),
    [("2026-11-25", "nog bijna geen geval is 6 maanden te volgen"), ("2026-11-26", "")],
)
def test_how_long_relapse_is_followed_follows_the_parameters_of_the_run(run, valid_from, words):
    ParameterVersion.objects.create(name="RECIDIVE_GRENZEN", wet="", value="6, 9", valid_from=valid_from, reason="-")
    told = reason(run, RELAPSE, "2026-07")
    assert told.startswith(words) if words else not told


@pytest.mark.parametrize(
    ("examined", "wrong", "sound"), [(20, 2, True), (20, 3, False), (10, 1, True), (10, 2, False), (9, 9, True)]
)
def test_more_than_a_tenth_wrong_is_too_much(run, examined, wrong, sound):
    found(run, "stop_zonder_start", examined, theirs=wrong)
    told = reason(run, SHARE, "2026-Q3", provider=CARER)
    share = f"{100 * wrong / examined:.1f}%".replace(".", ",")
    repair = "herstel door de aanbieder"
    assert told == ("" if sound else f"stop zonder start: {wrong} van {examined} ({share}); {repair}")


def test_a_finding_closes_the_gate_only_for_what_it_makes_wrong(run):
    found(run, "declaratiemaand_ontbreekt", 40, ours=10, theirs=2)
    assert reason(run, SHARE, "2026-08", provider=CARER) == ""
    told = reason(run, COST, "2026-08", provider=CARER)
    assert told == "maand zonder declaratie: 12 van 40 (30,0%); herstel door de gemeente en de aanbieder"


def test_findings_count_where_and_when_they_are(run):
    """3 of 10 here in August; the other provider, other months and the whole have enough that is right."""
    found(run, "stop_zonder_start", 10, theirs=3)
    found(run, "stop_zonder_start", 40, theirs=0, who=OTHER, town=TOWN_OF_MINE)
    found(run, "stop_zonder_start", 60, theirs=0, month="2026-09", town="0085")
    closed = [
        (period, chosen)
        for period in ("2026-07", "2026-08", "2026-09", "2026-Q3", "2026")
        for chosen in ({}, {"provider": CARER}, {"provider": OTHER}, {"municipality": HERE}, {"municipality": NEW})
        if "stop zonder start" in reason(run, SHARE, period, **chosen)
    ]
    assert closed == [("2026-08", {"provider": CARER})]
    both = {"provider": CARER, "municipality": HERE}
    assert "3 van 10" in reason(run, SHARE, "2026-Q3", **both)


def test_unknown_products_matter_where_a_domain_is_chosen(run):
    found(run, "product_onbekend", 20, ours=5)
    assert reason(run, SHARE, "2026-08", provider=CARER) == ""
    assert "product onbekend: 5 van 20" in reason(run, SHARE, "2026-08", provider=CARER, domain="jeugd-ggz")


@pytest.mark.parametrize(("answered", "rejected", "sound"), [(20, 4, True), (20, 5, False), (9, 9, True)])
def test_more_than_a_fifth_rejected_is_too_much(run, answered, rejected, sound):
    Value.objects.create(
        run=run,
        measure="bericht_uitval",
        period="2026-Q3",
        scope="provider",
        provider=CARER,
        detail="307",
        numerator=rejected,
        denominator=answered,
        value=f"{rejected / answered:.6f}",
    )
    told = reason(run, SHARE, "2026-Q3", provider=CARER)
    assert told == ("" if sound else "307 Stop zorg afgekeurd: 5 van 20 (25,0%); herstel door de aanbieder")
    assert reason(run, INFLOW, "2026-Q3", provider=CARER) == ""


def test_a_municipality_is_judged_by_its_own_findings_only(run):
    found(run, "stop_zonder_start", 20, theirs=9, town=BEHIND)
    seen = gate(run, scope=Scope(municipality=HERE))
    assert seen.reason(SHARE, Selection(period_of("2026-Q3"), municipality=HERE, provider=CARER)) == ""


def test_many_places_are_read_at_once(run):
    found(run, "stop_zonder_start", 10, theirs=3)
    seen = gate(run)
    places = [
        Selection(period_of(period), provider=f"{number:08d}")
        for number in range(50)
        for period in ("2026-07", "2026-08", "2026-09")
    ] + [Selection(period_of("2026-08"), provider=CARER)]
    with CaptureQueriesContext(connection) as queries:
        seen.prepare(places)
        told = [seen.reason(SHARE, place) for place in places]
    assert len(queries) == 2
    assert [bool(one) for one in told] == [False] * 150 + [True]
