"""Ingest and compute against the bare parse of the same files, and how the cost grows."""

from pathlib import Path

from lxml import etree

from bench.workbench import Workbench, seconds, show, title

MONTHS = 24
SIZES = (300, 3000)


def run(bench: Workbench) -> None:
    """Print the ratios for a region and for one of ten times its size."""
    title("Ingest and compute (bare lxml parse of the same files by one process = 1)")
    small, large = (_measure(bench, clients) for clients in SIZES)
    show("speed of the first ingest", large["bare"] / large["ingest"], ">= 0.50")
    show("time of a repeated ingest over the first", large["again"] / large["ingest"], "<= 0.50")
    show("time of a full compute over the bare parse", large["compute"] / large["bare"])
    growth = large["messages"] / small["messages"]
    show("messages of the larger region over the smaller", growth)
    show("ingest time grew, per message", large["ingest"] / small["ingest"] / growth, "<= 1.40")
    show("compute time grew, per message", large["compute"] / small["compute"] / growth, "<= 1.40")


def _measure(bench: Workbench, clients: int) -> dict[str, float]:
    region = bench.region(clients, MONTHS)
    data_dir = bench.folder / f"data-{clients}"
    messages = region / "berichten"
    bench.manage(data_dir, "load_reference", str(region / "referentie"))
    first = bench.manage(data_dir, "ingest", str(messages), "--json", json_line=True)
    again = bench.manage(data_dir, "ingest", str(messages), "--json", json_line=True)
    computed = bench.manage(data_dir, "compute", "--json", json_line=True)
    return {
        "bare": seconds(lambda: _parse_all(messages), times=2),
        "ingest": first["seconds"],
        "again": again["seconds"],
        "compute": computed["seconds"],
        "messages": first["messages"],
    }


def _parse_all(folder: Path) -> None:
    for path in folder.rglob("*.xml"):
        etree.fromstring(path.read_bytes())  # noqa: S320 - our own files
