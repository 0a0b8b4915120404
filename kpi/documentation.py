"""The documentation page of an indicator, from the definition that the portal itself shows."""

from kpi.calc.definition import Definition, OverTime
from kpi.calc.indicators import DEFINITIONS

HEAD = "<!-- Made by manage.py document_indicators from kpi/calc/indicators; change it there. -->"
BLOCKS = (
    ("Definitie", "definition"),
    ("Doel van het beleid", "policy_goal"),
    ("Hoe gemeten", "how_measured"),
    ("Formule", "formula"),
    ("Voorbeeld", "example"),
    ("Niveau", "level"),
    ("Informatie aan gemeenten", "information"),
    ("Wanneer handelen", "when_to_act"),
    ("Hoe sturen", "how_to_steer"),
    ("Verantwoordelijk", "responsible"),
)

OVER_TIME = {
    OverTime.ADDED: "optelbaar",
    OverTime.STOCK: "stand op de laatste dag",
    OverTime.DISTINCT: "niet: elke cliënt of elk traject telt één keer per periode",
    OverTime.SPREAD: "niet: volgt uit alle gevallen samen",
}


def pages() -> dict[str, str]:
    """Every page of ``docs/indicators`` by its file name."""
    return {"README.md": _contents()} | {file_name(definition): _page(definition) for definition in DEFINITIONS}


def file_name(definition: Definition) -> str:
    return f"{definition.number:02d}_{definition.code.replace('-', '_')}.md"


def _contents() -> str:
    lines = [f"{item.number}. [{item.name}]({file_name(item)}): {item.definition}" for item in DEFINITIONS]
    return "\n".join([HEAD, "# De 16 indicatoren", "", *lines, ""])


def _page(definition: Definition) -> str:
    parts = [HEAD, f"# {definition.number}. {definition.name}", ""]
    for title, name in BLOCKS:
        parts += [f"## {title}", "", getattr(definition, name), ""]
    parts += ["## Maten", "", "| maat | naam | eenheid | over maanden |", "|---|---|---|---|"]
    parts += [
        f"| `{measure.code}` | {measure.name} | {measure.unit.value} | {OVER_TIME[measure.over_time]} |"
        for measure in definition.measures
    ]
    return "\n".join([*parts, ""])
