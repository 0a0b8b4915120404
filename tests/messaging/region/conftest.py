"""Small regions that the tests of the generator share."""

import datetime as dt
from functools import lru_cache

import pytest

from messaging.region.build import Region, build

UNTIL = dt.date(2026, 10, 31)


@lru_cache(maxsize=4)
def made(standard: str, clients: int = 400, months: int = 24, seed: int = 5) -> Region:
    return build(clients=clients, months=months, seed=seed, until=UNTIL, standard=standard)


@pytest.fixture(params=["2.3", "3.2"])
def region(request: pytest.FixtureRequest) -> Region:
    """The same 400 clients over two years in either release."""
    return made(request.param)
