"""A region that came as CSV gives the figures of the same region that came as messages."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection

from kpi import actions
from kpi.models import Value
from messaging.inserting import TABLES
from messaging.models import Rejection
from messaging.region.build import build
from messaging.region.writing import write
from tests.support.exports import write_exports

pytestmark = pytest.mark.django_db
UNTIL = dt.date(2026, 6, 30)


@pytest.fixture(scope="module", params=["3.2", "2.3"])
def region(request, tmp_path_factory):
    """A small region as messages and as exports, with and without what names the message."""
    out = tmp_path_factory.mktemp("region")
    made = build(clients=30, months=8, seed=5, until=UNTIL, standard=request.param)
    write(made, out / "xml", zipped=True)
    return {
        "reference": out / "xml" / "referentie",
        "messages": [out / "xml" / "berichten.zip"],
        "exports": write_exports(made, out / "csv"),
        "unnamed": write_exports(made, out / "unnamed", without=("Berichtidentificatie",)),
    }


def figures(*paths):
    """Every value that these files give."""
    for table in (*TABLES.values(), "messaging_occurrence", "messaging_message"):
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
    for path in paths:
        call_command("ingest", str(path), verbosity=0)
    assert not Rejection.objects.exists()
    run = actions.compute(as_of=UNTIL)
    columns = [field.name for field in Value._meta.fields if field.name not in ("pk", "run")]
    return set(Value.objects.filter(run=run).values_list(*columns))


def test_csv_gives_the_figures_of_xml_and_both_together_count_once(region):
    call_command("load_reference", region["reference"], verbosity=0)
    expected = figures(*region["messages"])
    assert len(expected) > 500
    assert figures(*region["exports"]) == expected
    assert figures(*region["unnamed"], *region["exports"], *region["messages"], *region["exports"]) == expected
