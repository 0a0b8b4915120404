"""A data directory that the database's own account can reach, as a checkout is."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import assert_ended, children, named


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """An empty one; afterwards nothing of it may run any more."""
    folder = Path(tempfile.mkdtemp(prefix="sdf-test-"))
    folder.chmod(0o711)
    yield folder
    keepers = named("sdf_portal.keeper", str(folder))
    assert_ended(keepers.union(*map(children, keepers)))
    shutil.rmtree(folder)


@pytest.fixture
def other_data_dir(data_dir: Path) -> Iterator[Path]:
    folder = data_dir / "other"
    yield folder
    keepers = named("sdf_portal.keeper", str(folder))
    assert_ended(keepers.union(*map(children, keepers)))
