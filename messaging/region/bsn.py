"""The test BSNs 9999xxxxx that pass the 11-check; no such number is ever given to a person."""

from collections.abc import Iterator

PREFIX = "9999"
AVAILABLE = 9_091  # of the 100,000 numbers with this prefix


def passes(number: str) -> bool:
    """The 11-check: nine digits weighted 9…2 and −1 add up to a multiple of eleven."""
    weighted = sum(int(digit) * weight for digit, weight in zip(number, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    return weighted % 11 == 0


def numbers() -> Iterator[str]:
    """All test BSNs in ascending order."""
    return (number for tail in range(100_000) if passes(number := f"{PREFIX}{tail:05d}"))
