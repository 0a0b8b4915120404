"""The one entrance: from frames to the rows of the export."""

from collections.abc import Iterable
from dataclasses import dataclass

from kpi.calc.frames import Records, Reference
from kpi.calc.periods import Period
from tests.support.naive import money, monitor, people, trajectories
from tests.support.naive.allocations import Allocation, allocations
from tests.support.naive.catalogue import Catalogue, requests
from tests.support.naive.claims import Line, counted_lines
from tests.support.naive.delivery import Spell, Trajectory, attach_reports, make_spells, make_trajectories
from tests.support.naive.table import Key, Table, Value
from tests.support.naive.traffic import Message, from_records


@dataclass
class World:
    """The true state on the reference date."""

    as_of: int
    messages: list[Message]
    allocations: list[Allocation]
    spells: list[Spell]
    trajectories: list[Trajectory]
    lines: list[Line]


def make_world(records: Records, reference: Reference, as_of: int) -> World:
    messages = from_records(records, as_of)
    catalogue = Catalogue(reference)
    found = allocations(messages, requests(messages), catalogue, as_of)
    attach_reports(messages, found)
    for allocation in found.values():
        allocation.spells = make_spells(allocation, catalogue, as_of)
    spells = [spell for allocation in found.values() for spell in allocation.spells]
    lines = counted_lines(messages, found, catalogue)
    return World(as_of, messages, list(found.values()), spells, make_trajectories(spells), lines)


def naive_values(records: Records, reference: Reference, as_of: int, periods: Iterable[Period]) -> dict[Key, Value]:
    """Key columns of the export to numerator (None: has none), denominator (None: a count) and millionths."""
    world = make_world(records, reference, as_of)
    table = Table()
    begun = [period for period in periods if period.first <= as_of]
    people.write(table, world, begun)
    trajectories.write(table, world, begun)
    money.write(table, world, begun)
    money.write_expected(table, world, list(periods))
    monitor.write(table, world, begun)
    return table.rows
