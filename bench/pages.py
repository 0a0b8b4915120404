"""Pages against a bare page (the glossary: a login, the menu and no figures), the first time, again, and under load."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.workbench import ROOT, Workbench, title

CLIENTS, MONTHS = 3000, 24


def run(bench: Workbench) -> None:
    """Print the ratios for the overview and the provider list of a whole region."""
    title("Pages (a bare page = 1)")
    region = bench.region(CLIENTS, MONTHS)
    data_dir = bench.folder / f"data-{CLIENTS}"
    bench.manage(data_dir, "load_reference", str(region / "referentie"))
    bench.manage(data_dir, "ingest", str(region / "berichten"))
    bench.manage(data_dir, "compute")
    bench.manage(data_dir, "collectstatic", "--noinput", "-v0")
    for label, ratio in (_told(bench, data_dir) | _under_load(bench, data_dir)).items():
        goal = "<= 45.00" if label.endswith("first time") else "<= 3.00"
        print(f"  {label:<58} {ratio:8.2f}   goal {goal}", flush=True)


def _told(bench: Workbench, data_dir: Path) -> dict[str, Any]:
    script = (ROOT / "bench" / "in_portal.py").read_text()
    return bench.manage(data_dir, "shell", "-v0", "-c", script, json_line=True)


def _under_load(bench: Workbench, data_dir: Path) -> dict[str, Any]:
    """The slower of two processes that ask at the same time."""
    os.environ["BENCH_AGAIN"] = "1"
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: _told(bench, data_dir), range(2)))
    del os.environ["BENCH_AGAIN"]
    return {label: max(told[label] for told in both) for label in both[0]}
