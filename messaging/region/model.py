"""What the parts of the region hand each other. Days are ordinals, amounts eurocents."""

from dataclasses import dataclass
from typing import Any

from messaging.region.municipalities import Municipality
from messaging.region.products import Product
from messaging.region.providers import Provider


@dataclass(frozen=True, slots=True)
class Person:
    """A test person; ``number`` counts from 1."""

    number: int
    bsn: str
    born: int
    sex: str  # 1 | 2
    municipality: str
    wetten: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Care:
    """One allocation and what was delivered on it.

    ``first`` and ``last`` are its validity as first decided; ``begin`` is the first day of delivery and ``end`` the
    last (None: never started). ``change`` is why the municipality changed the allocation (see ``allocations``),
    with ``changed_last`` as its new last day. ``asked_in``: 315, 317 or "" (on the municipality's own initiative);
    ``referrer`` (COD327) belongs to a 315.
    """

    person: Person
    municipality: Municipality
    provider: Provider
    product: Product
    first: int
    last: int = 0
    volume: int = 0
    begin: int | None = None
    end: int | None = None
    reason: str = ""
    outcome: str = ""
    pause: tuple[int, int] | None = None  # last day before it, first day after it
    referrer: str = ""
    asked_in: str = ""
    change: str = ""
    changed_last: int = 0
    open_ended: bool = False  # first decided without a last day
    follows: "Care | None" = None
    number: int = 0
    reference: str = ""
    first_301: int = 0

    @property
    def wet(self) -> str:
        return self.product.wet

    @property
    def final_last(self) -> int:
        """The last day of validity after all changes."""
        return self.changed_last if self.change else self.last

    def shift(self, days: int) -> None:
        """Moves everything in time."""
        self.first += days
        self.last += days
        self.changed_last += days if self.change else 0
        if self.begin is not None and self.end is not None:
            self.begin, self.end = self.begin + days, self.end + days
        if self.pause:
            self.pause = self.pause[0] + days, self.pause[1] + days


@dataclass(frozen=True, slots=True)
class Version:
    """A version of an allocation as a 301 carries it; ``last`` is None without a last day."""

    care: Care
    decided: int
    time: str
    last: int | None
    reason: str
    reference: str

    def again(self) -> "Version":
        """The same version repeated in a later 301: no reason and no reference."""
        return Version(self.care, self.decided, self.time, self.last, self.reason, "")


@dataclass(frozen=True, slots=True)
class Start:
    care: Care
    begin: int
    status: str = "1"


@dataclass(frozen=True, slots=True)
class Stop:
    care: Care
    begin: int
    reason: str
    end: int
    status: str = "1"


@dataclass(frozen=True, slots=True)
class Request:
    """A requested product (315), or a new product beside a running allocation (317, ``beside``)."""

    care: Care
    reference: str
    beside: Care | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A 319: ``answer`` 1 rejected (with a reason), 2 under investigation."""

    reference: str
    answer: str
    reason: str = ""


@dataclass(slots=True)
class Line:
    """A claim line. ``period`` is the product period; ``verdict`` says what the municipality makes of it."""

    care: Care
    period: tuple[int, int]
    volume: int
    unit: str
    tariff: int | None
    amount: int
    sign: str = "D"
    previous: "Line | None" = None
    granted: int | None = None  # None: in full
    code: str = ""  # return code when not granted in full
    reference: str = ""


@dataclass(slots=True)
class Message:
    """A message on its way: ``identification`` is given when all messages of its sender are known.

    A return has ``answers``: the message it answers. ``code`` is the rejecting code of a return ("" accepted) and
    ``level`` where it stands: header, record.
    """

    soort: str
    wet: str
    municipality: str
    provider: str
    day: int
    order: int = 0
    person: Person | None = None
    records: tuple[Any, ...] = ()
    period: tuple[int, int] = (0, 0)
    answers: "Message | None" = None
    code: str = ""
    level: str = ""
    identification: str = ""

    @property
    def about(self) -> Person:
        """The client of a message that has exactly one."""
        assert self.person is not None
        return self.person

    @property
    def original(self) -> "Message":
        """What a return answers."""
        assert self.answers is not None
        return self.answers

    @property
    def from_municipality(self) -> bool:
        """Who really sends it: the municipality or the provider."""
        return self.soort in ("301", "319", "304", "325", "306", "308", "316", "318")
