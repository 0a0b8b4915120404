"""Requests (315, 317), their answers (319) and allocations (301) of one client."""

from itertools import groupby
from random import Random

from messaging.region.days import after_workdays, working_day
from messaging.region.model import Answer, Care, Message, Request, Version
from messaging.region.outcomes import DECEASED, EXTENDED, MERGED, MOVED, SHORTENED, SWITCHED, WITHDRAWN
from messaging.region.streams import skewed_days
from messaging.region.traffic import Post
from messaging.region.world import World

REASONS = {EXTENDED: "04", SHORTENED: "05", MOVED: "07", DECEASED: "02", MERGED: "11"}
REFUSED = 0.04  # of requests, before one that is granted
INVESTIGATED = 0.06
CORRECTED = 0.015
Event = tuple[int, Version]


def allocate(post: Post, rng: Random, cares: list[Care]) -> None:
    """Sends everything up to and including the allocations; sets ``first_301`` and ``reference`` of each care."""
    for position, care in enumerate(cares, 1):
        care.first_301 = _decision_day(post, rng, care, position)
    events = [event for care in cares for event in _versions(post.world, rng, care)]
    events.sort(key=lambda event: (*_relation(event[1].care), event[0], event[1].care.first))
    for _, group in groupby(events, key=lambda event: _relation(event[1].care)):
        _send(post, rng, list(group))


def _relation(care: Care) -> tuple[str, str, str]:
    return care.wet, care.municipality.code, care.provider.agb


def _message(soort: str, day: int, care: Care, *records: object) -> Message:
    return Message(soort, *_relation(care), working_day(day), person=care.person, records=records)


def _decision_day(post: Post, rng: Random, care: Care, position: int) -> int:
    """The day of the first 301; sends the request when there is one."""
    if care.asked_in == "317" and (day := _by_change_request(post, rng, care, position)):
        return day
    if care.asked_in == "315":
        return _by_request(post, rng, care, position)
    early = rng.triangular(-4, 18, 6)
    return _not_before_start(post.world, rng, care.first - int(early))


def _not_before_start(world: World, rng: Random, day: int) -> int:
    """Care that was running already is allocated anew in the first days of the region."""
    return working_day(day if day >= world.start else world.start + rng.randint(0, 9))


def _by_request(post: Post, rng: Random, care: Care, position: int) -> int:
    day = _not_before_start(post.world, rng, care.first - int(rng.triangular(-6, 24, 9)))
    if post.world.modern and rng.random() < REFUSED:
        day = _refused_first(post, rng, care, position, day)
    care.reference = f"VOT{care.person.number:05d}{position:02d}"
    accepted = post.send(rng, _message("315", day, care, Request(care, care.reference)))
    decided = after_workdays(accepted, max(1, skewed_days(rng, care.municipality.decides_in)))
    if post.world.modern and rng.random() < INVESTIGATED:
        answered = after_workdays(accepted, rng.randint(2, 5))
        post.send(rng, _message("319", answered, care, Answer(care.reference, "2")))
        decided = after_workdays(answered, rng.randint(10, 30))
    return decided


def _refused_first(post: Post, rng: Random, care: Care, position: int, day: int) -> int:
    """A request that the municipality rejects, before the one that it grants."""
    reference = f"VOT{care.person.number:05d}{position:02d}A"
    accepted = post.send(rng, _message("315", day, care, Request(care, reference)))
    rejected = after_workdays(accepted, max(1, skewed_days(rng, care.municipality.decides_in)))
    reason = rng.choice("1234467")
    return after_workdays(post.send(rng, _message("319", rejected, care, Answer(reference, "1", reason))), 2)


def _by_change_request(post: Post, rng: Random, care: Care, position: int) -> int:
    """A 317 beside the allocation that ends; 0 when it would come too early."""
    beside = care.follows
    day = care.first - rng.randint(10, 30)
    if beside is None or _relation(beside) != _relation(care):
        return 0
    if working_day(day) >= care.first or day <= max(beside.first_301, post.world.start) + 5:
        return 0
    care.reference = f"VOW{care.person.number:05d}{position:02d}"
    accepted = post.send(rng, _message("317", day, care, Request(care, care.reference, beside)))
    return after_workdays(accepted, max(1, skewed_days(rng, care.municipality.decides_in)))


def _versions(world: World, rng: Random, care: Care) -> list[Event]:
    """The versions of an allocation with the days on which they are sent."""
    day = care.first_301
    changed_on = working_day(_change_day(world, rng, care)) if care.change else 0
    changes = bool(care.change) and changed_on > day
    decided_last = care.last if changes or care.change == WITHDRAWN else care.final_last
    first_last = None if care.open_ended else decided_last
    events = [(day, _version(rng, care, day, first_last, "", care.reference))]
    if rng.random() < CORRECTED:
        later = working_day(day + rng.randint(2, 15))
        if not changes or later < changed_on:
            events.append((later, _version(rng, care, later, first_last, "14" if world.modern else "01", "")))
    if changes:
        events.append((changed_on, _version(rng, care, changed_on, care.changed_last, _reason(world, care), "")))
    return events


def _version(rng: Random, care: Care, day: int, last: int | None, reason: str, reference: str) -> Version:
    time = f"{rng.randint(8, 17):02d}:{rng.randint(0, 59):02d}:{rng.randint(0, 59):02d}"
    return Version(care, day - (rng.random() < 0.3), time, last, reason, reference)


def _reason(world: World, care: Care) -> str:
    if care.change == WITHDRAWN:
        return "13" if world.modern else "01"  # 01 with equal dates withdraws up to release 3.0
    return "09" if care.change == SHORTENED and care.outcome == SWITCHED else REASONS[care.change]


def _change_day(world: World, rng: Random, care: Care) -> int:
    end = care.end or care.last
    if care.change == EXTENDED:
        return care.last - rng.randint(4, 24)
    if care.change == WITHDRAWN:
        return care.first_301 + rng.randint(8, 45)
    if care.change == MERGED:
        return world.merger + rng.randint(-8, 12)
    return end + (rng.randint(-5, 12) if care.change == MOVED else rng.randint(3, 22))


def _runs(version: Version, day: int) -> bool:
    return version.last is None or version.last >= day


def _send(post: Post, rng: Random, events: list[Event]) -> None:
    """A 301 per day: what is new or changed, and what else the client has at this provider (OP087)."""
    current: dict[int, Version] = {}
    for day, group in groupby(events, key=lambda event: event[0]):
        changed = {id(version.care): version for _, version in group}
        others = (version.again() for key, version in current.items() if key not in changed and _runs(version, day))
        records = (*changed.values(), *others)
        accepted = post.send(rng, _message("301", day, records[0].care, *records))
        for key, version in changed.items():
            if version.care.first_301 == day:
                version.care.first_301 = accepted
            if version.care.change == WITHDRAWN and version.reason:
                current.pop(key, None)
            else:
                current[key] = version
