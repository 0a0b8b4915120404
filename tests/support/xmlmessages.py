"""iJw and iWmo messages as XML for tests, from a few words each.

``message`` makes a heen message, ``answer`` the return that copies its header, ``claim_answer`` a 304 or 325. Parts
(``allocation``, ``start``, ``stop``, ``line``, ``request``, ``change``) are the records inside. Every person carries
the name MARK and a birth date, so that a test can look for what must never be kept.
"""

from dataclasses import dataclass, field, replace
from itertools import count

TOWN, PROVIDER = "0080", "42420001"
MARK = "Zzymarkering"
BIRTH = "2011-11-11"
CODES = {
    "jeugdwet": {
        "301": "436",
        "302": "437",
        "303": "432",
        "304": "433",
        "305": "438",
        "306": "439",
        "307": "440",
        "308": "441",
        "315": "446",
        "316": "447",
        "317": "486",
        "318": "487",
        "319": "488",
        "320": "489",
        "323": "490",
        "325": "491",
    },
    "wmo": {
        "301": "414",
        "302": "415",
        "303": "416",
        "304": "417",
        "305": "418",
        "306": "419",
        "307": "420",
        "308": "421",
        "315": "444",
        "316": "445",
        "317": "480",
        "318": "481",
        "319": "482",
        "320": "483",
        "323": "484",
        "325": "485",
    },
}
RETURN_OF = {heen: str(int(heen) + 1) for heen in ("301", "303", "305", "307", "315", "317", "319")} | {"323": "325"}
FROM_TOWN = {"301", "319"}
PLURALS = {
    "ToegewezenProduct": "ToegewezenProducten",
    "StartProduct": "StartProducten",
    "StopProduct": "StopProducten",
    "AangevraagdProduct": "AangevraagdeProducten",
    "OngewijzigdProduct": "OngewijzigdeProducten",
    "TeWijzigenProduct": "TeWijzigenProducten",
    "NieuwProduct": "NieuweProducten",
}
_numbers = count(1)


def bsn(number: int) -> str:
    """The ``number``-th (from 1) test BSN: nine digits from 999900000 on that pass the 11-check."""
    found = 0
    for value in range(999900000, 1_000_000_000):
        digits = [int(digit) for digit in str(value)]
        weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
        found += sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11 == 0
        if found == number:
            return str(value)
    raise ValueError(number)


ANNA, BRAM = bsn(1), bsn(2)


def tag(name: str, *content: object) -> str:
    """An element; without any content that is not None, nothing."""
    inner = [str(part) for part in content if part is not None]
    return f"<{name}>{''.join(inner)}</{name}>" if inner else ""


def _codes(codes: tuple[str, ...]) -> str:
    return tag("RetourCodes", *(tag("RetourCode", code) for code in codes))


@dataclass(frozen=True)
class Part:
    """A record class: its element name and content; ``bsn`` says whose it is in a claim."""

    name: str
    content: str
    bsn: str = ANNA

    def xml(self, *codes: str) -> str:
        return tag(self.name, self.content, _codes(codes) or None)


@dataclass(frozen=True)
class Message:
    """A message as it will be written; ``xml()`` gives its bytes."""

    soort: str
    wet: str
    release: str
    town: str
    provider: str
    identification: str
    day: str
    body: str
    header: str = ""  # what a return adds to the copied header
    parts: tuple[Part, ...] = field(default=(), compare=False)

    @property
    def major(self) -> str:
        return self.release.partition(".")[0]

    def namespace(self) -> str:
        standard, prefix = ("ijw", "jw") if self.wet == "jeugdwet" else ("iwmo", "wmo")
        version = self.release.replace(".", "_")
        return f"http://www.istandaarden.nl/{standard}/{version}/{prefix}{self.soort}/schema"

    def xml(self) -> bytes:
        inside = tag("Header", self._versions(), self._parties(), self.header) + self.body
        declaration = '<?xml version="1.0" encoding="UTF-8"?>'
        return f'{declaration}<Bericht xmlns="{self.namespace()}">\n{inside}\n</Bericht>'.encode()

    def _versions(self) -> str:
        major, _, minor = self.release.partition(".")
        code = tag("BerichtCode", CODES[self.wet][self.soort])
        return code + tag("BerichtVersie", major) + tag("BerichtSubversie", minor)

    def _parties(self) -> str:
        if self.soort in ("303", "304"):
            period = tag("DeclaratiePeriode", tag("Begindatum", self.day), tag("Einddatum", self.day))
            number = tag("DeclarantFactuurNummer", self.identification) + tag("FactuurDagtekening", self.day)
            who = tag("Gemeente", self.town) + tag("Aanbieder", self.provider)
            return who + tag("DeclaratieFactuurIdentificatie", period, number)
        from_town = self.soort in FROM_TOWN | {"302", "320", "325"}
        sender, receiver = (self.town, self.provider) if from_town else (self.provider, self.town)
        who = tag("Afzender", sender) + tag("Ontvanger", receiver)
        identification = tag("Identificatie", self.identification) + tag("Dagtekening", self.day)
        return who + tag("BerichtIdentificatie", identification)


def allocation(
    number: int | str | None,
    first: str = "2025-01-01",
    last: str | None = "2025-12-31",
    *,
    decided: str = "2025-01-01",
    time: str = "09:00:00",
    reason: str | None = None,
    product: tuple[str, str | None] | None = ("45", "45A04"),
    size: tuple[int, str, str] | None = None,
    budget: int | None = None,
    reference: str | None = None,
) -> Part:
    """A ToegewezenProduct; ``size`` is (volume, unit, frequency)."""
    return Part(
        "ToegewezenProduct",
        tag("ToewijzingNummer", number)
        + tag("ReferentieAanbieder", reference)
        + _product(product)
        + tag("Toewijzingsdatum", decided)
        + tag("Toewijzingstijd", time)
        + tag("Ingangsdatum", first)
        + tag("Einddatum", last)
        + tag("RedenWijziging", reason)
        + _size(size)
        + tag("Budget", budget),
    )


def _product(product: tuple[str, str | None] | None) -> str:
    return tag("Product", tag("Categorie", product[0]), tag("Code", product[1])) if product else ""


def _size(size: tuple[int, str, str] | None) -> str:
    return tag("Omvang", *map(tag, ("Volume", "Eenheid", "Frequentie"), size)) if size else ""


def start(
    number: int | None, begin: str, status: str = "1", product: tuple[str, str | None] | None = ("45", "45A04")
) -> Part:
    """A StartProduct."""
    return Part(
        "StartProduct",
        tag("ToewijzingNummer", number)
        + _product(product)
        + tag("Begindatum", begin)
        + tag("StatusAanlevering", status),
    )


def stop(
    number: int | None,
    begin: str,
    end: str,
    reason: str = "31",
    status: str = "1",
    product: tuple[str, str | None] | None = ("45", "45A04"),
) -> Part:
    """A StopProduct."""
    return Part(
        "StopProduct",
        tag("ToewijzingNummer", number)
        + _product(product)
        + tag("Begindatum", begin)
        + tag("RedenBeeindiging", reason)
        + tag("Einddatum", end)
        + tag("StatusAanlevering", status),
    )


def request(
    reference: str,
    *,
    referrer: str = "02",
    first: str = "2025-01-01",
    last: str | None = None,
    product: tuple[str, str | None] | None = ("45", "45A04"),
    size: tuple[int, str, str] | None = None,
) -> Part:
    """An AangevraagdProduct of a 315."""
    return Part(
        "AangevraagdProduct",
        tag("ReferentieAanbieder", reference)
        + _product(product)
        + tag("ToewijzingIngangsdatum", first)
        + tag("ToewijzingEinddatum", last)
        + _size(size)
        + tag("Verwijzer", tag("Type", referrer), tag("Naam", MARK)),
    )


def unchanged(number: int) -> Part:
    """An OngewijzigdProduct of a 317."""
    return Part("OngewijzigdProduct", tag("ToewijzingNummer", number))


def changed(number: int, first: str, last: str | None = None) -> Part:
    """A TeWijzigenProduct of a 317."""
    return Part(
        "TeWijzigenProduct",
        tag("ToewijzingNummer", number) + tag("GewensteIngangsdatum", first) + tag("Einddatum", last),
    )


def new(first: str, last: str | None = None, product: tuple[str, str | None] = ("45", "45A04")) -> Part:
    """A NieuwProduct of a 317."""
    return Part("NieuwProduct", _product(product) + tag("GewensteIngangsdatum", first) + tag("Einddatum", last))


@dataclass(frozen=True)
class Line:
    """A claim line; the amount is in eurocents and ``sign`` D or C."""

    reference: str
    amount: int
    begin: str = "2025-01-01"
    end: str = "2025-01-31"
    number: int | None = 1
    sign: str = "D"
    previous: str | None = None
    product: tuple[str, str] = ("45", "45A04")
    size: tuple[int, str, int | None] = (1, "82", None)  # volume, unit, tariff
    bsn: str = ANNA

    def part(self, major: str, extra: str = "") -> Part:
        volume, unit, tariff = self.size
        amount = tag("Bedrag", self.amount) + tag("DebetCredit", self.sign)
        size = tag("GeleverdVolume", volume) + tag("Eenheid", unit) + tag("ProductTarief", tariff)
        money = size + tag("IngediendBedrag", amount)
        if major == "2":
            money = tag("IngediendeBedragPrestatie", size, tag("DeclaratieFactuurBedrag", amount))
        content = (
            tag(
                "ProductReferentie",
                tag("ReferentieNummer", self.reference),
                tag("VorigReferentieNummer", self.previous),
            )
            + tag("ToewijzingNummer", self.number)
            + tag("ProductCategorie", self.product[0])
            + tag("ProductCode", self.product[1])
            + tag("ProductPeriode", tag("Begindatum", self.begin), tag("Einddatum", self.end))
            + money
        )
        return Part("Prestatie", content + extra, self.bsn)


def credit(of: Line, reference: str) -> Line:
    """The credit of a debit line: the same, under a number of its own."""
    return replace(of, reference=reference, previous=of.reference, sign="C")


def message(
    soort: str,
    *parts: Part | Line,
    day: str,
    wet: str = "jeugdwet",
    release: str = "3.2",
    town: str = TOWN,
    provider: str = PROVIDER,
    identification: str | None = None,
    person: str = ANNA,
    name: str = MARK,
) -> Message:
    """A heen message about one person (303 and 323: about the persons of its lines)."""
    base = Message(soort, wet, release, town, provider, identification or f"B{next(_numbers)}", day, "")
    if soort in ("303", "323"):
        lines = tuple(part.part(base.major) for part in parts if isinstance(part, Line))
        return replace(base, body=_claim(lines, base.major, day), parts=lines)
    found = tuple(part for part in parts if isinstance(part, Part))
    inner = "".join(part.xml() for part in found) if soort == "319" else _client(base, found, person, name)
    return replace(base, body=inner, parts=found)


def question_answer(reference: str, value: str, reason: str | None = None) -> Part:
    """The Antwoord of a 319: 1 rejected, 2 under investigation."""
    return Part(
        "Antwoord",
        tag("ReferentieAanbieder", reference) + tag("VerzoekAntwoord", value) + tag("RedenAfwijzingVerzoek", reason),
    )


def change_request(reference: str, *parts: Part, reason: str = "1") -> tuple[Part, ...]:
    """The parts of a 317 with the Verzoek around them as one part."""
    inner = tag("ReferentieAanbieder", reference) + tag("RedenVerzoek", reason) + _grouped(parts)
    return (Part("Verzoek", inner),)


def _person(person: str, name: str) -> str:
    birth = tag("Geboortedatum", tag("Datum", BIRTH))
    return tag("Bsn", person) + birth + tag("Geslacht", "1") + tag("Naam", tag("Geslachtsnaam", tag("Naam", name)))


def _grouped(parts: tuple[Part, ...], codes: tuple[tuple[str, ...], ...] = ()) -> str:
    result = ""
    for name in dict.fromkeys(part.name for part in parts):
        inner = [part.xml(*(codes[number] if codes else ())) for number, part in enumerate(parts) if part.name == name]
        result += tag(PLURALS[name], *inner) if name in PLURALS else "".join(inner)
    return result


def _client(
    base: Message,
    parts: tuple[Part, ...],
    person: str,
    name: str,
    own: tuple[str, ...] = (),
    codes: tuple[tuple[str, ...], ...] = (),
) -> str:
    records = _grouped(parts, codes)
    if base.major == "2" and base.soort in ("301", "302"):
        records = tag("Beschikking", tag("BeschikkingNummer", 1), records)
    who = tag("Bsn", person) if base.soort in ("317", "318") else _person(person, name)
    return tag("Client", who, records, _codes(own) or None)


def _claim(lines: tuple[Part, ...], major: str, day: str, around: str = "") -> str:
    people = dict.fromkeys(line.bsn for line in lines)
    clients = tag(
        "Clienten",
        *(
            tag("Client", tag("Bsn", who), tag("Prestaties", *(line.xml() for line in lines if line.bsn == who)))
            for who in people
        ),
    )
    if major == "2":
        return clients
    return tag("Declaratie", tag("DeclaratieNummer", "D1"), tag("DeclaratieDagtekening", day), clients)


def answer(
    of: Message,
    day: str,
    *,
    header: tuple[str, ...] = (),
    client: tuple[str, ...] = (),
    records: tuple[tuple[Part, str], ...] = (),
    identification: str | None = None,
    person: str = ANNA,
) -> Message:
    """The 302, 306, 308, 316, 318 or 320 on a message; approves without any codes.

    ``header``: codes in the header; ``client``: at the client; ``records``: (record, its code) for each one listed.
    """
    own = tag("IdentificatieRetour", identification or f"R{next(_numbers)}") + tag("DagtekeningRetour", day)
    base = replace(of, soort=RETURN_OF[of.soort], body="", header=own + _codes(header))
    if not client and not records:
        return base
    parts, codes = tuple(part for part, _ in records), tuple((code,) for _, code in records)
    if of.soort == "319":
        return replace(base, body=_grouped(parts, codes))
    return replace(base, body=_client(base, parts, person, MARK, client or ("0200",), codes))


def claim_answer(
    of: Message,
    day: str,
    *,
    header: tuple[str, ...] = ("0200",),
    whole: tuple[str, ...] = ("8001",),
    listed: tuple[tuple[Line, str], ...] = (),
    granted: tuple[int, ...] = (),
    client: tuple[str, ...] = (),
    identification: str | None = None,
) -> Message:
    """The 304 or 325 on a claim. ``listed`` are (line, code); ``granted`` what a 304 grants on each of them.

    ``whole`` are the codes of the DeclaratieAntwoord of a 325 (empty: there is none).
    """
    own = identification or f"A{next(_numbers)}"
    lines = tuple(
        line.part(of.major, _granted(line, granted[number] if granted else 0, of.major) + _codes((code,)))
        for number, (line, code) in enumerate(listed)
    )
    clients = tag(
        "Clienten",
        *(
            tag(
                "Client",
                tag("Bsn", who),
                tag("Prestaties", *(line.xml() for line in lines if line.bsn == who)),
                _codes(client) or None,
            )
            for who in dict.fromkeys(line.bsn for line in lines)
        ),
    )
    if of.soort == "303":
        retour = tag("RetourHeader", tag("GemeenteReferentieNummer", own), tag("RetourDagtekening", day))
        return replace(of, soort="304", header=retour + _codes(header), body=clients, parts=lines)
    asked = tag("DeclaratieIdentificatie", tag("Identificatie", of.identification), tag("Dagtekening", of.day))
    body = tag("DeclaratieAntwoord", tag("DeclaratieNummer", "D1"), _codes(whole), clients) if whole else ""
    return replace(of, soort="325", identification=own, day=day, header=asked + _codes(header), body=body, parts=lines)


def _granted(line: Line, amount: int, major: str) -> str:
    if major != "2":
        return ""
    calculated = tag("GemeenteBerekendBedrag", tag("Bedrag", line.amount), tag("DebetCredit", line.sign))
    own = tag("ToegekendBedrag", tag("Bedrag", amount), tag("DebetCredit", line.sign))
    return tag("ToegekendeBedragPrestatie", calculated, own)
