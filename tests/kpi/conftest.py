"""What tests of figures share: a small region, whose files are made once."""

from pathlib import Path

import pytest

from kpi.models import Run
from tests.support.small_region import compute_region, write_region


@pytest.fixture(scope="session")
def small_region(tmp_path_factory) -> Path:
    """The files of the region; leave them as they are."""
    out = tmp_path_factory.mktemp("region") / "region"
    write_region(out)
    return out


@pytest.fixture
def small_region_run(db, small_region) -> Run:
    """Its figures."""
    return compute_region(small_region)
