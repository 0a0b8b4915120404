"""What all tests share: the embedded servers with data of their own, reference data, a browser."""

import os
import shutil
from pathlib import Path

import pytest

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
