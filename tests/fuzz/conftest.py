"""How long is searched: a short fixed round with all tests, a long random one with ``make fuzz`` (FUZZ=1)."""

import os

import pytest
from hypothesis import HealthCheck, settings

LONG = os.environ.get("FUZZ") == "1"
common = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
settings.register_profile("fixed", common, max_examples=60, derandomize=True, database=None)
settings.register_profile("long", common, max_examples=int(os.environ.get("FUZZ_EXAMPLES", "5000")))


@pytest.fixture(autouse=True, scope="session")
def budget():
    before = settings.default
    settings.load_profile("long" if LONG else "fixed")
    yield
    settings.register_profile("before", before)
    settings.load_profile("before")


@pytest.fixture
def long_only() -> None:
    """For what takes minutes or hundreds of megabytes."""
    if not LONG:
        pytest.skip("alleen met make fuzz")
