"""The official XSDs beside the project, where a machine has them."""

from functools import lru_cache
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).resolve().parents[3]
STANDARDS = ROOT.parent / "shared" / "istandaarden"
CODES = {"302": ("437", "415"), "306": ("439", "419"), "308": ("441", "421"), "316": ("447", "445")} | {
    "318": ("487", "481"),
    "320": ("489", "483"),
    "325": ("491", "485"),
}


@lru_cache(maxsize=100)
def schema(family: str, standard: str, soort: str, borrowed: Path) -> etree.XMLSchema:
    """The schema of a message type; for iWmo 3.2 returns, which were not published here, the iJw one made iWmo.

    Those have the same elements (FIELDS.md, "JW and WMO versions are structurally identical").
    """
    own = STANDARDS / f"{family}-{standard}" / "xsd" / f"{'JW' if family == 'ijw' else 'WMO'}{soort}.xsd"
    if own.exists():
        return etree.XMLSchema(etree.parse(own))
    youth = (STANDARDS / f"ijw-{standard}" / "xsd" / f"JW{soort}.xsd").read_text("utf-8")
    text = youth.replace("ijw/", "iwmo/").replace(f"jw{soort}", f"wmo{soort}").replace("JW", "WMO")
    text = text.replace(f'"{CODES[soort][0]}"', f'"{CODES[soort][1]}"')
    base = (own.parent / "basisschema.xsd").read_bytes()
    (borrowed / "basisschema.xsd").write_bytes(base)
    path = borrowed / f"WMO{soort}.xsd"
    path.write_text(text, "utf-8")
    return etree.XMLSchema(etree.parse(path))
