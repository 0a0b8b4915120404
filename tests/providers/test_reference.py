"""Loading reference files: what is read, what is refused, and that nothing is half done."""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kpi.models import Norm
from providers.exceptions import ReferenceError
from providers.models import CareDomain, EndReason, Municipality, Product, Provider
from providers.reference import load

pytestmark = pytest.mark.django_db
PRODUCT_HEAD = (
    "wet;categorie;code;naam;zorgdomein;segment;profiel;intensiteit;perceel;pakket;zwaarte;soort;leveringsvorm;"
    "eenheid;tarief;arrangementsprijs;geldig_van;geldig_tot"
)
NORM_HEAD = "maat;zorgdomein;gemeente;richting;grens_groen;grens_rood;basis;geldig_van;vastgesteld_door;toelichting"


@pytest.fixture
def write(tmp_path):
    def write_file(name: str, *lines: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes("\n".join(lines).encode(encoding))
        return path

    return write_file


def test_a_whole_directory_is_loaded(write, tmp_path):
    write("gemeenten.csv", "code;naam", "0080;Leeuwarden", "0090;Smallingerland")
    write("aanbieders.csv", "agb,naam,type,contractmanager", '41410001,"Zorg, en meer",systeem,CM 1')
    write("zorgdomeinen.csv", "code;naam;wet", "jeugd-ggz;Jeugd-ggz;jeugdwet")
    write("redenen_beeindiging.csv", "wet;code;omschrijving;klasse", "jeugdwet;36;Administratief;overig")
    write(
        "producten.csv",
        PRODUCT_HEAD,
        "jeugdwet;45;45A04;Jeugdhulp;jeugd-ggz;1;2;3;;;1,25;herstel;ambulant;16;1.234,56;;01-01-2024;",
    )
    write("normen.csv", NORM_HEAD, "uitval_pct;;;lager;0,20;25%;absoluut;2024-01-01;Bestuur;")
    load([tmp_path])
    assert dict(Municipality.objects.values_list("code", "name")) == {"0080": "Leeuwarden", "0090": "Smallingerland"}
    assert Provider.objects.get().name == "Zorg, en meer"
    assert CareDomain.objects.get().wet == "jeugdwet"
    assert EndReason.objects.get().outcome == "overig"
    product = Product.objects.get()
    assert (product.tariff, product.weight, product.arrangement_price) == (123456, Decimal("1.25"), None)
    assert (product.valid_from, product.valid_to) == (dt.date(2024, 1, 1), None)
    norm = Norm.objects.get()
    assert (norm.green, norm.red) == (Decimal("0.2"), Decimal("0.25"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [";", ","])
def test_separator_and_byte_order_mark_do_not_matter(write, encoding, separator):
    path = write("x.csv", separator.join(("code", "naam")), separator.join(("80", "Súdwest")), encoding=encoding)
    load([path])
    assert Municipality.objects.get().code == "0080"


def test_the_same_file_twice_changes_nothing(write):
    path = write("p.csv", PRODUCT_HEAD, "wmo;15;;Thuisplus;thuisplus;;;;1;2;;duurzaam;;14;10,5;;;2025-12-31")
    assert [(item.new, item.changed, item.unchanged) for item in load([path])] == [(1, 0, 0)]
    before = list(Product.objects.values())
    assert [(item.new, item.changed, item.unchanged) for item in load([path])] == [(0, 0, 1)]
    assert list(Product.objects.values()) == before


def test_a_changed_row_is_changed_and_another_validity_is_another_row(write):
    load([write("a.csv", "code;naam", "0080;Ljouwert")])
    assert load([write("b.csv", "code;naam", "0080;Leeuwarden")])[0].changed == 1
    row = "wmo;15;;Thuisplus;thuisplus;;;;1;2;;duurzaam;;14;{};;{};"
    load([write("c.csv", PRODUCT_HEAD, row.format("10", "2024-01-01"), row.format("11", "2025-01-01"))])
    assert list(Product.objects.order_by("valid_from").values_list("tariff", flat=True)) == [1000, 1100]


def test_a_tariff_per_minute_keeps_what_is_finer_than_a_cent(write):
    row = "wmo;01;;Hulp;hulp-bij-huishouden;;;;1;2;;overig;;01;0,578333;;;"
    path = write("p.csv", PRODUCT_HEAD, row)
    load([path])
    assert Product.objects.get().tariff == Decimal("57.8333")
    assert [item.unchanged for item in load([path])] == [1]


def test_the_code_of_a_product_is_kept_as_it_is(write):
    row = "wmo;01;{};Hulp;hulp-bij-huishouden;;;;1;2;;overig;;01;{};;;"
    load([write("p.csv", PRODUCT_HEAD, row.format("01a1", 1), row.format("01A1", 2))])
    assert dict(Product.objects.values_list("code", "tariff")) == {"01a1": 100, "01A1": 200}


def test_a_norm_is_never_overwritten(write):
    load([write("a.csv", NORM_HEAD, "uitval_pct;;;lager;0,20;0,25;;2024-01-01;Bestuur;")])
    with pytest.raises(ReferenceError, match="bestaat al met andere waarden. Kies een nieuwe ingangsdatum"):
        load([write("b.csv", NORM_HEAD, "uitval_pct;;;lager;0,10;0,25;;2024-01-01;Bestuur;")])
    load([write("c.csv", NORM_HEAD, "uitval_pct;;;lager;0,10;0,25;;2025-01-01;Bestuur;")])
    assert Norm.objects.count() == 2


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["code;naam", "0080;Leeuwarden", "0080;Ljouwert"], "regel 3: dezelfde sleutel als regel 2"),
        (["code;naam", "0080"], "regel 2: 1 velden, verwacht 2"),
        (["code;naam", "08A0;Leeuwarden"], "geen code van 4 cijfers"),
        (["code;naam", "0080;"], "naam is leeg"),
        (["agb;naam;type;contractmanager", "41410001;Zorg;groot;"], "type “groot” is onbekend. Kies uit"),
        (["kleur;smaak", "rood;zoet"], "horen bij geen van de bestanden"),
        ([PRODUCT_HEAD, "wmo;15;;T;thuisplus;;;;;;;duurzaam;;14;tien;;;"], "tarief “tien” is geen getal"),
        ([PRODUCT_HEAD, "wmo;15;;T;thuisplus;;;;;;;duurzaam;;14;1;;31-02-2025;"], "is geen datum"),
        ([NORM_HEAD, "onzin;;;lager;1;2;;2024-01-01;B;"], "maat “onzin” is onbekend"),
    ],
)
def test_a_fault_is_named_with_its_line_and_nothing_is_written(write, tmp_path, lines, sentence):
    write("a.csv", "code;naam", "0090;Smallingerland")
    write("b.csv", *lines)
    with pytest.raises(ReferenceError, match=sentence):
        load([tmp_path])
    assert not Municipality.objects.exists()


def test_a_file_that_is_not_utf8_is_named(write):
    with pytest.raises(ReferenceError, match="geen UTF-8"):
        load([write("g.csv", "code;naam", "0080;Súdwest", encoding="latin-1")])


def test_missing_columns_are_named_by_the_file(write):
    with pytest.raises(ReferenceError, match="deze kolommen ontbreken: naam"):
        load([write("gemeenten.csv", "code", "0080")])


def test_the_command_says_what_it_did(write, capsys):
    call_command("load_reference", write("g.csv", "code;naam", "0080;Leeuwarden"), "--json")
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "g.csv: 1 nieuw, 0 gewijzigd, 0 ongewijzigd."
    assert json.loads(out[-1])["files"][0]["new"] == 1


def test_the_command_refuses_a_path_that_does_not_exist(tmp_path):
    with pytest.raises(CommandError, match="bestaat niet") as caught:
        call_command("load_reference", tmp_path / "weg.csv")
    assert caught.value.returncode == 2
