"""What may be shown about others: small counts, shares and amounts that would tell of a person.

Numbers 1 to 9 are "less than ten", other counts go to the nearest 5; a share needs a denominator of at least 10; an
amount at least 10 clients of whom the largest has at most half. The cells that follow from totals are protected in
``disclosure_tables``. Zero is shown: it tells of nobody.
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
    clients: int = 10  # behind an amount
    largest: Fraction = Fraction(1, 2)  # of an amount, for its largest client

    def __post_init__(self) -> None:
        if not 1 <= self.nearest <= self.smallest:
            raise ValueError("rounding must not be coarser than the smallest count: it would show 0 for a count")


DEFAULT = Thresholds()


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


def shown_amount(amount: int, clients: int, largest: int, thresholds: Thresholds = DEFAULT) -> int | Hidden:
    """An amount (eurocents) of so many clients, the largest of whom has ``largest``.

    A negative balance has no meaningful largest share and stays hidden.
    """
    if amount == 0 and clients == 0:
        return 0
    few = clients < thresholds.clients
    return Hidden.PROTECTED if few or abs(largest) > thresholds.largest * amount else amount


def shown_mean(
    amount: int, cases: int, clients: int, largest: int, thresholds: Thresholds = DEFAULT
) -> Fraction | Hidden:
    """An amount per case, under the rules for amounts and for denominators; of the rounded number of cases."""
    shown, number = shown_amount(amount, clients, largest, thresholds), shown_count(cases, thresholds)
    if isinstance(shown, Hidden) or isinstance(number, Hidden) or number == 0:
        return Hidden.PROTECTED
    return Fraction(shown, number)
