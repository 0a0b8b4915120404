"""What an indicator says of itself: one source for the portal's pages, the documentation and the labels."""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """How a value is written."""

    PERCENT = "percentage"  # numerator / denominator, shown as %
    COUNT = "aantal"
    RATIO = "verhouding"  # for example mutations per trajectory
    DAYS = "dagen"
    WORKDAYS = "werkdagen"
    EURO = "euro"  # eurocents in, euro shown
    WEIGHT = "zwaarte"


class OverTime(StrEnum):
    """How the figures of months relate to the figure of these months together."""

    ADDED = "optelbaar"  # every case counts in one month only: numerators and denominators add up
    STOCK = "stand"  # what runs on the last day
    DISTINCT = "verschillende"  # each client or trajectory once, in however many months it counts
    SPREAD = "verdeling"  # takes all cases together


@dataclass(frozen=True, slots=True)
class Measure:
    """One measured quantity of an indicator; ``code`` is its name in exports."""

    code: str
    name: str  # Dutch, short
    unit: Unit
    lower_is_better: bool | None  # None: no direction by itself
    headline: bool = False  # the one figure shown in an overview of indicators
    yearly_only: bool = False
    of_money: bool = False  # numerator and denominator are amounts, not cases
    headline_detail: str = ""  # the part shown where there is no figure for the whole
    over_time: OverTime = OverTime.ADDED
    part_names: tuple[tuple[str, str], ...] = ()  # per part what the measure is called when it is about that part

    @property
    def headline_name(self) -> str:
        """What is measured where an overview shows it: the part that stands for the whole by its own name."""
        return self.name_of(self.headline_detail)

    def name_of(self, detail: str) -> str:
        """The name of the measure when it is about one part."""
        return dict(self.part_names).get(detail, self.name)


@dataclass(frozen=True, slots=True)
class Definition:
    """An indicator with its official text (Dutch) in the fixed blocks of the source document."""

    number: int
    code: str  # for addresses, e.g. "uitval"
    name: str  # Dutch
    measures: tuple[Measure, ...]
    definition: str
    policy_goal: str
    how_measured: str
    level: str
    information: str  # to municipalities
    when_to_act: str
    how_to_steer: str
    responsible: str
    formula: str
    example: str  # a worked example that the tests compute

    @property
    def headline(self) -> Measure:
        return next(measure for measure in self.measures if measure.headline)
