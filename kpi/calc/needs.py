"""What a measure needs of the data before its light may have a colour: the data gate of the lights, per measure.

Which findings make which figure wrong follows from the definitions: a stop without its start ends no spell, so that
every measure on ended care misses it; a month without claims is missing from every amount. Findings that leave a figure
right (a start that was reported late) are none of its business.

The limits are choices, made so that a fault of the data cannot be mistaken for care: with a share w of its records
missing or unusable a percentage can be up to w beside the truth, and between the green and the red bound of a norm lie
5 to 10 points. On a region whose messages are in order hardly any light loses its colour.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from kpi.calc.indicators import MEASURES
from kpi.calc.indicators.recidive import months_later
from kpi.calc.parameters import Parameters
from kpi.calc.periods import Period

WRONG = Fraction(1, 10)  # of what a check examined; more of it wrong and the figure says nothing
REJECTED = Fraction(1, 5)  # of the answered messages of a type; what is rejected counts as never sent
COVERED = Fraction(4, 5)  # of the municipalities that deliver
FOLLOWED = Fraction(1, 4)  # of the days of a period, whose cases must have been followed long enough
CLAIM_DAYS = 60  # claims over a month come in during the two months after it (T-10)
SILENT_DAYS = 31  # a municipality that sent nothing for longer is behind
LEFT_DAYS = 183  # one that sent nothing for longer is taken to have merged or left

ALLOCATION, START, STOP = "301", "305", "307"
CLAIM = ("303", "323")


@dataclass(frozen=True, slots=True)
class Needs:
    """``checks``: the codes of data-quality checks; ``types``: the messages it is made of, any of each group.

    ``follow_up``: which limit of relapse must lie behind the end of a case before it can be judged. ``whole``: a number
    over a period, which a period that still runs has not reached. ``amounts``: sums of claims, which come in until long
    after the period.
    """

    checks: tuple[str, ...] = ()
    types: tuple[tuple[str, ...], ...] = ()
    follow_up: int = 0
    whole: bool = False
    amounts: bool = False


CARE = ((ALLOCATION,), (START,))
STARTED = Needs(("start_zonder_toewijzing",), CARE)
RUNNING = Needs(("start_zonder_toewijzing", "stop_ontbreekt"), (*CARE, (STOP,)))
ENDED = Needs(
    ("stop_zonder_start", "stop_zonder_toewijzing", "start_zonder_toewijzing", "stop_ontbreekt"), (*CARE, (STOP,))
)
WEIGHED = replace(RUNNING, checks=(*RUNNING.checks, "product_onbekend"))
CLAIMED = Needs(("declaratiemaand_ontbreekt",), (CLAIM,), amounts=True)
LINKED = Needs(("declaratie_zonder_toewijzing",), ((ALLOCATION,), CLAIM))
EXPECTED = Needs(("bedrag_onbekend", "product_onbekend"), ((ALLOCATION,),))
ANSWERED = Needs(("retour_ontbreekt",))
FIRST, SECOND = 1, 2  # limits of relapse

_FAMILIES: tuple[tuple[Needs, tuple[str, ...]], ...] = (
    (ENDED, ("mutaties_", "duur_", "uitval_", "doorlooptijd_305_307", "beeindigingscodes", "meldtijd_307")),
    (replace(ENDED, whole=True), ("mutaties_aantal", "uitstroom")),
    (replace(ENDED, follow_up=FIRST), ("recidive_succes_0_4", "recidive_uitval_0_4")),
    (replace(ENDED, follow_up=SECOND), ("recidive_",)),
    (RUNNING, ("clienten_in_zorg", "verwijzers")),
    (WEIGHED, ("zwaarte_",)),
    (replace(STARTED, whole=True), ("instroom", "herindicaties")),
    (STARTED, ("wachttijd_start", "meldtijd_305", "doorlooptijd_301_305")),
    (CLAIMED, ("gefactureerd", "toegekend", "kosten_per_client")),
    (replace(LINKED, amounts=True), ("kosten_per_traject",)),
    (LINKED, ("doorlooptijd_301_303", "doorlooptijd_307_303")),
    (replace(LINKED, checks=(*LINKED.checks, "bedrag_onbekend")), ("startdeclaratie_",)),
    (EXPECTED, ("verwachte_kosten",)),
    (Needs((*CLAIMED.checks, *EXPECTED.checks), ((ALLOCATION,), CLAIM), amounts=True), ("declaratiegraad",)),
    (ANSWERED, ("bericht_uitval", "reactietijd_", "doorlooptijd_315_301")),
)


def _needs(measure: str) -> Needs:
    """Those of the longest name that fits."""
    fitting = [(len(name), needs) for needs, names in _FAMILIES for name in names if measure.startswith(name)]
    return max(fitting, key=lambda found: found[0])[1]


NEEDS: Mapping[str, Needs] = {code: _needs(code) for code in MEASURES}


def months_to_follow(needs: Needs, parameters: Parameters) -> int:
    """The months after the end of a case before it can be judged; 0 where it can be at once."""
    return (0, *parameters.relapse_months)[needs.follow_up]


def followed(period: Period, months: int, as_of: int) -> Fraction:
    """The share of the days of a period that lie so many months before ``as_of`` or longer."""
    days = range(period.first, period.last + 1)
    return Fraction(bisect_right(days, as_of, key=lambda day: months_later(day, months)), len(days))
