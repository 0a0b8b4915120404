"""Seeded randomness: every part of the region draws from its own stream, so that one part never moves another."""

import math
from random import Random


def stream(*names: object) -> Random:
    """A generator that depends only on ``names`` (the seed first)."""
    return Random("/".join(map(str, names)))  # noqa: S311


def skewed_days(rng: Random, mean: float) -> int:
    """Whole days of waiting or delay: mostly around ``mean``, sometimes much longer."""
    return int(rng.gammavariate(2.2, mean / 2.2) + 0.5)


def occurrences(rng: Random, rate: float) -> int:
    """A Poisson count (Knuth's method; only for small rates)."""
    limit, count, product = math.exp(-rate), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count
