"""Claims and their answers as XML: 303 and 304 (2.3), 323 and 325 (3.2).

An answer lists only lines that were not granted in full; a 325 has no granted amount per line (a listed line is 0).
"""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import groupby

from messaging.region.days import iso
from messaging.region.model import Line, Message, Person
from messaging.region.xml_parts import XSD_VERSION, bericht, identification, parties, person_head, retourcodes

NO_REMARK, GRANTED, REFUSED_WHOLE = "0200", "8001", "9333"


def render(message: Message, standard: str) -> str:
    return RENDERERS[message.soort](message, standard)


def signed(lines: Iterable[Line]) -> int:
    """Debits minus credits."""
    return sum(line.amount if line.sign == "D" else -line.amount for line in lines)


def granted(lines: Iterable[Line]) -> int:
    amounts = ((line, line.amount if line.granted is None else line.granted) for line in lines)
    return sum(amount if line.sign == "D" else -amount for line, amount in amounts)


def _total(amount: int) -> str:
    """A zero total is a debit (CS325)."""
    return f"<b:TotaalBedrag>{abs(amount)}</b:TotaalBedrag><b:DebetCredit>{'C' if amount < 0 else 'D'}</b:DebetCredit>"


def _amount(name: str, amount: int, sign: str, prefix: str = "b:") -> str:
    return f"<{prefix}{name}><b:Bedrag>{amount}</b:Bedrag><b:DebetCredit>{sign}</b:DebetCredit></{prefix}{name}>"


def _period(name: str, period: tuple[int, int], prefix: str = "") -> str:
    return (
        f"<{prefix}{name}><b:Begindatum>{iso(period[0])}</b:Begindatum>"
        f"<b:Einddatum>{iso(period[1])}</b:Einddatum></{prefix}{name}>"
    )


def _clients(lines: Iterable[Line], head: Callable[[Person], str], row: Callable[[Line], str], codes: str = "") -> str:
    groups = groupby(lines, key=lambda line: line.care.person)
    clients = "".join(
        f"<Client>{head(person)}<Prestaties>{''.join(map(row, group))}</Prestaties>{codes}</Client>"
        for person, group in groups
    )
    return clients and f"<Clienten>{clients}</Clienten>"


def _claim_323(message: Message, standard: str) -> str:
    header = parties(message) + identification(message) + f"<XsdVersie>{XSD_VERSION}</XsdVersie>"
    body = (
        f"<Declaratie><DeclaratieNummer>{message.identification}</DeclaratieNummer>"
        f"{_period('DeclaratiePeriode', message.period)}"
        f"<DeclaratieDagtekening>{iso(message.day)}</DeclaratieDagtekening>"
        f"<TotaalIngediendBedrag>{_total(signed(message.records))}</TotaalIngediendBedrag>"
        f"{_clients(message.records, _bsn, _line_323)}</Declaratie>"
    )
    return bericht(message, standard, header, body)


def _bsn(person: Person) -> str:
    return f"<Bsn>{person.bsn}</Bsn>"


def _line_323(line: Line, answered: bool = False) -> str:
    tariff = "" if line.tariff is None else f"<ProductTarief>{line.tariff}</ProductTarief>"
    return (
        f"<Prestatie>{_reference(line)}{_product(line)}<GeleverdVolume>{line.volume}</GeleverdVolume>"
        f"<Eenheid>{line.unit}</Eenheid>{tariff}{_amount('IngediendBedrag', line.amount, line.sign, '')}"
        f"{retourcodes(line.code) if answered else ''}</Prestatie>"
    )


def _reference(line: Line) -> str:
    previous = line.previous.reference if line.previous else ""
    previous = previous and f"<b:VorigReferentieNummer>{previous}</b:VorigReferentieNummer>"
    number = f"<b:ReferentieNummer>{line.reference}</b:ReferentieNummer>"
    return f"<ProductReferentie>{number}{previous}</ProductReferentie>"


def _product(line: Line) -> str:
    care = line.care
    return (
        f"<ToewijzingNummer>{care.number}</ToewijzingNummer><ProductCategorie>{care.product.category}"
        f"</ProductCategorie><ProductCode>{care.product.code}</ProductCode>{_period('ProductPeriode', line.period)}"
    )


def _answer_325(message: Message, standard: str) -> str:
    claim = message.original
    header = (
        parties(message)
        + identification(message)
        + f"<XsdVersie>{XSD_VERSION}</XsdVersie>"
        + identification(claim, "DeclaratieIdentificatie")
        + f"<XsdVersieDeclaratie>{XSD_VERSION}</XsdVersieDeclaratie>"
        + retourcodes(message.code if message.level == "header" else NO_REMARK)
    )
    return bericht(message, standard, header, "" if message.level == "header" else _judged_325(message, claim))


def _judged_325(message: Message, claim: Message) -> str:
    whole = message.level == "answer"
    listed = [] if whole else [line for line in claim.records if line.code]
    code = message.code if whole else NO_REMARK if listed else GRANTED
    return (
        f"<DeclaratieAntwoord><DeclaratieNummer>{claim.identification}</DeclaratieNummer>"
        f"<TotaalIngediendBedrag>{_total(signed(claim.records))}</TotaalIngediendBedrag>"
        f"<TotaalToegekendBedrag>{_total(0 if whole else granted(claim.records))}</TotaalToegekendBedrag>"
        f"{_clients(listed, _bsn, partial(_line_323, answered=True), retourcodes(NO_REMARK))}"
        f"{retourcodes(code)}</DeclaratieAntwoord>"
    )


def _header_303(message: Message) -> str:
    return (
        f"<Gemeente>{message.municipality}</Gemeente><Aanbieder>{message.provider}</Aanbieder>"
        "<BetalingAanID>02</BetalingAanID><DeclaratieFactuurIdentificatie>"
        f"{_period('DeclaratiePeriode', message.period, 'b:')}"
        f"<b:DeclarantFactuurNummer>{message.identification}</b:DeclarantFactuurNummer>"
        f"<b:FactuurDagtekening>{iso(message.day)}</b:FactuurDagtekening><b:ValutaCode>EUR</b:ValutaCode>"
        "</DeclaratieFactuurIdentificatie>"
    )


def _claim_303(message: Message, standard: str) -> str:
    total = f"<b:DeclaratieFactuurTotaalBedrag>{_total(signed(message.records))}</b:DeclaratieFactuurTotaalBedrag>"
    header = f"{_header_303(message)}<DeclaratieFactuurBedragen>{total}</DeclaratieFactuurBedragen>"
    return bericht(message, standard, header, _clients(message.records, person_head, _line_303))


def _line_303(line: Line, answered: bool = False) -> str:
    tariff = "" if line.tariff is None else f"<b:ProductTarief>{line.tariff}</b:ProductTarief>"
    return (
        f"<Prestatie>{_product(line)}<IngediendeBedragPrestatie><b:GeleverdVolume>{line.volume}</b:GeleverdVolume>"
        f"<b:Eenheid>{line.unit}</b:Eenheid>{tariff}{_amount('DeclaratieFactuurBedrag', line.amount, line.sign)}"
        f"</IngediendeBedragPrestatie>{_reference(line)}{_granted(line) if answered else ''}</Prestatie>"
    )


def _granted(line: Line) -> str:
    amount = line.granted or 0
    return (
        f"<ToegekendeBedragPrestatie>{_amount('GemeenteBerekendBedrag', amount, line.sign)}"
        f"{_amount('ToegekendBedrag', amount, line.sign)}</ToegekendeBedragPrestatie>{retourcodes(line.code)}"
    )


def _answer_304(message: Message, standard: str) -> str:
    claim = message.original
    whole = message.level == "header"
    listed = [] if whole else [line for line in claim.records if line.code]
    code = message.code if whole else NO_REMARK if listed else GRANTED
    submitted, allowed = signed(claim.records), 0 if whole else granted(claim.records)
    header = (
        f"{_header_303(claim)}<RetourHeader><b:GemeenteReferentieNummer>{message.identification}"
        f"</b:GemeenteReferentieNummer><b:RetourDagtekening>{iso(message.day)}</b:RetourDagtekening></RetourHeader>"
        f"<RetourBedragen><b:IngediendTotaalBedrag>{_total(submitted)}</b:IngediendTotaalBedrag>"
        f"<b:ToegekendTotaalBedrag>{_total(allowed)}</b:ToegekendTotaalBedrag></RetourBedragen>{retourcodes(code)}"
    )
    rows = _clients(listed, person_head, partial(_line_303, answered=True), retourcodes(NO_REMARK))
    return bericht(message, standard, header, rows)


RENDERERS: dict[str, Callable[[Message, str], str]] = {
    "303": _claim_303,
    "304": _answer_304,
    "323": _claim_323,
    "325": _answer_325,
}
