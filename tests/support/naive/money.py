"""Indicators 5, 7, 8, 14 and 15: first claims, cost per trajectory and client, invoiced, granted, expected."""

from collections import defaultdict
from typing import Any

from kpi.calc.frames import to_day
from kpi.calc.periods import Period
from tests.support.naive.allocations import Allocation
from tests.support.naive.claims import Line
from tests.support.naive.delivery import Trajectory
from tests.support.naive.table import ScopeKey, Table, by_scope, within

START_DEEL_MAX = (7, 10)


def write(table: Table, world: Any, periods: list[Period]) -> None:
    for scope, lines in by_scope(world.lines).items():
        for period in periods:
            own = [line for line in lines if within(period, line.begin)]
            table.count("gefactureerd", period, scope, sum(line.claimed for line in own))
            table.count("toegekend", period, scope, sum(line.granted for line in own))
            if period.kind == "year":
                _write_costs(table, period, scope, own)
    _write_first_claims(table, world, periods)


def _write_costs(table: Table, period: Period, scope: ScopeKey, lines: list[Line]) -> None:
    of_trajectory = [(line, trajectory) for line in lines if (trajectory := _trajectory_of(line)) is not None]
    trajectories = {trajectory for _, trajectory in of_trajectory}
    granted = sum(line.granted for line, _ in of_trajectory)
    claimed = sum(line.claimed for line, _ in of_trajectory)
    table.ratio("kosten_per_traject", period, scope, granted, len(trajectories))
    table.ratio("kosten_per_traject", period, scope, claimed, len(trajectories), "ingediend", always=True)
    clients = {line.row["client"] for line in lines}
    table.ratio("kosten_per_client", period, scope, sum(line.granted for line in lines), len(clients))


def _trajectory_of(line: Line) -> Trajectory | None:
    """That of the allocation's last herstel spell begun on or before the end of the product period, else its first."""
    if line.allocation is None:
        return None
    herstel = [spell for spell in line.allocation.spells if spell.trajectory is not None]
    begun = [spell for spell in herstel if spell.begin <= line.row["einddatum"]]
    if not herstel:
        return None
    chosen = max(begun, key=lambda spell: spell.begin) if begun else min(herstel, key=lambda spell: spell.begin)
    return chosen.trajectory


def _write_first_claims(table: Table, world: Any, periods: list[Period]) -> None:
    cancelled = {line.previous_number for line in world.lines if not line.debit and not line.refused}
    first = {}
    for allocation in world.allocations:
        if allocation.product.kind == "herstel" and allocation.total:
            standing = [line for line in allocation.debits if not line.refused and line.number not in cancelled]
            if standing:
                first[allocation] = min(standing, key=_line_order)
    for scope, allocations in by_scope(first).items():
        for period in periods:
            cohort = [allocation for allocation in allocations if within(period, first[allocation].begin)]
            high = [allocation for allocation in cohort if _is_high(first[allocation], allocation)]
            dropped = [allocation for allocation in high if _dropped_out(allocation)]
            table.ratio("startdeclaratie_hoog", period, scope, len(high), len(cohort))
            table.ratio("startdeclaratie_hoog_uitval", period, scope, len(dropped), len(high))


def _line_order(line: Line) -> tuple[int, int, str]:
    return line.begin, line.message.sent, line.row["referentie_nummer"]


def _is_high(line: Line, allocation: Allocation) -> bool:
    part, whole = START_DEEL_MAX
    return allocation.total is not None and line.claimed * whole > allocation.total * part


def _dropped_out(allocation: Allocation) -> bool:
    if not allocation.spells:
        return False
    return max(allocation.spells, key=lambda spell: spell.begin).outcome == "uitval"


def write_expected(table: Table, world: Any, periods: list[Period]) -> None:
    """Expected costs, for periods to come too, and what of them was invoiced."""
    spread = {allocation: allocation.expected_per_month() for allocation in world.allocations}
    lines = defaultdict(list, by_scope(world.lines))
    for scope, allocations in by_scope(spread).items():
        for period in periods:
            expected = sum(
                amount
                for allocation in allocations
                for month, amount in spread[allocation].items()
                if within(period, to_day(month))
            )
            table.count("verwachte_kosten", period, scope, expected)
            if period.first <= world.as_of:
                claimed = sum(line.claimed for line in lines[scope] if within(period, line.begin))
                table.ratio("declaratiegraad", period, scope, claimed, expected)
