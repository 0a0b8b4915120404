"""What is true of one client, one message or one figure: worked out from the records that these need and no others.

Everything is as the run saw it: messages that came later are not read. The calculation is the one of the whole region;
only whom it is asked about differs (see ``cell_queries`` and ``context``).
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from kpi import picking
from kpi.calc.share import EVERYONE, Share, Touched
from kpi.calc.state import State
from kpi.cell_queries import Cell, Whose, whose
from kpi.context import RECORDS
from kpi.loading import load_picked, load_reference
from kpi.models import Run
from kpi.question import state_of

MOST = 10_000  # clients or messages: a page that works out more keeps its reader waiting for longer than some seconds
OF_CLIENTS = ("toewijzingen", "starts", "stops", "verzoeken")  # what a claim line counts for, its own keys tell


@dataclass(frozen=True)
class Narrow:
    """A state of ``looked`` of the ``among`` clients (or messages) that a figure may be about."""

    state: State
    looked: int
    among: int

    @property
    def whole(self) -> bool:
        return self.looked == self.among


def of_client(run: Run, client: int) -> State:
    """The state in which everything about one client is right."""
    clients = f"SELECT {int(client)}::bigint AS client"
    return _state(run, partial(picking.pick, clients=clients, links=picking.NO_LINK))


def of_message(run: Run, link: int) -> State:
    """The state in which everything about the message with a link is right."""
    clients = " UNION ".join(
        f"SELECT r.client FROM {RECORDS[name]} r JOIN messaging_message m ON m.id = r.message_id"  # noqa: S608
        f" WHERE m.link = {int(link)}"
        for name in OF_CLIENTS
    )
    return _state(run, partial(picking.pick, clients=clients, links=f"SELECT {int(link)}::bigint AS link"))


def of_cell(run: Run, cell: Cell, most: int = MOST) -> Narrow:
    """The state of the clients or messages behind a figure; of more than ``most`` of them an arbitrary share."""
    asked = whose(cell)
    (among, share), records = load_picked(partial(_pick, asked=asked, most=most), run.last_message_id, asked.without)
    state = state_of(run, records, load_reference(run.as_of), share)
    return Narrow(state, len(share.clients) + len(share.links), among)


def _pick(cursor: Any, asked: Whose, most: int) -> tuple[int, Touched]:
    picking.pick(cursor, asked.clients, asked.links, asked.values)
    among = picking.keep_some(cursor, most)
    return among, picking.picked(cursor)


def _state(run: Run, pick: Any, share: Share = EVERYONE) -> State:
    """Of all that was read: records of others bear on it too (an allocation that went to somebody else)."""
    _, records = load_picked(pick, run.last_message_id)
    return state_of(run, records, load_reference(run.as_of), share)
