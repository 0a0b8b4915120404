"""The commands: what they print and what they refuse."""

import json

import pytest
from django.core.management import CommandError, call_command

from kpi.models import Run, RunState

pytestmark = pytest.mark.django_db
HEAD = "measure,period,scope,domain,municipality,provider,product,referrer,delivery_form,detail"
HEAD += ",numerator,denominator,value"


def test_without_messages_there_are_no_values_and_no_fault(capsys, tmp_path):
    call_command("compute", "--as-of", "2026-03-31", "--json")
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["as_of"], told["values"]) == ("2026-03-31", 0)
    assert Run.objects.get().state == RunState.CURRENT
    out = tmp_path / "uit.csv"
    call_command(
        "export_indicators", "--as-of=2026-03-31", "--period=month", "--from=2025-01", "--to=2025-03", f"--out={out}"
    )
    assert out.read_text().splitlines() == [HEAD]
    call_command("export_kraljic", "--as-of=2026-03-31", f"--out={out}")
    assert len(out.read_text().splitlines()) == 1


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["compute", "--from=2026-13"], "“2026-13” is geen periode. Schrijf haar als 2025-03."),
        (["compute", "--as-of=gisteren"], "“gisteren” is geen datum. Schrijf haar als 2026-03-31."),
        (
            [
                "export_indicators",
                "--as-of=2026-01-01",
                "--period=quarter",
                "--from=2025-01",
                "--to=2025-Q2",
                "--out=x",
            ],
            "“2025-01” is geen periode. Schrijf haar als 2025-Q1.",
        ),
        (
            [
                "export_indicators",
                "--as-of=2026-01-01",
                "--period=year",
                "--from=2025",
                "--to=2025",
                "--out=/weg/x.csv",
            ],
            "De map /weg bestaat niet. Maak haar eerst.",
        ),
        (["export_kraljic", "--as-of=2026-01-01", "--out=/weg/x.csv"], "De map /weg bestaat niet. Maak haar eerst."),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_computed(command, sentence):
    with pytest.raises(CommandError) as caught:
        call_command(*command)
    assert sentence in str(caught.value)
    assert not Run.objects.exists()
