"""Indicators 1, 2, 3 and 6: mutations, relapse and duration."""

from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

from kpi.calc.periods import Period
from tests.support.naive.days import add_months, quantile
from tests.support.naive.delivery import AANSLUITING_DAGEN, Spell, Trajectory
from tests.support.naive.table import ScopeKey, Table, by_scope, within

UITSCHIETER_FACTOR = Fraction(3, 2)
DUUR_DOMEINEN = ("beschermd-wonen", "thuisplus")
BANDS = {"0_4": 4, "4_8": 8, "8_plus": 8}


def write(table: Table, world: Any, periods: list[Period]) -> None:
    herstel = [spell for spell in world.spells if spell.allocation.product.kind == "herstel"]
    followers = _mutations(herstel)
    _write_mutations(table, herstel, followers, periods)
    _write_mutations_per_trajectory(table, world.trajectories, followers, periods)
    own = _per_client(herstel)
    for outcome in ("succes", "uitval"):
        _write_relapse(table, outcome, world, own, periods)
    _write_duration(table, world, periods)


def _per_client(spells: list[Spell]) -> dict[tuple[int, str], list[Spell]]:
    found: dict[tuple[int, str], list[Spell]] = defaultdict(list)
    for spell in spells:
        found[spell.client, spell.allocation.wet].append(spell)
    return found


def _mutations(herstel: list[Spell]) -> Counter[Spell]:
    """The number of mutations that belong to each spell."""
    found: Counter[Spell] = Counter()
    for own in _per_client(herstel).values():
        for spell in own:
            before = [other for other in own if other is not spell and _precedes(other, spell)]
            if before:
                found[max(before, key=lambda other: (other.until, *other.tie))] += 1
    return found


def _precedes(earlier: Spell, later: Spell) -> bool:
    gap = later.begin - earlier.until
    return 0 <= gap <= AANSLUITING_DAGEN and (earlier.begin, *earlier.tie) < (later.begin, *later.tie)


def _write_mutations(table: Table, herstel: list[Spell], followers: Counter[Spell], periods: list[Period]) -> None:
    for scope, spells in by_scope(herstel).items():
        for period in periods:
            ended = [spell for spell in spells if within(period, spell.end)]
            changed = [spell for spell in ended if followers[spell]]
            clients = {spell.client for spell in ended}
            table.ratio("mutaties_pct", period, scope, len(changed), len(ended))
            table.count("mutaties_aantal", period, scope, sum(followers[spell] for spell in ended))
            table.ratio("mutaties_per_client", period, scope, len({spell.client for spell in changed}), len(clients))


def _place_of_last(trajectory: Trajectory) -> dict[str, str]:
    return trajectory.last.place


def _write_mutations_per_trajectory(
    table: Table, found: list[Trajectory], followers: Counter[Spell], periods: list[Period]
) -> None:
    inside = {trajectory: sum(followers[spell] for spell in trajectory.spells) for trajectory in found}
    for scope, own in by_scope(found, place=_place_of_last).items():
        for period in periods:
            numbers = [inside[trajectory] for trajectory in own if within(period, trajectory.end)]
            table.ratio("mutaties_per_traject", period, scope, sum(numbers), len(numbers))
            for detail, number in Counter("3+" if number >= 3 else str(number) for number in numbers).items():
                table.ratio("mutaties_per_traject", period, scope, number, len(numbers), detail)


def _write_relapse(
    table: Table, outcome: str, world: Any, own: dict[tuple[int, str], list[Spell]], periods: list[Period]
) -> None:
    cohort = [
        trajectory
        for trajectory in world.trajectories
        if trajectory.end is not None and trajectory.last.outcome == outcome
    ]
    bands = {trajectory: _band(trajectory, own) for trajectory in cohort}
    for scope, cases in by_scope(cohort, place=_place_of_last).items():
        for period in periods:
            ended = [trajectory for trajectory in cases if within(period, trajectory.end)]
            for band, months in BANDS.items():
                measure = f"recidive_{outcome}_{band}"
                ripe = [case for case in ended if add_months(case.end, months) <= world.as_of]
                table.ratio(measure, period, scope, sum(bands[case] == band for case in ripe), len(ripe))
                table.ratio(measure, period, scope, len(ended) - len(ripe), len(ended), "nog_niet_rijp")


def _band(trajectory: Trajectory, own: dict[tuple[int, str], list[Spell]]) -> str:
    """The band in which care was taken up again; empty when it was not."""
    assert trajectory.end is not None
    of_client = own[trajectory.last.client, trajectory.last.allocation.wet]
    later = [spell.begin for spell in of_client if spell.begin > trajectory.end + AANSLUITING_DAGEN]
    if not later:
        return ""
    if min(later) <= add_months(trajectory.end, 4):
        return "0_4"
    return "4_8" if min(later) <= add_months(trajectory.end, 8) else "8_plus"


def _write_duration(table: Table, world: Any, periods: list[Period]) -> None:
    ended = [
        (trajectory.end, trajectory.end - trajectory.begin + 1, trajectory.last.place)
        for trajectory in world.trajectories
        if trajectory.end is not None
    ]
    ended += [
        (spell.end, spell.end - spell.begin + 1, spell.place)
        for spell in world.spells
        if spell.end is not None
        and spell.allocation.product.kind == "duurzaam"
        and spell.place["domain"] in DUUR_DOMEINEN
    ]
    for scope, cases in by_scope(ended, place=lambda case: case[2]).items():
        for period in periods:
            days = [length for end, length, _ in cases if within(period, end)]
            if days:
                _write_durations(table, period, scope, days)


def _write_durations(table: Table, period: Period, scope: ScopeKey, days: list[int]) -> None:
    low, high = quantile(days, Fraction(1, 4)), quantile(days, Fraction(3, 4))
    limit = high + UITSCHIETER_FACTOR * (high - low)
    table.ratio("duur_gemiddeld", period, scope, sum(days), len(days))
    table.statistic("duur_mediaan", period, scope, quantile(days, Fraction(1, 2)), len(days))
    table.statistic("duur_p90", period, scope, quantile(days, Fraction(9, 10)), len(days))
    table.ratio("duur_uitschieters", period, scope, sum(length > limit for length in days), len(days))
