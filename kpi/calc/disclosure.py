"""What may be shown about others: small counts and shares that would tell of a person.

Numbers 1 to 9 are "less than ten", other counts go to the nearest 5; a share needs a denominator of at least 10. The
cells that follow from totals are protected in ``disclosure_tables``. Zero is shown: it tells of nobody. Amounts of
others are not shown at all: a run does not keep how much of an amount is its largest client's.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Hidden(StrEnum):
    """What stands where a figure is not shown."""

    SMALL = "klein"  # a count of 1 up to the threshold: shown as "< 10"
    PROTECTED = "afgeschermd"


@dataclass(frozen=True, slots=True)
class Thresholds:
    smallest: int = 10  # counts from here on are shown
    nearest: int = 5  # and rounded to a multiple of this

    def __post_init__(self) -> None:
        if not 1 <= self.nearest <= self.smallest:
            raise ValueError("rounding must not be coarser than the smallest count: it would show 0 for a count")


DEFAULT = Thresholds()
# What only the messages of other municipalities tell: where movers got care next. It is a count of theirs, mostly one.
OF_OTHERS = ("uitstroom_verhuisd",)


def is_small(count: int, thresholds: Thresholds = DEFAULT) -> bool:
    return 0 < count < thresholds.smallest


def shown_count(count: int, thresholds: Thresholds = DEFAULT) -> int | Hidden:
    """A count as others may see it."""
    if count < 0:
        raise ValueError("a count is not negative")
    if is_small(count, thresholds):
        return Hidden.SMALL
    return (2 * count + thresholds.nearest) // (2 * thresholds.nearest) * thresholds.nearest


def shown_share(numerator: int, denominator: int | None, thresholds: Thresholds = DEFAULT) -> Fraction | Hidden:
    """A share of counts, made of the rounded counts: the exact one would tell what was rounded away.

    A small numerator is not shown through its share either.
    """
    if denominator is None or denominator < thresholds.smallest:
        return Hidden.PROTECTED
    top, bottom = shown_count(numerator, thresholds), shown_count(denominator, thresholds)
    if isinstance(top, Hidden) or isinstance(bottom, Hidden):
        return Hidden.SMALL
    return Fraction(top, bottom)
