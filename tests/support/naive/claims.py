"""Counted claim lines, what was granted on them and where they belong (definitions, 2.7 and 2.8)."""

from collections import defaultdict
from dataclasses import dataclass

from tests.support.naive.allocations import Allocation, Key
from tests.support.naive.catalogue import UNKNOWN, Catalogue
from tests.support.naive.traffic import CLAIMS, Message, Row

Number = tuple[str, str, str]
FULLY_GRANTED = ("0200", "8001")


@dataclass(eq=False)
class Line:
    """A counted claim line; amounts are signed eurocents."""

    message: Message
    row: Row
    claimed: int
    granted: int
    place: dict[str, str]
    allocation: Allocation | None

    @property
    def debit(self) -> bool:
        return self.row["debet_credit"] == "D"

    @property
    def number(self) -> Number:
        """Law + provider + ReferentieNummer."""
        return self.message.wet, self.message.provider, self.row["referentie_nummer"]

    @property
    def previous_number(self) -> Number:
        return self.message.wet, self.message.provider, self.row["vorig_referentie_nummer"]

    @property
    def begin(self) -> int:
        return self.row["begindatum"]

    @property
    def refused(self) -> bool:
        """Answered and granted 0 on a claimed amount that is not 0."""
        return self.message.answer is not None and self.granted == 0 and self.claimed != 0


def signed(amount: int, debit_credit: str) -> int:
    return -amount if debit_credit == "C" else amount


def counted_lines(messages: list[Message], allocations: dict[Key, Allocation], catalogue: Catalogue) -> list[Line]:
    """Every line of a claim that was not rejected as a whole."""
    lines, never_sent = [], set()
    for message in messages:
        if message.soort not in CLAIMS:
            continue
        own = [_line(message, row, allocations, catalogue) for row in message.records["prestaties"]]
        if message.rejected:
            never_sent.update(line.number for line in own if line.debit)
        else:
            lines.extend(own)
    _cap_credits(lines, never_sent)
    for line in lines:
        if line.debit and line.allocation:
            line.allocation.debits.append(line)
    return lines


def _line(message: Message, row: Row, allocations: dict[Key, Allocation], catalogue: Catalogue) -> Line:
    allocation = allocations.get((message.wet, message.municipality, row["toewijzing_nummer"]))
    if allocation is not None and allocation.client != row["client"]:
        allocation = None
    product = catalogue.product(message.wet, row["categorie"], row["code"], row["begindatum"])
    place = {
        "domain": product.domain,
        "municipality": message.municipality,
        "provider": message.provider,
        "product": product.key,
        "referrer": allocation.referrer if allocation else UNKNOWN,
        "delivery_form": product.delivery_form,
    }
    claimed = signed(row["bedrag"], row["debet_credit"])
    return Line(message, row, claimed, _granted_by_answer(message, row, claimed), place, allocation)


def _granted_by_answer(message: Message, row: Row, claimed: int) -> int:
    """Unanswered 0; unlisted in full; a listed line its ToegekendBedrag (304) or 0 (325)."""
    if message.answer is None:
        return 0
    for listed in message.answer_records:
        if listed["referentie_nummer"] == row["referentie_nummer"]:
            if message.answer["soort"] == "304":
                return signed(listed["toegekend_bedrag"], listed["toegekend_debet_credit"])
            codes = listed["retourcodes"].split() + listed["retourcodes_client"].split()
            return claimed if all(code in FULLY_GRANTED for code in codes) else 0
    return claimed


def _cap_credits(lines: list[Line], never_sent: set[Number]) -> None:
    """All credits of one debit together take back at most what was granted on it.

    A debit in a claim rejected as a whole: 0; a debit in no known claim: the credit's full amount.
    """
    left: dict[Number, int] = defaultdict(int)
    for number in never_sent:
        left[number] = 0
    for line in lines:
        if line.debit:
            left[line.number] += line.granted
    credits = [line for line in lines if not line.debit and line.previous_number in left]
    for line in sorted(credits, key=lambda line: (line.message.sent, line.row["referentie_nummer"])):
        taken_back = min(-line.granted, left[line.previous_number])
        left[line.previous_number] -= taken_back
        line.granted = -taken_back
