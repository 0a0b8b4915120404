"""Starts (305) and stops (307) as the provider reports them."""

from random import Random

from messaging.region.days import after_workdays
from messaging.region.model import Care, Message, Start, Stop
from messaging.region.products import JEUGDWET
from messaging.region.streams import skewed_days
from messaging.region.traffic import Post

MISSED_START = 0.006
CORRECTED_START = 0.02
CORRECTED_STOP = 0.015
STRAGGLERS = 0.012  # found weeks later
TEMPORARY = "20"


def report(post: Post, rng: Random, care: Care) -> None:
    """Sends the starts and stops of one care."""
    if care.begin is None or care.end is None:
        return
    sent = _start(post, rng, care)
    begin = care.begin
    if care.pause:
        last_before, begin = care.pause
        sent = _send(post, rng, care, "307", max(last_before, sent), Stop(care, care.begin, TEMPORARY, last_before))
        sent = _send(post, rng, care, "305", max(begin, sent), Start(care, begin))
    if rng.random() >= care.provider.character.forgets:
        _stop(post, rng, care, begin, max(care.end, sent))


def _send(post: Post, rng: Random, care: Care, soort: str, after: int, *records: object) -> int:
    """Sends some working days after ``after``; the day on which it was accepted."""
    delay = skewed_days(rng, care.provider.character.reports_in)
    if rng.random() < STRAGGLERS:
        delay += rng.randint(12, 45)
    day = after_workdays(after, delay)
    message = Message(
        *(soort, care.wet, care.municipality.code, care.provider.agb, day), person=care.person, records=records
    )
    return post.send(rng, message)


def _start(post: Post, rng: Random, care: Care) -> int:
    begin = care.begin or care.first
    known = max(begin, care.first_301)
    if rng.random() < MISSED_START:
        return known
    if rng.random() >= CORRECTED_START:
        return _send(post, rng, care, "305", known, Start(care, begin))
    wrong = begin - rng.randint(1, 6)
    sent = _send(post, rng, care, "305", known, Start(care, wrong))
    return _send(post, rng, care, "305", sent + rng.randint(1, 9), Start(care, wrong, "3"), Start(care, begin))


def _stop(post: Post, rng: Random, care: Care, begin: int, known: int) -> None:
    end = care.end or care.last
    right = Stop(care, begin, care.reason, end)
    if rng.random() >= CORRECTED_STOP:
        _send(post, rng, care, "307", known, right)
        return
    mistaken = "31" if care.wet == JEUGDWET else "19"
    wrong = Stop(care, begin, mistaken if mistaken != care.reason else "02", end)
    sent = _send(post, rng, care, "307", known, wrong)
    removed = Stop(care, begin, wrong.reason, end, "3")
    _send(post, rng, care, "307", sent + rng.randint(2, 20), removed, right)
