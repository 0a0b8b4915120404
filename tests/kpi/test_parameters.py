"""Parameters and reference data: versions with a date, an author and a reason, and nothing overwritten."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.roles import Role
from kpi import parameters
from kpi.calc.parameters import DEFAULT
from kpi.exceptions import ParameterError
from kpi.loading import load_reference
from kpi.models import ParameterVersion
from providers.models import CareDomain, EndReason, Municipality, Product, ReferenceChange
from providers.signals import reference_changed
from tests.support.accounts import client_of, make_user

pytestmark = pytest.mark.django_db
FROM = dt.date(2026, 7, 1)


@pytest.fixture
def told():
    """What was told to have changed."""
    found = []

    def note(sender, **kwargs):
        found.append(sender)

    reference_changed.connect(note)
    yield found
    reference_changed.disconnect(note)


def add(name, value, wet="", valid_from=FROM):
    by = make_user(Role.ADMIN, username=f"beheer{ParameterVersion.objects.count()}")
    return parameters.add_version(by=by, name=name, wet=wet, value=value, valid_from=valid_from, reason="Besluit")


def test_without_versions_the_defaults_hold():
    assert load_reference(FROM).parameters == DEFAULT
    for spec in parameters.SPECS.values():
        for wet in parameters.laws_of(spec):
            written = parameters.value_of(spec, wet, DEFAULT)
            if spec.name != "DUUR_DOMEINEN":
                assert parameters.value_of_text(spec, written) == written


def test_a_version_counts_from_its_reference_date_and_the_earlier_one_stays(told):
    add("START_DEEL_MAX", "0,6")
    add("START_DEEL_MAX", "0,5", valid_from=dt.date(2026, 9, 1))
    add("TERMIJN_MELDTIJD_305", "3", wet="wmo")
    found = {
        day: load_reference(dt.date.fromisoformat(day)).parameters for day in ("2026-06-30", "2026-07-01", "2026-09-01")
    }
    assert [found[day].start_share_max for day in found] == [(70, 100), (3, 5), (1, 2)]
    assert found["2026-06-30"].days_of("meldtijd_305") == {"jeugdwet": 5, "wmo": 5}
    assert found["2026-07-01"].days_of("meldtijd_305") == {"jeugdwet": 5, "wmo": 3}
    assert ParameterVersion.objects.count() == len(told) == 3
    assert AuditEvent.objects.filter(action="parameter vastgesteld").count() == 3


@pytest.mark.parametrize(
    ("name", "wet", "value", "sentence"),
    [
        ("AANSLUITING_DAGEN", "", "-1", "geheel getal"),
        ("AANSLUITING_DAGEN", "wmo", "1", "bestaat niet voor deze wet"),
        ("TERMIJN_MELDTIJD_305", "", "5", "bestaat niet voor deze wet"),
        ("RECIDIVE_GRENZEN", "", "8, 4", "het kleinste eerst"),
        ("START_DEEL_MAX", "", "nan", "groter dan 0"),
        ("START_DEEL_MAX", "", "0", "groter dan 0"),
        ("DUUR_DOMEINEN", "", "maan", "bestaat niet: maan"),
        ("ONZIN", "", "1", "bestaat niet"),
    ],
)
def test_what_is_no_value_is_told_and_nothing_is_saved(told, name, wet, value, sentence):
    with pytest.raises(ParameterError, match=sentence):
        add(name, value, wet)
    assert not ParameterVersion.objects.exists()
    assert told == []


def test_a_version_is_never_replaced():
    add("TERUG_MAANDEN", "6")
    with pytest.raises(ParameterError, match="al een versie vanaf deze dag"):
        add("TERUG_MAANDEN", "9")
    assert ParameterVersion.objects.get().value == "6"


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", ["kpi:reference", "kpi:parameters"])
def test_only_an_admin_sees_reference_data_and_parameters(role, name):
    assert client_of(make_user(role)).get(reverse(name)).status_code == (200 if role == Role.ADMIN else 403)


def test_the_page_saves_a_version_and_shows_its_author_and_reason():
    CareDomain.objects.create(code="thuisplus", name="ThuisPlus", wet="wmo")
    client = client_of(make_user(Role.ADMIN))
    given = {"name": "DUUR_DOMEINEN", "value": "thuisplus", "valid_from": "2026-07-01", "reason": "Motie 12"}
    refused = client.post(reverse("kpi:parameters"), given | {"value": "maan"})
    assert (refused.status_code, ParameterVersion.objects.count()) == (422, 0)
    page = client.post(reverse("kpi:parameters"), given, follow=True).content.decode()
    assert "thuisplus vanaf 1 juli 2026, beheerder: Motie 12" in page


def load(tmp_path, name, *lines):
    file = tmp_path / name
    file.write_text("\n".join(lines) + "\n")
    call_command("load_reference", str(file), verbosity=0)


def test_every_change_of_a_row_stays_in_the_history(tmp_path):
    load(tmp_path, "gemeenten.csv", "code;naam", "0080;Leeuwarden")
    load(tmp_path, "gemeenten.csv", "code;naam", "0080;Leeuwarden")
    load(tmp_path, "gemeenten.csv", "code;naam", "0080;Ljouwert", "0090;Smallingerland")
    assert Municipality.objects.get(code="0080").name == "Ljouwert"
    told = ReferenceChange.objects.order_by("id").values_list("key", "before", "after", "source", "changed_by")
    assert [(key, before.get("name"), after["name"]) for key, before, after, *_ in told] == [
        ("0080", None, "Leeuwarden"),
        ("0090", None, "Smallingerland"),
        ("0080", "Leeuwarden", "Ljouwert"),
    ]
    assert {(source, by) for *_, source, by in told} == {("gemeenten.csv", "opdrachtregel")}
    page = client_of(make_user(Role.ADMIN)).get(reverse("kpi:reference"), {"bestand": "gemeenten"}).content.decode()
    assert "name: “Leeuwarden” werd “Ljouwert”" in page


def test_a_class_of_an_end_reason_can_begin_on_a_date(tmp_path):
    head = "wet;code;omschrijving;klasse;geldig_van"
    load(
        tmp_path,
        "redenen.csv",
        head,
        "jeugdwet;36;Administratief;overig;",
        "jeugdwet;36;Administratief;uitval;2026-07-01",
    )
    load(tmp_path, "zonder.csv", "wet;code;klasse", "jeugdwet;36;overig")
    assert EndReason.objects.count() == 2
    assert load_reference(dt.date(2026, 6, 30)).outcomes[("jeugdwet", "36")] == "overig"
    assert load_reference(FROM).outcomes[("jeugdwet", "36")] == "uitval"


def test_the_page_shows_products_with_their_validity():
    Product.objects.create(
        wet="wmo",
        category="01",
        code="01A01",
        name="Hulp",
        domain="x",
        kind="overig",
        weight=Decimal("1.5"),
        valid_from=FROM,
    )
    page = client_of(make_user(Role.ADMIN)).get(reverse("kpi:reference")).content.decode()
    assert "01A01" in page
    assert "2026-07-01" in page
