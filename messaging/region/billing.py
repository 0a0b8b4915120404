"""Claims (303, 323) per provider, municipality and month, and what the municipality answers (304, 325)."""

from collections import defaultdict
from dataclasses import replace
from random import Random

from messaging.region.claiming import Claimed, priced
from messaging.region.days import add_months, after_workdays, working_day
from messaging.region.model import Care, Line, Message
from messaging.region.products import EUROCENT
from messaging.region.streams import skewed_days, stream
from messaging.region.traffic import Post

Key = tuple[str, str, str]  # law, municipality, provider
LINE_CODES = ("9321", "9307", "9308", "0611", "9322")
CREDITED = 0.012
CLAIMED_AGAIN = 0.65


class Ledger:
    """All claim lines by relation and by the month in which they are claimed."""

    def __init__(self) -> None:
        self.months: dict[Key, dict[int, list[Line]]] = defaultdict(lambda: defaultdict(list))

    def add(self, care: Care, month: int, line: Line) -> None:
        self.months[care.wet, care.municipality.code, care.provider.agb][month].append(line)

    def extend(self, claimed: list[Claimed]) -> None:
        for month, line in claimed:
            self.add(line.care, month, line)


def settle(post: Post, ledger: Ledger) -> None:
    """Sends all claims and answers, relation by relation."""
    for key in sorted(ledger.months):
        rng = stream(post.world.seed, "claims", *key)
        month = post.world.start
        while month <= post.world.until:
            lines = ledger.months[key].get(month)
            if lines:
                _claim(post, rng, ledger, key, month, sorted(lines, key=_place))
            month = add_months(month, 1)


def _place(line: Line) -> tuple[int, int, int, int, str]:
    """Per client, credits before debits (OP366)."""
    return line.care.person.number, line.care.first, line.care.last, line.period[0], line.sign


def _claim(post: Post, rng: Random, ledger: Ledger, key: Key, month: int, lines: list[Line]) -> None:
    character = post.world.provider_of[key[2]].character
    day = working_day(month + character.claims_on - 1 + rng.randint(0, 4))
    claim = _message(post, key, month, day, lines)
    post.add(claim)
    if rng.random() < post.world.municipalities[key[1]].silent:
        return
    if rng.random() < character.faults * 0.3:
        _refused_whole(post, rng, key, month, claim)
        return
    _judge(post, rng, key, claim)
    _corrections(post, rng, ledger, month, claim)


def _message(post: Post, key: Key, month: int, day: int, lines: list[Line]) -> Message:
    period = (add_months(month, -1), month - 1)
    return Message("323" if post.world.modern else "303", *key, day, records=tuple(lines), period=period)


def _answer(post: Post, rng: Random, claim: Message, level: str = "", code: str = "") -> int:
    pays_in = post.world.municipalities[claim.municipality].pays_in
    day = after_workdays(claim.day, 1 + skewed_days(rng, pays_in - 1))
    key = (claim.wet, claim.municipality, claim.provider)
    soort = "325" if claim.soort == "323" else "304"
    post.add(Message(soort, *key, day, answers=claim, level=level, code=code))
    return day


def _refused_whole(post: Post, rng: Random, key: Key, month: int, claim: Message) -> None:
    """A claim that counts as not sent; it comes again with new numbers."""
    refusals = (
        (("header", "0001"), ("answer", "9333")) if post.world.modern else (("header", "0001"), ("header", "0030"))
    )
    refused_on = _answer(post, rng, claim, *rng.choice(refusals))
    again = [replace(line) for line in claim.records]
    renewed = _message(post, key, month, after_workdays(refused_on, rng.randint(2, 6)), again)
    post.add(renewed)
    _answer(post, rng, renewed)


def _judge(post: Post, rng: Random, key: Key, claim: Message) -> None:
    """Marks the lines that are not granted in full; the claim is answered in ``_corrections``."""
    rate = 0.002 + 0.35 * post.world.provider_of[key[2]].character.faults
    for line in claim.records:
        if line.sign == "D" and line.amount and rng.random() < rate:
            line.code = rng.choice(LINE_CODES)
            partly = not post.world.modern and rng.random() < 0.6
            line.granted = int(line.amount * rng.uniform(0.5, 0.95)) if partly else 0


def _corrections(post: Post, rng: Random, ledger: Ledger, month: int, claim: Message) -> None:
    """Refused lines are claimed anew; a few granted ones are credited and claimed right."""
    answered = _answer(post, rng, claim)
    for line in claim.records:
        if line.sign == "C":
            continue
        if line.code:
            if line.granted == 0 and rng.random() < CLAIMED_AGAIN:
                ledger.add(line.care, add_months(answered, 1), replace(line, code="", granted=None))
        elif line.previous is None and rng.random() < CREDITED:
            later = max(add_months(answered, 1), add_months(month, 2))
            ledger.add(line.care, later, replace(line, sign="C", previous=line))
            ledger.add(line.care, later, _corrected(rng, line))


def _corrected(rng: Random, line: Line) -> Line:
    """The same period with less volume; its reference to the old line is empty (CD060)."""
    if line.unit == EUROCENT:
        amount = int(line.amount * rng.uniform(0.6, 0.95))
        return replace(line, volume=amount, amount=amount)
    return priced(line.care, line.period, max(1, int(line.volume * rng.uniform(0.5, 0.95))))
