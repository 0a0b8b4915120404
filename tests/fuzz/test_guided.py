"""Coverage-guided fuzzing of bytes, each kind of input in a process of its own."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fuzz.budget import long_only
from tests.fuzz.found import CASES
from tests.support.hostile import CSV_FILES, CSV_ROWS, HEAD, ROW, XML_FILES, ZIP_FILES, table, zipped
from tests.support.processes import ROOT
from tests.support.wild_messages import CLAIMS, LONG_CLAIMS, OFFICIAL

SECONDS = os.environ.get("FUZZ_SECONDS", "180")
LONGEST = 8_000
CORPUS = {
    "message": [*OFFICIAL, *(data for data, _ in XML_FILES.values())],
    "claim": [*CLAIMS, *LONG_CLAIMS],
    "pair": [data * 2 for data in OFFICIAL],
    "zip": [zipped(("a.xml", OFFICIAL[0])), *(data for data, _ in ZIP_FILES.values())],
    "csv": [table(HEAD, ROW), *(table(HEAD, row) for row, _ in CSV_ROWS.values()), *(d for d, _ in CSV_FILES.values())],
}


@long_only
@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris bestaat niet voor deze Python of dit systeem")
@pytest.mark.parametrize("target", CORPUS)
def test_nothing_that_is_reached_breaks(tmp_path, target):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, data in enumerate([*CORPUS[target], *(data for kind, data in CASES if kind == target)]):
        if isinstance(data, bytes) and len(data) <= LONGEST:
            (corpus / str(number)).write_bytes(data)
    limits = [f"-max_total_time={SECONDS}", f"-max_len={LONGEST}", "-timeout=20", "-rss_limit_mb=1500"]
    command = [sys.executable, "-m", "tests.fuzz.guided", target, str(corpus), *limits]
    done = subprocess.run(
        [*command, f"-artifact_prefix={tmp_path}/"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    broken = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert (done.returncode, broken) == (0, {}), done.stdout[-2000:] + done.stderr[-2000:]
    assert Path(corpus).exists()
