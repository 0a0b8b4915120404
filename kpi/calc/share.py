"""Which clients and messages a part of the computation counts; everything else it reads is context."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

Bools = npt.NDArray[np.bool_]


class Share(Protocol):
    """A part of all clients, and of all messages by their link; shares of one division do not overlap."""

    def has_client(self, clients: pd.Series) -> Bools:
        """Whether each client is counted here."""

    def has_link(self, links: pd.Series) -> Bools:
        """Whether each message is counted here."""


@dataclass(frozen=True)
class Everyone:
    """All there is."""

    def has_client(self, clients: pd.Series) -> Bools:
        return np.ones(len(clients), dtype=bool)

    def has_link(self, links: pd.Series) -> Bools:
        return np.ones(len(links), dtype=bool)


@dataclass(frozen=True)
class Bucket:
    """One of ``of`` parts of about equal size, by the remainder of the client's and the message's number."""

    number: int
    of: int

    def has_client(self, clients: pd.Series) -> Bools:
        return np.asarray(clients.to_numpy(np.int64) % self.of == self.number)

    def has_link(self, links: pd.Series) -> Bools:
        return np.asarray(links.to_numpy(np.int64) % self.of == self.number)


@dataclass(frozen=True)
class Touched:
    """The clients and messages that new messages may have changed."""

    clients: frozenset[int]
    links: frozenset[int]

    def has_client(self, clients: pd.Series) -> Bools:
        return clients.isin(self.clients).to_numpy()

    def has_link(self, links: pd.Series) -> Bools:
        return links.isin(self.links).to_numpy()


EVERYONE = Everyone()
