"""From message files to figures and back: a small region, ingested and computed, then every figure taken apart."""

import csv
import datetime as dt
import io
import re
from urllib.parse import parse_qsl, urlencode

import pytest
from django.db.models import F, Sum
from django.urls import reverse
from lxml import html

from accounts.models import AuditEvent
from accounts.roles import PERMISSIONS, Permission, Role
from accounts.scope import Scope
from kpi import actions, client_page, selectors
from kpi.calc.checks import CHECKS
from kpi.calc.explain import cases_behind
from kpi.calc.indicators import DEFINITIONS, MEASURES
from kpi.calc.periods import months_in
from kpi.explanation import case_amounts
from kpi.filters import period_of
from kpi.models import Finding, Run, RunState, Value
from messaging.models import Message, StopProduct
from providers.models import Municipality
from tests.kpi.test_exports import sheet_of
from tests.support.accounts import client_of, make_user
from tests.support.small_region import UNTIL

CELLS = [("2026-Q1", "region"), ("2026-Q1", "provider"), ("2026-05", "domain+municipality"), ("2026", "municipality")]


@pytest.fixture
def run(small_region_run) -> Run:
    return small_region_run


def test_every_cell_is_the_sum_of_its_cases(run):
    state = actions.state_on(UNTIL)
    checked = set()
    for label, scope in CELLS:
        names = [name for name in scope.split("+") if scope != "region"]
        values = Value.objects.filter(run=run, period=label, scope=scope)
        for value in values.order_by("measure", "detail", "-denominator", *names).distinct("measure", "detail"):
            chosen = {name: getattr(value, name) for name in names}
            found = cases_behind(state, value.measure, period_of(label), chosen, value.detail)
            assert found is not None, value.measure
            sums = [int(found[name].sum()) for name in ("numerator", "denominator")]
            if value.measure == "zwaarte_gemiddeld":
                sums[0] //= 100  # weights are added up in hundredths
            assert value.numerator in (None, sums[0]), (value.measure, label, chosen)
            assert value.denominator in (None, sums[1]), (value.measure, label, chosen)
            checked.add(value.measure)
    rare = {code for code in MEASURES if code.startswith(("recidive", "reactietijd", "startdeclaratie_hoog_uitval"))}
    assert set(MEASURES) - rare <= checked | {"doorlooptijd_301_303", "uitstroom_verhuisd"}


@pytest.mark.parametrize("scope", [Scope(region=True), Scope(municipality="0080")], ids=["region", "municipality"])
def test_filters_offer_all_that_has_figures_in_any_period(run, scope):
    kinds = Value.objects.filter(run=run).values_list("scope", flat=True).distinct().order_by("scope")
    offered = 0
    for kind in kinds:
        for dimension in kind.split("+"):
            if dimension == "region":
                continue
            rows = selectors.in_scope(scope, run).filter(scope=kind).values_list(dimension, flat=True)
            found = selectors.codes_with_figures(scope, run, kind, dimension)
            assert found == sorted(set(rows) - {""})
            offered += len(found)
    assert offered


def test_computing_again_gives_the_same_and_leaves_one_current_run(run):
    again = actions.compute(as_of=UNTIL)
    columns = [field.name for field in Value._meta.fields if field.name not in ("pk", "run")]
    first, second = (sorted(Value.objects.filter(run=one).values_list(*columns), key=repr) for one in (run, again))
    assert first == second
    assert list(Run.objects.filter(state=RunState.CURRENT)) == [again]


def test_a_failed_computation_leaves_the_figures_of_before(run, monkeypatch):
    from kpi.exceptions import ComputationError

    def broken(*args, **kwargs):
        raise ComputationError("Kan niet.")

    before = Value.objects.filter(run=run).count()
    monkeypatch.setattr(actions, "finished", broken)
    with pytest.raises(ComputationError):
        actions.compute(as_of=UNTIL)
    assert Run.objects.get(state=RunState.CURRENT) == run
    assert Run.objects.get(state=RunState.FAILED).remark == "Kan niet."
    assert Value.objects.filter(run=run).count() == before > 0


def test_the_third_run_takes_away_the_figures_of_the_first(run):
    for _ in range(2):
        actions.compute(as_of=UNTIL)
    run.refresh_from_db()
    assert (run.state, run.values_count) == (RunState.OLD, 0)
    assert not Value.objects.filter(run=run).exists()
    assert not Finding.objects.filter(run=run).exists()


def test_only_who_may_see_cases_sees_them_and_each_look_is_logged(run):
    key = client_page.pseudonym(StopProduct.objects.filter(message__gemeente="0080").first().client)
    logged = AuditEvent.objects.filter(action__in=["zaken bekeken", "cliënt bekeken"])
    for role in Role:
        allowed = Permission.SEE_CASES in PERMISSIONS[role]
        client, before = client_of(make_user(role)), logged.count()
        for address in (reverse("kpi:explain", args=["uitval"]), reverse("kpi:client", args=[key])):
            assert client.get(address).status_code == (200 if allowed else 403)
        assert logged.count() - before == (2 if allowed else 0)


def test_the_explanation_adds_up_to_the_figure(run):
    client = client_of(make_user(Role.MUNICIPALITY))
    page = client.get(reverse("kpi:explain", args=["uitval"]), {"periode": "2026-Q1"}).content.decode()
    assert "Dat is het cijfer hierboven" in page
    value = Value.objects.get(
        run=run, scope="municipality", municipality="0080", measure="uitval_pct", period="2026-Q1"
    )
    assert f"{value.denominator} zaken tellen op tot {value.numerator} / {value.denominator}" in page


def explained(client, measure: str, **asked: str) -> str:
    code = next(one.code for one in DEFINITIONS if measure in [own.code for own in one.measures])
    return client.get(reverse("kpi:explain", args=[code]), {"maat": measure, **asked}).content.decode()


def test_every_measure_with_a_figure_shows_its_cases(run):
    client = client_of(make_user(Role.CONTRACT_MANAGER))
    whole = Value.objects.filter(run=run, scope="region", period="2026-Q1", detail="")
    known = {*whole.values_list("measure", flat=True), "uitval_code", "beeindigingscodes", "verwijzers"}
    assert len(known) > 30
    for measure in known:
        page = explained(client, measure, periode="2026-Q1")
        assert "Geen zaken" not in page, measure
        assert "wijkt af" not in page, measure
        assert 'id="zaken"' in page
    assert "wordt niet gemeten in deze combinatie" in explained(client, "bericht_uitval", zorgdomein="jeugd-ggz")


def test_claims_that_nobody_expected_count_as_an_amount_and_not_as_a_share():
    measure = MEASURES["declaratiegraad"]
    assert case_amounts(204_800_000, 0, measure) == "€\N{NO-BREAK SPACE}2.048.000"
    assert case_amounts(204_800, 409_600, measure) == "€\N{NO-BREAK SPACE}2.048 / €\N{NO-BREAK SPACE}4.096"


def test_a_yearly_measure_is_explained_over_its_year(run):
    page = explained(client_of(make_user(Role.CONTRACT_MANAGER)), "kosten_per_client", periode="2026-Q1")
    value = Value.objects.get(run=run, scope="region", measure="kosten_per_client", period="2026")
    assert f"{value.denominator} zaken tellen op tot" in page
    assert "Dat is het cijfer hierboven" in page


def test_a_part_is_explained_apart_from_the_whole(run):
    client = client_of(make_user(Role.CONTRACT_MANAGER))
    whole = explained(client, "uitval_code", periode="2026-Q1")
    assert "zie de onderdelen" in whole
    part = Value.objects.filter(run=run, scope="region", measure="uitval_code", period="2026-Q1").first()
    assert f"onderdeel={part.detail.replace(':', '%3A')}" in whole
    page = explained(client, "uitval_code", periode="2026-Q1", onderdeel=part.detail)
    assert f"zaken tellen op tot {part.numerator} / {part.denominator}. Dat is het cijfer" in page


def test_the_median_points_at_the_place_it_takes(run):
    page = explained(client_of(make_user(Role.CONTRACT_MANAGER)), "duur_mediaan", periode="2026-Q1")
    value = Value.objects.get(run=run, scope="region", measure="duur_mediaan", period="2026-Q1")
    assert f"{value.denominator} zaken, van klein naar groot" in page
    assert page.count("hier ligt het cijfer") == 2 - value.denominator % 2


def test_a_rejected_message_leads_to_the_codes_that_reject_it(run):
    client = client_of(make_user(Role.CONTRACT_MANAGER))
    page = explained(client, "bericht_uitval", periode="2026")
    key = re.search(r'href="/berichten/([0-9a-f]{16})/[?"]', page)[1]
    address = reverse("kpi:message", args=[key])
    shown = client.get(address).content.decode()
    assert "fgekeurd" in shown
    assert "keurt af" in shown or "voor minder toegekend" in shown
    town = Message.objects.filter(link=client_page.client_of(key)).first().gemeente
    for other, status in ((town, 200), (next(one for one in ("0080", "0090") if one != town), 404)):
        assert client_of(make_user(Role.MUNICIPALITY, other)).get(address).status_code == status
    assert AuditEvent.objects.filter(action="bericht bekeken").count() == 2


def test_from_a_figure_to_its_messages_and_back_again_on_the_same_date(run):
    client = client_of(make_user(Role.CONTRACT_MANAGER))
    asked = {"periode": "2026-Q1", "gemeente": "0080", "maat": "uitval_pct", "peildatum": run.as_of.isoformat()}
    explained = reverse("kpi:explain", args=["uitval"])

    def links(address: str) -> list[str]:
        return html.fromstring(client.get(address).content).xpath("//main//a/@href")

    cases = [link for link in links(f"{explained}?{urlencode(asked)}") if link.startswith("/clienten/")]
    lines = links(cases[0])
    messages = [link for link in lines if link.startswith("/berichten/")]
    for page in (lines, links(messages[0])):
        path, _, query = page[0].partition("?")
        assert (path, dict(parse_qsl(query))) == (explained, asked)
    unknown = links(f"{cases[0].partition('?')[0]}?uitleg=iets&peildatum={run.as_of}")
    assert unknown[0] == f"{reverse('kpi:overview')}?peildatum={run.as_of}"


def test_a_claim_that_was_refused_as_a_whole_is_shown_with_that_reason(run):
    state = actions.state_on(UNTIL)
    refused = state.answers[state.answers["whole"]]
    messages = state.records.messages.merge(refused[["link"]], on="link")
    lines = state.records.prestaties.merge(messages[["message_id", "gemeente"]], on="message_id")
    key = client_page.pseudonym(int(lines.iloc[0]["client"]))
    page = client_of(make_user(Role.CONTRACT_MANAGER)).get(reverse("kpi:client", args=[key])).content.decode()
    assert "telt niet: de declaratie is als geheel afgekeurd" in page


def test_a_municipality_sees_no_client_of_another_and_only_its_own_lines(run):
    mine = set(StopProduct.objects.filter(message__gemeente="0080").values_list("client", flat=True))
    theirs = set(StopProduct.objects.exclude(message__gemeente="0080").values_list("client", flat=True))
    client = client_of(make_user(Role.MUNICIPALITY))
    stranger = next(iter(theirs - mine - set(_with_messages_in("0080"))))
    assert client.get(reverse("kpi:client", args=[client_page.pseudonym(stranger)])).status_code == 404
    page = client.get(reverse("kpi:client", args=[client_page.pseudonym(next(iter(mine)))])).content.decode()
    towns = set(re.findall(r"</th><td[^>]*><a [^>]*>[^<]*</a></td><td[^>]*>([^<]*)</td>", page))
    assert towns == {"Leeuwarden"}


def _with_messages_in(gemeente: str) -> set[int]:
    messages = Message.objects.filter(gemeente=gemeente)
    return {
        client
        for related in ("toewijzing", "startproduct", "stopproduct", "prestatie", "verzoek")
        for client in messages.values_list(f"{related}__client", flat=True)
        if client is not None
    }


def test_each_list_of_findings_is_as_long_as_its_count_and_stays_inside_the_scope(run):
    in_year = Finding.objects.filter(run=run, month__in=[month.label for month in months_in(period_of("2026"))])
    wrong = in_year.annotate(wrong=F("by_municipality") + F("by_provider"))
    worst = wrong.values("municipality").annotate(sum=Sum("wrong")).order_by("-sum", "municipality").first()
    assert worst["sum"] > 1
    town = Municipality.objects.get(code=worst["municipality"])
    client = client_of(make_user(Role.MUNICIPALITY, town.code))
    for check in CHECKS:
        counted = sum(wrong.filter(kind=check.code, municipality=town.code).values_list("wrong", flat=True))
        page = client.get(reverse("kpi:finding_list", args=[check.code]), {"periode": "2026"}).content.decode()
        assert (f"{counted} gevonden" in page) is (counted > 0)
        asked = {"periode": "2026", "gemeente": "0059" if town.code != "0059" else "0080"}
        content = client.get(reverse("kpi:finding_file", args=[check.code, "csv"]), asked).content.decode("utf-8-sig")
        lines = list(csv.DictReader(io.StringIO(content), delimiter=";"))
        assert [line["Gemeente"] for line in lines] == [town.name] * counted, check.code
        book = client.get(reverse("kpi:finding_file", args=[check.code, "xlsx"]), asked).content
        assert sum(town.name in row for row in sheet_of(book)) == counted, check.code
    assert AuditEvent.objects.filter(action="bevindingen gedownload").count() == 2 * len(CHECKS)


def test_an_earlier_reference_date_does_not_know_later_messages(run):
    earlier = actions.compute(as_of=dt.date(2026, 3, 31))
    assert not Value.objects.filter(run=earlier, period="2026-Q2").exclude(measure="verwachte_kosten").exists()
    before = Value.objects.get(run=earlier, scope="region", measure="instroom", period="2026-Q1", detail="")
    after = Value.objects.get(run=run, scope="region", measure="instroom", period="2026-Q1", detail="")
    assert before.value <= after.value
