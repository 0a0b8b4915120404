"""Pages against a bare Django view, when the run is unchanged and the first time."""

from bench.workbench import ROOT, Workbench, title

CLIENTS, MONTHS = 3000, 24


def run(bench: Workbench) -> None:
    """Print the ratios for the overview and the provider list of a whole region."""
    title("Pages (a bare Django view = 1)")
    region = bench.region(CLIENTS, MONTHS)
    data_dir = bench.folder / f"data-{CLIENTS}"
    bench.manage(data_dir, "load_reference", str(region / "referentie"))
    bench.manage(data_dir, "ingest", str(region / "berichten"))
    bench.manage(data_dir, "compute")
    bench.manage(data_dir, "collectstatic", "--noinput", "-v0")
    told = bench.manage(data_dir, "shell", "-v0", "-c", (ROOT / "bench" / "in_portal.py").read_text(), json_line=True)
    for label, ratio in told.items():
        goal = "<= 3.00" if label.endswith("again") else "<= 45.00"
        print(f"  {label:<58} {ratio:8.2f}   goal {goal}", flush=True)
