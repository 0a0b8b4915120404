"""Live starts and stops, spells and trajectories (definitions, 2.4 to 2.6 and section 1)."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.support.naive.allocations import Allocation, Key
from tests.support.naive.catalogue import Catalogue
from tests.support.naive.traffic import Message, Row

AANSLUITING_DAGEN = 1
FOREVER = 10**9


@dataclass(eq=False)
class Report:
    """A live start or stop with the dagtekening that stands."""

    row: Row
    sent: int
    allocation: Allocation

    @property
    def begin(self) -> int:
        return self.row["begindatum"]


@dataclass(eq=False)
class Spell:
    """Delivered care on one allocation; ``stop`` is the definitive stop that ended it."""

    allocation: Allocation
    begin: int
    outcome_of: Catalogue
    stop: Report | None = None
    trajectory: Any = None

    @property
    def end(self) -> int | None:
        return self.stop.row["einddatum"] if self.stop else None

    @property
    def until(self) -> int:
        return FOREVER if self.end is None else self.end

    @property
    def reason(self) -> str:
        return self.stop.row["reden_beeindiging"] if self.stop else ""

    @property
    def outcome(self) -> str:
        return self.outcome_of.outcome(self.allocation.wet, self.reason) if self.stop else ""

    @property
    def place(self) -> dict[str, str]:
        return self.allocation.place

    @property
    def client(self) -> int:
        return self.allocation.client

    @property
    def tie(self) -> tuple[int, str, int, str]:
        """ToewijzingNummer, then municipality code, then begin (first = lowest, last = highest)."""
        wet, municipality, number = self.allocation.key
        return number, municipality, self.begin, wet

    def adjoins(self, begin: int) -> bool:
        """Whether care that begins then overlaps or adjoins this spell."""
        return self.until + AANSLUITING_DAGEN >= begin


@dataclass(eq=False)
class Trajectory:
    """Herstel spells of one client under one law that overlap or adjoin."""

    spells: list[Spell] = field(default_factory=list)

    @property
    def begin(self) -> int:
        return min(spell.begin for spell in self.spells)

    @property
    def end(self) -> int | None:
        if any(spell.end is None for spell in self.spells):
            return None
        return max(spell.until for spell in self.spells)

    @property
    def last(self) -> Spell:
        """The last-ended spell."""
        return last_ended(self.spells)


def last_ended(spells: list[Spell]) -> Spell:
    return max(spells, key=lambda spell: (spell.until, *spell.tie))


def live_reports(messages: list[Message], name: str, allocations: dict[Key, Allocation]) -> list[Report]:
    """Records whose status 1 outnumber their status 3, on a known allocation of that client."""
    sent: dict[tuple[Any, ...], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    rows: dict[tuple[Any, ...], Row] = {}
    for message in messages:
        for row in message.accepted(name):
            key = _key(message, name, row)
            rows[key] = row
            sent[key][row["status_aanlevering"]].append(message.sent)
    live = []
    for key, by_status in sorted(sent.items(), key=repr):
        left = sorted(by_status["1"])[len(by_status["3"]) :]
        wet, municipality, client, number = key[:4]
        allocation = allocations.get((wet, municipality, number))
        if left and allocation is not None and allocation.client == client:
            live.append(Report(rows[key], left[0], allocation))
    return live


def _key(message: Message, name: str, row: Row) -> tuple[Any, ...]:
    key = (message.wet, message.municipality, row["client"], row["toewijzing_nummer"])
    product = (row["categorie"], row["code"], row["begindatum"])
    end = () if name == "starts" else (row["reden_beeindiging"], row["einddatum"])
    return *key, *product, *end


def attach_reports(messages: list[Message], allocations: dict[Key, Allocation]) -> None:
    """Give every allocation its live starts, and the live stops that count."""
    for start in live_reports(messages, "starts", allocations):
        start.allocation.starts.append(start)
    for stop in live_reports(messages, "stops", allocations):
        if stop.begin in [start.begin for start in stop.allocation.starts]:
            stop.allocation.stops.append(stop)


def make_spells(allocation: Allocation, catalogue: Catalogue, as_of: int) -> list[Spell]:
    """The spells of one allocation, in order of begin, as far as they have happened."""
    definitive = [
        stop
        for stop in allocation.stops
        if stop.row["einddatum"] <= as_of
        and catalogue.outcome(allocation.wet, stop.row["reden_beeindiging"]) != "tijdelijk"
    ]
    spells: list[Spell] = []
    for begin in sorted({start.begin for start in allocation.starts if start.begin <= as_of}):
        if not spells or spells[-1].until <= begin:
            spells.append(Spell(allocation, begin, catalogue))
        own = [stop for stop in definitive if spells[-1].begin <= stop.begin <= begin]
        spells[-1].stop = max(own, key=_stop_order, default=None)
    return spells


def _stop_order(stop: Report) -> tuple[int, int, str]:
    return stop.row["einddatum"], stop.sent, stop.row["reden_beeindiging"]


def make_trajectories(spells: list[Spell]) -> list[Trajectory]:
    """Chain the herstel spells per client and law."""
    per_client: dict[tuple[int, str], list[Spell]] = defaultdict(list)
    for spell in spells:
        if spell.allocation.product.kind == "herstel":
            per_client[spell.client, spell.allocation.wet].append(spell)
    found = []
    for own in per_client.values():
        for chain in chained(own):
            trajectory = Trajectory(chain)
            found.append(trajectory)
            for spell in chain:
                spell.trajectory = trajectory
    return found


def chained(spells: list[Spell]) -> list[list[Spell]]:
    """Groups of spells that overlap or adjoin, in order of begin."""
    chains: list[list[Spell]] = []
    for spell in sorted(spells, key=lambda spell: (spell.begin, *spell.tie)):
        if chains and any(earlier.adjoins(spell.begin) for earlier in chains[-1]):
            chains[-1].append(spell)
        else:
            chains.append([spell])
    return chains
