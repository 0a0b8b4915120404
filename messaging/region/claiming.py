"""What a provider claims, month by month: lines per allocation and product period."""

from collections.abc import Iterator
from random import Random

from messaging.region.days import add_months, month_of
from messaging.region.model import Care, Line
from messaging.region.products import DAY, EUROCENT, HOUR, MINUTE, PER_MONTH, TOTAL
from messaging.region.streams import occurrences
from messaging.region.world import World

START_SHARES = (0.5, 0.6, 0.7)
HIGH_SHARES = (0.75, 0.8, 0.9, 1.0)
PAID_AFTER_DROPOUT = 0.35
Claimed = tuple[int, Line]  # first day of the month in which it is claimed


def claimed(world: World, rng: Random, care: Care) -> Iterator[Claimed]:
    """The debit lines of one care with the month in which the provider claims them."""
    if care.begin is None or care.end is None:
        return
    lines = _arrangement(world, rng, care) if care.product.unit == EUROCENT else _volumes(world, rng, care)
    for line in lines:
        known = max(line.period[1], care.first_301)
        late = 0 if rng.random() >= care.provider.character.late else 1 + occurrences(rng, 0.5)
        yield add_months(known, 1 + late), line


def _product_period(care: Care, day: int) -> tuple[int, int]:
    """The calendar month cut off by the validity of the allocation (IV089)."""
    first, last = month_of(day)
    return max(first, care.first), min(last, max(care.final_last, care.first))


def _arrangement(world: World, rng: Random, care: Care) -> Iterator[Line]:
    """A part at the start, the rest at the end; after drop-out often nothing more."""
    price, begin, end = care.volume, care.begin or 0, care.end or 0
    high = rng.random() < care.provider.character.high_start
    share = rng.choice(HIGH_SHARES) if high else rng.choices(START_SHARES, (1, 2, 4))[0]
    first = price * int(share * 100) // 100
    if begin >= world.start:
        yield _euros(care, begin, first)
    rest = price - first
    if care.outcome == "uitval" and rng.random() >= PAID_AFTER_DROPOUT:
        rest = 0
    last_month = month_of(end)[0]
    if rest and end >= world.start and last_month > month_of(begin)[0] and last_month <= care.final_last:
        yield _euros(care, end, rest)


def _euros(care: Care, day: int, amount: int) -> Line:
    return Line(care, _product_period(care, day), amount, EUROCENT, None, amount)


def _volumes(world: World, rng: Random, care: Care) -> Iterator[Line]:
    """Per month what was delivered of the allocated volume."""
    first = month_of(max(care.begin or 0, world.start))[0]
    while first <= min(care.end or 0, world.until, care.final_last):
        days = _delivered_days(care, *month_of(first))
        volume = _volume(rng, care, days)
        if volume:
            yield priced(care, _product_period(care, first), volume)
        first = add_months(first, 1)


def _delivered_days(care: Care, first: int, last: int) -> int:
    begin, end = max(first, care.begin or 0), min(last, care.end or 0)
    days = max(0, end - begin + 1)
    if care.pause:
        days -= max(0, min(last, care.pause[1] - 1) - max(first, care.pause[0] + 1) + 1)
    return max(0, days)


def _volume(rng: Random, care: Care, days: int) -> int:
    product, part = care.product, care.provider.character.delivers
    if product.frequency == TOTAL:
        expected = care.volume * days / max(1, (care.end or 0) - (care.begin or 0) + 1)
    else:
        expected = care.volume * days / (30.4 if product.frequency == PER_MONTH else 7)
    if product.unit == DAY and care.volume == 7:
        return min(days, int(days * max(part, rng.uniform(0.9, 1.0)) + 0.5))
    return int(expected * min(1.0, rng.gauss(part, 0.06)) + 0.5)


def priced(care: Care, period: tuple[int, int], volume: int) -> Line:
    """Volume times tariff; minutes against the hourly tariff, rounded once (TR346)."""
    tariff, unit = care.product.tariff_on(period[0]), care.product.allocated_in
    if unit == MINUTE and care.product.unit == HOUR:
        return Line(care, period, volume, unit, (tariff + 30) // 60, (tariff * volume + 30) // 60)
    return Line(care, period, volume, unit, tariff, tariff * volume)
