"""What all tests share: the embedded servers with data of their own, reference data, a browser."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.portal import Portal
from tests.support.processes import assert_ended, children, named

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The reference data beside the project; without it the test is skipped."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("de referentiegegevens naast het project ontbreken")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; in CI a missing one is a failure, elsewhere the browser tests are skipped."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("geen Chromium gevonden: browsertests niet gedraaid")
    return str(found)


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    """An empty portal with servers of its own, for what must be killed or measured; leave it empty."""
    folder = Path(tempfile.mkdtemp(prefix="sdf-test-"))
    folder.chmod(0o711)
    portal = Portal(folder)
    yield portal
    portal.close()
    keepers = named("sdf_portal.keeper", str(folder))
    assert_ended(keepers.union(*map(children, keepers)))
    shutil.rmtree(folder)
