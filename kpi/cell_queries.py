"""Whose cases may be behind a figure: queries for the clients or messages that its cell can be about.

Each gives everybody who can have a case there and leaves out most others: a spell of a cell that ended in a period has
a stop in that period on an allocation of the cell. What really counts (versions, withdrawals, returns, reference dates)
is left to the calculation, which is then asked for these clients alone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kpi.calc.allocations import UNKNOWN
from kpi.calc.frames import to_date
from kpi.calc.indicators.i16_berichtenmonitor import ANSWERED
from kpi.calc.periods import Period
from kpi.picking import NO_CLIENT, NO_LINK
from providers.models import Product

CLAIMS = ("prestaties",)


@dataclass(frozen=True)
class Cell:
    """A measure in a period, where each dimension of ``kept`` has one of some values."""

    measure: str
    period: Period
    kept: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Whose:
    """``clients`` and ``links`` are queries with ``values``; ``without`` names the records that no case needs."""

    clients: str
    links: str
    values: dict[str, Any]
    without: tuple[str, ...]


def whose(cell: Cell) -> Whose:
    """Who may have a case in a cell."""
    values = _values(cell)
    if "answers" in values:
        return Whose(NO_CLIENT, _answered(values), values, ())
    ways = _ways(cell.measure)
    without = () if CLAIMED & set(ways) else CLAIMS
    return Whose(" UNION ".join(way(values) for way in ways), NO_LINK, values, without)


def _values(cell: Cell) -> dict[str, Any]:
    found: dict[str, Any] = {"first": to_date(cell.period.first), "last": to_date(cell.period.last)}
    answers = [soort for soort in ANSWERED if cell.measure in ("bericht_uitval", f"reactietijd_{soort}")]
    found |= {"answers": tuple(answers)} if answers else {}
    found |= {name: tuple(cell.kept[name]) or ("",) for name in ("municipality", "provider") if name in cell.kept}
    products = _products(cell)
    return found if products is None else found | {"products": tuple(products) or (("", "", ""),)}


def _products(cell: Cell) -> set[tuple[str, ...]] | None:
    """Law, category and code of the products that a case may have; None where it may have any."""
    asked = [{tuple(code.split(":")) for code in cell.kept["product"]}] if "product" in cell.kept else []
    for name in ("domain", "delivery_form"):
        wanted = cell.kept.get(name)
        if wanted is not None and UNKNOWN not in wanted:
            rows = Product.objects.filter(**{f"{name}__in": wanted})
            asked.append(set(rows.values_list("wet", "category", "code")))
    return set.intersection(*asked) if asked else None


def _place(values: dict[str, Any], message: str, record: str = "") -> Iterator[str]:
    """The conditions on a message and a record with a product."""
    if "municipality" in values:
        yield f" AND {message}.gemeente IN %(municipality)s"
    if "provider" in values:
        yield f" AND {message}.aanbieder IN %(provider)s"
    if record and "products" in values:
        yield f" AND ({message}.wet, {record}.categorie, {record}.code) IN %(products)s"


def _allocated(values: dict[str, Any]) -> str:
    """That a record (r, of message m) is about an allocation of the cell."""
    place = "".join(_place(values, "n", "a"))
    if not place:
        return ""
    return (
        " AND EXISTS (SELECT 1 FROM messaging_toewijzing a JOIN messaging_message n ON n.id = a.message_id"
        " WHERE a.client = r.client AND a.toewijzing_nummer = r.toewijzing_nummer"
        f" AND n.wet = m.wet AND n.gemeente = m.gemeente{place})"
    )


def _clients(table: str, when: str, where: str) -> str:
    return f"SELECT r.client FROM {table} r JOIN messaging_message m ON m.id = r.message_id WHERE {when}{where}"  # noqa: S608


Way = Callable[[dict[str, Any]], str]


def _of_event(table: str, day: str) -> Way:
    """A record on an allocation of the cell, with a day in the period."""
    return lambda values: _clients(table, f"{day} BETWEEN %(first)s AND %(last)s", _allocated(values))


def _running(values: dict[str, Any]) -> str:
    return _clients("messaging_startproduct", "r.begindatum <= %(last)s", _allocated(values))


def _claimed(values: dict[str, Any]) -> str:
    """A claim line has a place and a product of its own."""
    inside = "r.begindatum BETWEEN %(first)s AND %(last)s"
    return _clients("messaging_prestatie", inside, "".join(_place(values, "m", "r")))


def _expected(values: dict[str, Any]) -> str:
    inside = "r.ingangsdatum <= %(last)s AND (r.einddatum IS NULL OR r.einddatum >= %(first)s)"
    return _clients("messaging_toewijzing", inside, "".join(_place(values, "m", "r")))


def _requested(values: dict[str, Any]) -> str:
    answer = (
        " AND EXISTS (SELECT 1 FROM messaging_toewijzing a JOIN messaging_message n ON n.id = a.message_id"
        " WHERE a.referentie_aanbieder = r.referentie_aanbieder AND a.referentie_aanbieder <> ''"
        " AND n.dagtekening BETWEEN %(first)s AND %(last)s)"
    )
    return _clients("messaging_verzoek", "m.soort = '315'", answer + "".join(_place(values, "m")))


def _answered(values: dict[str, Any]) -> str:
    """The messages of the cell with an answer in the period."""
    return (
        "SELECT m.link FROM messaging_message n JOIN messaging_message m USING (link) WHERE n.soort IN %(answers)s"
        f" AND n.datum BETWEEN %(first)s AND %(last)s AND m.soort NOT IN %(answers)s{''.join(_place(values, 'm'))}"
    )


STARTED = _of_event("messaging_startproduct", "r.begindatum")
START_TOLD = _of_event("messaging_startproduct", "m.dagtekening")
ENDED = _of_event("messaging_stopproduct", "r.einddatum")
END_TOLD = _of_event("messaging_stopproduct", "m.dagtekening")
CLAIM_TOLD = _of_event("messaging_prestatie", "m.dagtekening")
FIRST_CLAIMED = _of_event("messaging_prestatie", "r.begindatum")
CLAIMED = {_claimed, CLAIM_TOLD, FIRST_CLAIMED}
_FAMILIES: dict[str, tuple[Way, ...]] = {
    "mutaties_": (ENDED,),
    "recidive_": (ENDED,),
    "duur_": (ENDED,),
    "uitval_": (ENDED,),
    "uitstroom": (ENDED,),
    "instroom": (STARTED,),
    "herindicaties": (STARTED,),
    "clienten_in_zorg": (_running,),
    "verwijzers": (_running,),
    "zwaarte_": (_running,),
    "startdeclaratie_": (FIRST_CLAIMED,),
    "gefactureerd": (_claimed,),
    "toegekend": (_claimed,),
    "kosten_per_": (_claimed,),
    "verwachte_kosten": (_expected,),
    "declaratiegraad": (_claimed, _expected),
    "doorlooptijd_315_301": (_requested,),
    "doorlooptijd_301_305": (START_TOLD,),
    "doorlooptijd_301_303": (CLAIM_TOLD,),
    "doorlooptijd_305_307": (END_TOLD,),
    "doorlooptijd_307_303": (CLAIM_TOLD,),
    "wachttijd_start": (START_TOLD,),
    "meldtijd_305": (START_TOLD,),
    "meldtijd_307": (END_TOLD,),
    "beeindigingscodes": (END_TOLD,),
}


def _ways(measure: str) -> tuple[Way, ...]:
    """Those of the longest name that fits."""
    return _FAMILIES[max((name for name in _FAMILIES if measure.startswith(name)), key=len)]
