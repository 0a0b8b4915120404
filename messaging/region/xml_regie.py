"""The messages about allocation, start, stop and request, and their returns, as XML.

A return repeats the records of what it answers, each with its own return code (FIELDS of iJw and iWmo 2.3 and 3.2).
"""

from collections.abc import Callable

from messaging.region.days import iso
from messaging.region.model import Answer, Care, Message, Request, Start, Stop, Version
from messaging.region.xml_parts import (
    XSD_VERSION,
    address,
    bericht,
    identification,
    parties,
    person_head,
    product,
    referrer,
    retourcodes,
    size,
)

NO_REMARK = "0200"
ANSWERED = {"302": "301", "306": "305", "308": "307", "316": "315", "318": "317", "320": "319"}


def render(message: Message, standard: str) -> str:
    """A 301, 305, 307, 315, 317, 319 or the return on one."""
    modern = standard.startswith("3")
    original = message.answers
    header = _header(message, modern)
    if original is None:
        return bericht(message, standard, header, BODIES[message.soort](message, modern, "", ""))
    if message.level != "record":
        return bericht(message, standard, header, "")
    body = BODIES[original.soort](original, modern, NO_REMARK, message.code)
    return bericht(message, standard, header, body)


def _header(message: Message, modern: bool) -> str:
    version = f"<XsdVersie>{XSD_VERSION}</XsdVersie>" if modern else ""
    original = message.answers
    if original is None:
        return parties(message) + identification(message) + version
    own = (
        f"<IdentificatieRetour>{message.identification}</IdentificatieRetour>"
        f"<DagtekeningRetour>{iso(message.day)}</DagtekeningRetour>"
    )
    own_version = f"<XsdVersieRetour>{XSD_VERSION}</XsdVersieRetour>" if modern else ""
    code = message.code if message.level == "header" else NO_REMARK if message.level else ""
    return parties(original) + identification(original) + version + own + own_version + retourcodes(code)


def _allocations(message: Message, modern: bool, other: str, code: str) -> str:
    versions: tuple[Version, ...] = message.records
    products = "".join(_allocation(version, modern, code) for version in versions)
    products = f"<ToegewezenProducten>{products}</ToegewezenProducten>"
    if not modern:
        number = min(version.care.number for version in versions)
        first = min(version.care.first for version in versions)
        products = (
            f"<Beschikking><BeschikkingNummer>{number}</BeschikkingNummer>"
            f"<Afgiftedatum>{iso(versions[0].decided)}</Afgiftedatum><Ingangsdatum>{iso(first)}</Ingangsdatum>"
            f"{products}{retourcodes(other)}</Beschikking>"
        )
    head = person_head(message.about, full_name=True) + address(message.about, retourcodes(other))
    return f"<Client>{head}{products}{retourcodes(other)}</Client>"


def _allocation(version: Version, modern: bool, code: str) -> str:
    care = version.care
    reference = version.reference and f"<ReferentieAanbieder>{version.reference}</ReferentieAanbieder>"
    reason = version.reason and f"<RedenWijziging>{version.reason}</RedenWijziging>"
    last = "" if version.last is None else f"<Einddatum>{iso(version.last)}</Einddatum>"
    return (
        f"<ToegewezenProduct><ToewijzingNummer>{care.number}</ToewijzingNummer>{reference}{product(care.product)}"
        f"<Toewijzingsdatum>{iso(version.decided)}</Toewijzingsdatum><Toewijzingstijd>{version.time}</Toewijzingstijd>"
        f"<Ingangsdatum>{iso(care.first)}</Ingangsdatum>{last}{reason}"
        f"{size(care, modern)}{retourcodes(code)}</ToegewezenProduct>"
    )


def _delivery_head(care: Care) -> str:
    return (
        f"<ToewijzingNummer>{care.number}</ToewijzingNummer>{product(care.product)}"
        f"<ToewijzingIngangsdatum>{iso(care.first)}</ToewijzingIngangsdatum>"
    )


def _starts(message: Message, modern: bool, other: str, code: str) -> str:
    starts: tuple[Start, ...] = message.records
    rows = "".join(
        f"<StartProduct>{_delivery_head(start.care)}<Begindatum>{iso(start.begin)}</Begindatum>"
        f"<StatusAanlevering>{start.status}</StatusAanlevering>{retourcodes(code)}</StartProduct>"
        for start in starts
    )
    return _client(message, modern, f"<StartProducten>{rows}</StartProducten>", other)


def _stops(message: Message, modern: bool, other: str, code: str) -> str:
    stops: tuple[Stop, ...] = message.records
    rows = "".join(
        f"<StopProduct>{_delivery_head(stop.care)}<Begindatum>{iso(stop.begin)}</Begindatum>"
        f"<RedenBeeindiging>{stop.reason}</RedenBeeindiging><Einddatum>{iso(stop.end)}</Einddatum>"
        f"<StatusAanlevering>{stop.status}</StatusAanlevering>{retourcodes(code)}</StopProduct>"
        for stop in stops
    )
    return _client(message, modern, f"<StopProducten>{rows}</StopProducten>", other)


def _client(message: Message, modern: bool, rows: str, other: str) -> str:
    status = "" if modern else "<StatusAanlevering>1</StatusAanlevering>"
    return f"<Client>{person_head(message.about)}{status}{rows}{retourcodes(other)}</Client>"


def _requests(message: Message, modern: bool, other: str, code: str) -> str:
    requests: tuple[Request, ...] = message.records
    rows = "".join(_requested(request, modern, code) for request in requests)
    rows = f"<AangevraagdeProducten>{rows}</AangevraagdeProducten>"
    return f"<Client>{person_head(message.about)}{rows}{retourcodes(other)}</Client>"


def _requested(request: Request, modern: bool, code: str) -> str:
    care = request.care
    return (
        f"<AangevraagdProduct><ReferentieAanbieder>{request.reference}</ReferentieAanbieder>{product(care.product)}"
        f"<ToewijzingIngangsdatum>{iso(care.first)}</ToewijzingIngangsdatum>"
        f"<ToewijzingEinddatum>{iso(care.last)}</ToewijzingEinddatum>"
        f"{size(care, modern)}"
        f"{referrer(care.referrer, care.person.number, modern)}{retourcodes(code)}</AangevraagdProduct>"
    )


def _change_requests(message: Message, modern: bool, other: str, code: str) -> str:
    """A 317: one running allocation stays as it is, one product is new."""
    request: Request = message.records[0]
    care, beside = request.care, request.beside or request.care
    return (
        f"<Client><Bsn>{message.about.bsn}</Bsn><Verzoek><ReferentieAanbieder>{request.reference}"
        "</ReferentieAanbieder><RedenVerzoek>1</RedenVerzoek><OngewijzigdeProducten><OngewijzigdProduct>"
        f"<ToewijzingNummer>{beside.number}</ToewijzingNummer>{retourcodes(other)}</OngewijzigdProduct>"
        f"</OngewijzigdeProducten><NieuweProducten><NieuwProduct>{product(care.product)}"
        f"<GewensteIngangsdatum>{iso(care.first)}</GewensteIngangsdatum><Einddatum>{iso(care.last)}</Einddatum>"
        f"{size(care, modern)}{retourcodes(code)}</NieuwProduct>"
        f"</NieuweProducten>{retourcodes(other)}</Verzoek>{retourcodes(other)}</Client>"
    )


def _answers(message: Message, modern: bool, other: str, code: str) -> str:
    answer: Answer = message.records[0]
    reason = answer.reason and f"<RedenAfwijzingVerzoek>{answer.reason}</RedenAfwijzingVerzoek>"
    return (
        f"<Antwoord><ReferentieAanbieder>{answer.reference}</ReferentieAanbieder>"
        f"<VerzoekAntwoord>{answer.answer}</VerzoekAntwoord>{reason}{retourcodes(code)}</Antwoord>"
    )


BODIES: dict[str, Callable[[Message, bool, str, str], str]] = {
    "301": _allocations,
    "305": _starts,
    "307": _stops,
    "315": _requests,
    "317": _change_requests,
    "319": _answers,
}
