"""How long is searched: a short fixed round among all tests, a long random one with ``make fuzz`` (FUZZ=1)."""

import os

import pytest
from hypothesis import HealthCheck, settings

LONG = os.environ.get("FUZZ") == "1"
_common = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
searched = (
    settings(_common, max_examples=int(os.environ.get("FUZZ_EXAMPLES", "5000")))
    if LONG
    else settings(_common, max_examples=40, derandomize=True, database=None)
)
long_only = pytest.mark.skipif(not LONG, reason="alleen met make fuzz: hier gaan honderden megabytes om")
