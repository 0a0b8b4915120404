"""What the generator writes, the portal reads: no file is refused."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from messaging.models import Message, Prestatie, StartProduct, StopProduct, Toewijzing
from messaging.region.writing import write
from providers.models import Municipality, Product, Provider
from tests.messaging.region.conftest import made


@pytest.mark.django_db
@pytest.mark.parametrize("standard", ["2.3", "3.2"])
def test_the_portal_reads_every_message(standard: str, tmp_path: Path) -> None:
    region = made(standard, clients=15, months=8)
    write(region, tmp_path, zipped=standard == "3.2")
    printed = StringIO()
    source = next(path for path in tmp_path.iterdir() if path.name.startswith("berichten"))
    call_command("ingest", str(source), "--json", stdout=printed)
    summary = json.loads(printed.getvalue().splitlines()[-1])
    assert summary["rejected"] == []
    assert summary["messages"] == len(region.messages) == Message.objects.count()
    heen = [message for message in region.messages if message.answers is None]
    for soorten, table in (("301", Toewijzing), ("305", StartProduct), ("307", StopProduct), ("303 323", Prestatie)):
        assert table.objects.count() == sum(len(m.records) for m in heen if m.soort in soorten.split())


@pytest.mark.django_db
def test_the_portal_loads_the_reference_files(tmp_path: Path) -> None:
    write(made("3.2", clients=2, months=2), tmp_path, zipped=True)
    call_command("load_reference", str(tmp_path / "referentie"), stdout=StringIO())
    assert Provider.objects.count() == 120
    assert Municipality.objects.count() == 20
    household = Product.objects.filter(code="01A01").order_by("valid_to")
    assert [product.tariff for product in household] == [3_492, 3_649]
    assert household[0].weight == 1
