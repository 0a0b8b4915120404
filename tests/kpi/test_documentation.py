"""Documentation, definitions and contract name the same things."""

from pathlib import Path

from django.conf import settings

from kpi.calc.indicators import DEFINITIONS, MEASURES
from kpi.documentation import BLOCKS, pages


def test_the_documentation_is_that_of_the_definitions():
    folder: Path = settings.BASE_DIR / "docs" / "indicators"
    written = {path.name: path.read_text() for path in folder.glob("*.md")}
    assert written == pages(), "run manage.py document_indicators"


def test_there_are_sixteen_and_every_block_is_filled():
    assert [definition.number for definition in DEFINITIONS] == list(range(1, 17))
    for definition in DEFINITIONS:
        assert all(getattr(definition, name) for _, name in BLOCKS)
        assert sum(measure.headline for measure in definition.measures) == 1


def test_every_measure_of_the_contract_exists(shared_dir):
    text = (shared_dir / "domain" / "contracts.md").read_text()
    named = text.split("- `measure`: all names in `indicators.md` in code style: `", 1)[1].split("`", 1)[0].split()
    expected = {name for name in named if not name.endswith("_…")}
    assert expected <= set(MEASURES)
    for prefix in (name.removesuffix("…") for name in named if name.endswith("_…")):
        assert any(code.startswith(prefix) for code in MEASURES)
