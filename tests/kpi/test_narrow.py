"""What is read for one figure, client or message gives what the records of the whole region give."""

from collections.abc import Iterator
from functools import cache

import pandas as pd
import pytest

from accounts.scope import Scope
from kpi import client_page, message_page, narrow
from kpi.calc.explain import cases_behind, measured_in
from kpi.calc.frames import to_date
from kpi.calc.indicators import MEASURES
from kpi.calc.periods import Period, parse
from kpi.calc.scopes import SCOPES
from kpi.calc.state import State
from kpi.cell_queries import Cell
from kpi.loading import load_records, load_reference
from kpi.models import Run
from kpi.question import state_of
from messaging.models import Message
from tests.support.random_days import REFERENCE_DAYS
from tests.support.random_region import random_records, random_reference
from tests.support.stored_records import store, store_catalogue

pytestmark = pytest.mark.django_db
YEAR, QUARTER = parse("year", "2024"), parse("quarter", "2024-Q3")
REGIONS = {
    (1, "2.3"): ("region", "municipality", "domain+provider", "referrer"),
    (4, "3.2"): ("provider", "municipality+provider", "municipality+product", "delivery_form", "domain+municipality"),
}
EACH = 2  # scopes per measure and region
EVERYTHING = Scope(region=True)


@pytest.fixture(params=REGIONS, ids=str)
def run(request: pytest.FixtureRequest) -> Run:
    """A region full of corrections, with messages that came after its computation."""
    seed, release = request.param
    records, reference = region(seed, release), random_reference(seed)
    store_catalogue(reference.catalogue, dict(reference.outcomes))
    numbers = records.messages["message_id"].tolist()
    store(records, numbers)
    run = Run.objects.create(as_of=to_date(max(REFERENCE_DAYS)), last_message_id=int(len(numbers) * 0.95))
    run.scopes = REGIONS[request.param]
    return run


@cache
def region(seed: int, release: str):
    return random_records(seed, release, 40)


def whole_of(run: Run) -> State:
    return state_of(run, load_records(run.last_message_id), load_reference(run.as_of))


def cells(whole: State, scopes: tuple[str, ...]) -> Iterator[tuple[str, Period, dict[str, str]]]:
    """Per measure the cells with most cases of some scopes, all of which have their turn."""
    for turn, measure in enumerate(MEASURES):
        period = YEAR if measure.startswith(("kosten_per_", "recidive", "startdeclaratie")) else QUARTER
        everything = cases_behind(whole, measure, period, {})
        given = [scope for scope in scopes if scope in measured_in(measure)]
        for scope in {given[(turn + step) % len(given)] for step in range(EACH)} if given else ():
            names = list(SCOPES[scope])
            told = everything is not None and len(everything) and set(names) <= set(everything)
            found = (everything if told else whole.spells)[names].astype(str)
            yield measure, period, found.mode().iloc[0].to_dict() if names else {}


def test_the_cases_of_a_cell_are_those_from_the_whole_region(run: Run) -> None:
    whole = whole_of(run)
    wrong, with_cases, looked, among = [], set(), 0, 0
    for measure, period, chosen in cells(whole, run.scopes):
        kept = {name: frozenset([code]) for name, code in chosen.items()}
        found = narrow.of_cell(run, Cell(measure, period, kept))
        expected = cases_behind(whole, measure, period, chosen)
        if not found.whole or not cases_behind(found.state, measure, period, chosen).equals(expected):
            wrong.append((measure, period.label, chosen))
        looked, among = looked + len(found.state.allocations), among + len(whole.allocations)
        with_cases |= {measure} if len(expected) else set()
    assert not wrong
    assert looked < among / 2
    assert len(with_cases) > 0.8 * len(MEASURES)


def test_the_page_of_a_client_is_that_from_the_whole_region(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, names = whole_of(run), {"municipality": {}, "provider": {}}
    clients = sorted(set(whole.records.toewijzingen["client"]) | set(whole.records.prestaties["client"]))
    found = [client_page.of_client(EVERYTHING, run, client, names) for client in clients]
    monkeypatch.setattr(narrow, "of_client", lambda run, client: whole)
    assert found == [client_page.of_client(EVERYTHING, run, client, names) for client in clients]
    assert sum(map(len, found)) > 200


def test_the_page_of_a_message_is_that_from_the_whole_region(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, names = whole_of(run), {"municipality": {}, "provider": {}}
    links = sorted(set(Message.objects.filter(pk__lte=run.last_message_id).values_list("link", flat=True)))[::15]
    found = [message_page.of_message(EVERYTHING, run, link, names) for link in links]
    monkeypatch.setattr(narrow, "of_message", lambda run, link: whole)
    assert found == [message_page.of_message(EVERYTHING, run, link, names) for link in links]
    assert len(list(filter(None, found))) > 20


def test_of_too_many_clients_some_are_looked_at_and_their_cases_are_right(run: Run) -> None:
    found = narrow.of_cell(run, Cell("uitval_pct", YEAR, {}), most=5)
    assert not found.whole
    assert (found.looked, found.among > 5) == (5, True)
    cases, expected = (cases_behind(state, "uitval_pct", YEAR, {}) for state in (found.state, whole_of(run)))
    own = expected[expected["client"].isin(found.state.share.clients)].reset_index(drop=True)
    pd.testing.assert_frame_equal(cases, own)
    assert 0 < len(cases) < len(expected)
