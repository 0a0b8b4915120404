"""How one piece of care goes: when it starts, how long it lasts and how it ends."""

from random import Random

from messaging.region.days import month_of
from messaging.region.model import Care
from messaging.region.products import DOMAINS, EUROCENT, HERSTEL, JEUGDWET, PER_MONTH
from messaging.region.streams import skewed_days
from messaging.region.world import FORMER_CODES, World

SUCCESS, DROPOUT, DECEASED, MOVED, SWITCHED, ADMINISTRATIVE = (
    *("succes", "uitval", "overleden", "verhuisd", "overstap"),
    "administratief",
)
MERGED, WITHDRAWN, UNUSED = "herindeling", "ingetrokken", "ongebruikt"
EXTENDED, SHORTENED = "verlengd", "verkort"
DROPOUT_CODES = {JEUGDWET: (("32", "33", "34"), (40, 15, 45)), "wmo": (("21", "22", "23"), (50, 13, 37))}
NEVER_STARTED = 0.03
OPEN_ENDED = 0.25  # of what is allocated per month; per week a last day is compulsory (CD076)


def deliver(world: World, rng: Random, care: Care, waits: bool) -> None:
    """Fills in the allocation and its delivery; ``waits`` is false for care that follows at once."""
    product = care.product
    planned = max(21, int(product.days * rng.uniform(0.75, 1.3)))
    care.volume = product.price_on(care.first) if product.unit == EUROCENT else rng.choice(product.volumes)
    care.last = care.first + planned - 1
    if waits and rng.random() < NEVER_STARTED:
        _never_start(rng, care)
        return
    care.begin = care.first + (_waiting(rng, care) if waits else 0)
    care.last = max(care.last, care.begin + planned // 2)
    care.outcome = _outcome(rng, care)
    care.end = _end(rng, care, planned)
    care.reason = _reason(world, rng, care)
    _change(rng, care)
    _pause(rng, care)


def _never_start(rng: Random, care: Care) -> None:
    care.outcome = UNUSED
    if rng.random() < 0.65:
        care.outcome = care.change = WITHDRAWN
        care.changed_last = care.first


def _waiting(rng: Random, care: Care) -> int:
    usual = care.provider.character.wait * DOMAINS[care.product.domain].wait
    return skewed_days(rng, usual if care.wet == JEUGDWET else usual * 0.65)


def _outcome(rng: Random, care: Care) -> str:
    aged = (care.first - care.person.born) / 365.25
    chances = (
        (DROPOUT, care.provider.character.dropout * DOMAINS[care.product.domain].dropout),
        (DECEASED, 0.0005 if aged < 60 else 0.1 if aged > 80 else 0.04),
        (MOVED, 0.022),
        (SWITCHED, 0.018),
        (ADMINISTRATIVE, 0.03),
    )
    draw = rng.random()
    for outcome, chance in chances:
        if draw < chance:
            return outcome
        draw -= chance
    return SUCCESS


def _end(rng: Random, care: Care, planned: int) -> int:
    begin = care.begin or care.first
    if care.outcome == DROPOUT:
        return begin + int(planned * rng.triangular(0.05, 0.9, 0.3))
    if care.outcome != SUCCESS:
        return begin + int(planned * rng.uniform(0.1, 0.95))
    if care.product.kind == HERSTEL:
        return begin + int(planned * _stretch(rng))
    if rng.random() < 0.72:
        return care.last
    return begin + int((care.last - begin) * rng.uniform(0.5, 1.5))


def _stretch(rng: Random) -> float:
    """The length of finished recovery care relative to plan; now and then it drags on."""
    return rng.uniform(1.8, 3.2) if rng.random() < 0.025 else min(1.45, max(0.4, rng.gauss(0.93, 0.2)))


def _reason(world: World, rng: Random, care: Care) -> str:
    """The code of the stop. Releases before 3.0 know no 36–39: those stops got the nearest code there was."""
    youth = care.wet == JEUGDWET
    success, outside = ("31", "35") if youth else ("19", "23")
    if care.outcome == DROPOUT:
        codes, weights = DROPOUT_CODES[care.wet]
        return rng.choices(codes, weights)[0]
    if care.outcome == SUCCESS:
        return success
    if care.outcome == DECEASED:
        return "02"
    if care.outcome == MOVED:
        return "35" if youth else "31"
    if not world.modern:
        return outside
    if care.outcome == SWITCHED:
        return "38"
    return rng.choice(("36", "37", "39", "35" if youth else "36"))


def _change(rng: Random, care: Care) -> None:
    """What the municipality does with the allocation because of how it went."""
    end = care.end or care.last
    care.open_ended = care.product.frequency == PER_MONTH and rng.random() < OPEN_ENDED
    if care.open_ended:
        care.last = max(care.last, end)
    if care.outcome == MOVED:
        care.change, care.changed_last = MOVED, end
    elif end > care.last:
        care.change, care.changed_last = EXTENDED, max(end, month_of(end)[1])
    elif care.open_ended or end < care.last - 14 and rng.random() < (0.15 if care.product.kind == HERSTEL else 0.8):
        care.change, care.changed_last = DECEASED if care.outcome == DECEASED else SHORTENED, end


def _pause(rng: Random, care: Care) -> None:
    begin, end = care.begin or care.first, care.end or care.last
    if end - begin > 90 and rng.random() < 0.035:
        last_before = begin + int((end - begin) * rng.uniform(0.25, 0.6))
        care.pause = last_before, min(last_before + rng.randint(15, 60), end - 14)


def merge(world: World, care: Care) -> None:
    """Care that runs on the day of the merger ends at the former municipality the day before."""
    if care.municipality.code not in FORMER_CODES or care.begin is None or care.end is None:
        return
    if care.begin >= world.merger:
        care.municipality = world.municipality_on(care.municipality.code, world.merger)
        care.first = max(care.first, world.merger)
    elif care.end >= world.merger:
        care.outcome = care.change = MERGED
        care.end = care.changed_last = world.merger - 1
        care.reason = "36" if world.modern else "35" if care.wet == JEUGDWET else "23"
        if care.pause and care.pause[1] >= care.end:
            care.pause = None
