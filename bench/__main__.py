"""``make bench``: every benchmark, as ratios."""

import sys
import tempfile
from pathlib import Path

from bench import ingest, national, pages
from bench.workbench import Workbench


def main() -> None:
    """Run the benchmarks named on the command line, or all."""
    wanted = sys.argv[1:] or ["ingest", "national", "pages"]
    with tempfile.TemporaryDirectory(prefix="sdf-bench-") as folder:
        bench = Workbench(Path(folder))
        for name, module in (("ingest", ingest), ("national", national), ("pages", pages)):
            if name in wanted:
                module.run(bench)


if __name__ == "__main__":
    main()
