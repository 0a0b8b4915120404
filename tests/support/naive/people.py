"""Indicators 4 and 9 to 13: clients in care, in, out, referrers, drop-out and weight."""

from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

from kpi.calc.periods import Period
from tests.support.naive.days import add_months
from tests.support.naive.delivery import Spell, chained, last_ended
from tests.support.naive.table import WITHOUT_REFERRER, ScopeKey, Table, by_scope, within

TERUG_MAANDEN = 12
MOVED = "07"


def write(table: Table, world: Any, periods: list[Period]) -> None:
    own = _spells_per_client(world.spells)
    for scope, spells in by_scope(world.spells).items():
        merged = intervals(spells)
        for period in periods:
            _write_care(table, period, scope, merged, own, world.as_of)
            _write_again(table, period, scope, spells, own)
            _write_dropout(table, period, scope, spells)
            _write_weight(table, period, scope, spells, world.as_of)
    _write_referrers(table, world, periods)
    _write_moves(table, world, periods, own)


def _spells_per_client(spells: list[Spell]) -> dict[int, list[Spell]]:
    found: dict[int, list[Spell]] = defaultdict(list)
    for spell in spells:
        found[spell.client].append(spell)
    return found


def intervals(spells: list[Spell]) -> list[list[Spell]]:
    """Per client the spells that overlap or adjoin, merged."""
    return [chain for own in _spells_per_client(spells).values() for chain in chained(own)]


def begin_of(chain: list[Spell]) -> int:
    return chain[0].begin


def end_of(chain: list[Spell]) -> int | None:
    last = last_ended(chain)
    return last.end


def in_care(chains: list[list[Spell]], day: int) -> int:
    """Clients with a merged interval that has begun and has not ended at the end of the day."""
    return len({chain[0].client for chain in chains if begin_of(chain) <= day < last_ended(chain).until})


def _write_care(
    table: Table,
    period: Period,
    scope: ScopeKey,
    chains: list[list[Spell]],
    own: dict[int, list[Spell]],
    as_of: int,
) -> None:
    began = [chain for chain in chains if within(period, begin_of(chain))]
    ended = [chain for chain in chains if within(period, end_of(chain))]
    new = [chain for chain in began if _is_new(chain, own[chain[0].client])]
    table.count("clienten_in_zorg", period, scope, in_care(chains, min(period.last, as_of)))
    table.count("instroom", period, scope, len(began))
    table.count("instroom_nieuw", period, scope, len(new))
    table.count("instroom_herindicatie", period, scope, len(began) - len(new))
    table.count("uitstroom", period, scope, len(ended))


def _is_new(chain: list[Spell], own: list[Spell]) -> bool:
    """No spell of the client in the domain of the interval's first spell began before it, anywhere."""
    first = chain[0]
    return not any(spell.place["domain"] == first.place["domain"] and spell.begin < first.begin for spell in own)


def _write_again(
    table: Table, period: Period, scope: ScopeKey, spells: list[Spell], own: dict[int, list[Spell]]
) -> None:
    again = [spell for spell in spells if within(period, spell.begin) and _goes_on(spell, own[spell.client])]
    table.count("herindicaties", period, scope, len(again))


def _goes_on(spell: Spell, own: list[Spell]) -> bool:
    """Another spell in the domain began earlier and runs or ended at most AANSLUITING_DAGEN before."""
    return any(
        other.place["domain"] == spell.place["domain"] and other.begin < spell.begin and other.adjoins(spell.begin)
        for other in own
    )


def _write_dropout(table: Table, period: Period, scope: ScopeKey, spells: list[Spell]) -> None:
    ended = [spell for spell in spells if within(period, spell.end)]
    table.ratio("uitval_pct", period, scope, sum(spell.outcome == "uitval" for spell in ended), len(ended))
    for detail, number in Counter(f"{spell.allocation.wet}:{spell.reason}" for spell in ended).items():
        table.ratio("uitval_code", period, scope, number, len(ended), detail)


def _write_weight(table: Table, period: Period, scope: ScopeKey, spells: list[Spell], as_of: int) -> None:
    day = min(period.last, as_of)
    running = [spell for spell in spells if spell.begin <= day < spell.until]
    weights = [spell.allocation.product.weight for spell in running]
    known = [weight for weight in weights if weight is not None]
    table.ratio("zwaarte_gemiddeld", period, scope, Fraction(sum(known), 100), len(known))
    table.ratio("zwaarte_duur", period, scope, sum(day - spell.begin + 1 for spell in running), len(running))


def _write_referrers(table: Table, world: Any, periods: list[Period]) -> None:
    jeugd = [spell for spell in world.spells if spell.allocation.wet == "jeugdwet"]
    for scope, spells in by_scope(jeugd, WITHOUT_REFERRER).items():
        merged = intervals(spells)
        groups: dict[str, list[Spell]] = defaultdict(list)
        for spell in spells:
            groups[spell.place["referrer"]].append(spell)
        merged_groups = {group: intervals(of_group) for group, of_group in groups.items()}
        for period in periods:
            day = min(period.last, world.as_of)
            everyone = in_care(merged, day)
            for group, chains in merged_groups.items():
                table.ratio("verwijzers", period, scope, in_care(chains, day), everyone, group)


def _write_moves(table: Table, world: Any, periods: list[Period], own: dict[int, list[Spell]]) -> None:
    for scope, spells in by_scope(world.spells, ("municipality",)).items():
        moved = []
        for chain in intervals(spells):
            last = last_ended(chain)
            if last.end is not None:
                moved.append((last.end, _destination(last, own[last.client])))
        for period in periods:
            to = Counter(destination for end, destination in moved if within(period, end) and destination)
            for destination, number in to.items():
                table.count("uitstroom_verhuisd", period, scope, number, destination)


def _destination(last: Spell, own: list[Spell]) -> str:
    """The municipality an interval's client moved to, ``onbekend``, or empty when the client did not move."""
    assert last.end is not None
    latest = add_months(last.end, TERUG_MAANDEN)
    elsewhere = [
        spell
        for spell in own
        if spell.place["municipality"] != last.place["municipality"] and last.end <= spell.begin <= latest
    ]
    elsewhere.sort(key=lambda spell: (spell.begin, *spell.tie))
    known = elsewhere[0].place["municipality"] if elsewhere else "onbekend"
    if (last.allocation.wet, last.reason) == ("wmo", "31"):
        return known
    if (last.allocation.wet, last.reason) != ("jeugdwet", "35"):
        return ""
    return known if elsewhere or last.allocation.last["reden_wijziging"] == MOVED else ""
