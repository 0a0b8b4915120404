"""All indicators of a national year, against straight SQL on DuckDB over the same records, and how the cost grows.

Both are measured in processor seconds in a process of their own: the portal divides its clients over as many workers
as there are cores and DuckDB its rows over as many threads, so that both keep all cores busy. The calculation counts a
region at a time and puts the parts together, as the workers do with their shares of the clients.
"""

import json
import resource
import subprocess
import sys
import time

from bench.nation import AS_OF, REGIONS, catalogue, region
from bench.workbench import ROOT, Workbench, show, title
from kpi.calc.parameters import DEFAULT
from kpi.calc.part import part_of, together
from kpi.calc.periods import periods
from kpi.calc.scopes import SCOPES
from kpi.calc.state import build_state
from kpi.calc.values import Asked, finished

SIZES = (1, 10)  # regions
SHARE = 0.1  # of the people of each: ten regions are as many people as one, in the places of a quarter of the nation
PERIODS = [
    *periods("month", "2025-01", "2025-12"),
    *periods("quarter", "2025-Q1", "2025-Q4"),
    *periods("year", "2025", "2025"),
]
MEMORY_GOAL = 6.0  # GB
Measured = dict[str, float]


def run(bench: Workbench) -> None:
    """Print the ratios for one region and for ten, each with a share of its people."""
    title(
        f"All indicators of a year (straight SQL on DuckDB = 1; {SIZES[1]} regions are 1/{REGIONS // SIZES[1]} nation)"
    )
    small, large = ({way: _measure(way, size) for way in ("calculated", "straight")} for size in SIZES)
    for size, found in zip(SIZES, (small, large), strict=True):
        show(f"time for {size} region(s)", found["calculated"]["seconds"] / found["straight"]["seconds"], "<= 2.00")
        if found["calculated"]["rows"] != found["straight"]["rows"]:
            raise SystemExit("the two tables have different rows")
    show("peak memory, GB", large["calculated"]["gigabytes"], f"<= {MEMORY_GOAL:.2f}")
    show(
        "time grew, for ten times the data", large["calculated"]["seconds"] / small["calculated"]["seconds"], "<= 14.00"
    )


def _measure(way: str, regions: int) -> Measured:
    command = [sys.executable, "-m", "bench.national", way, str(regions)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)  # noqa: S603 - our own module
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    found: Measured = json.loads(done.stdout.splitlines()[-1])
    return found


def calculated(regions: int) -> Measured:
    """The calculation, without the making of the records."""
    asked = Asked(PERIODS, tuple(SCOPES), AS_OF, DEFAULT)
    parts, seconds = [], 0.0
    for number in range(regions):
        records, reference = region(number, SHARE)
        started = time.process_time()
        parts.append(part_of(build_state(records, reference, AS_OF), PERIODS, asked.scopes))
        seconds += time.process_time() - started
    started = time.process_time()
    blocks = finished(together(parts).sums, asked)  # one scope at a time, as they are written
    rows = sum(int(block["shown"].sum()) for block in blocks)
    return _measured(seconds + time.process_time() - started, rows)


def straight(regions: int) -> Measured:
    """The same in SQL, without the making and loading of the records."""
    from bench.straight import Straight

    database = Straight(catalogue(), AS_OF, PERIODS)
    for number in range(regions):
        database.add(region(number, SHARE)[0])
    started = time.process_time()
    database.compute()
    return _measured(time.process_time() - started, database.count())


def _measured(seconds: float, rows: int) -> Measured:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return {"seconds": seconds, "gigabytes": peak, "rows": rows}


if __name__ == "__main__":
    ways = {"calculated": calculated, "straight": straight}
    print(json.dumps(ways[sys.argv[1]](int(sys.argv[2]))))
