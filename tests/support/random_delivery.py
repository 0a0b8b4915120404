"""Draws allocations with their requests, starts and stops."""

from collections.abc import Iterable
from typing import Any

from kpi.calc.frames import NO_DAY, NO_NUMBER
from tests.support.naive.days import add_months
from tests.support.random_days import BEGINS, DAYS, ENDS, FIRST_DAY

Row = dict[str, Any]
TIMES = ("", "09:00:00", "14:30:00", "14:30:00.5")
REASONS = {
    "jeugdwet": ("31", "31", "32", "33", "34", "35", "35", "36", "37", "02", "99"),
    "wmo": ("19", "19", "21", "22", "23", "31", "31", "36", "38", "02"),
}
GAPS = (-20, 0, 0, 1, 1, 1, 2, 30, 100, 123, 200)
LENGTHS = (0, 1, 10, 27, 30, 59, 90, 120, 180)
LATE = (-30, -12, -1, 0, 1, 5, 7, 8, 15, 40)


def add_delivery(traffic: Any, places: Any, clients: Iterable[int]) -> list[Row]:
    """Everything about allocations of these clients; the allocations as last meant, for who claims on them."""
    random = traffic.random
    allocations: list[Row] = []
    for client in clients:
        begin = random.choice(BEGINS) if traffic.chance(40) else FIRST_DAY + random.randrange(DAYS)
        for _ in range(random.choice((1, 2, 3, 5))):
            allocation = _allocation(traffic, places, client, begin, len(allocations) + 1)
            care = _care(traffic, allocation)
            twin = {**allocation, "municipality": random.choice(places[0])}
            for own in (allocation, twin) if traffic.chance(15) else (allocation,):
                allocations.append(own)
                _add_versions(traffic, own)
                _add_care(traffic, own, care)
            begin = _later(traffic, care[-1]["end"] if care else begin)
    return allocations


def _later(traffic: Any, end: int) -> int:
    """When the next care begins: adjoining, overlapping, or about so many months later."""
    if traffic.chance(20):
        return add_months(end, traffic.random.choice((4, 8, 12))) + traffic.random.choice((0, 0, 1))
    return end + traffic.random.choice(GAPS)


def _allocation(traffic: Any, places: Any, client: int, begin: int, serial: int) -> Row:
    """Numbers are small, so that municipalities and laws share them."""
    random = traffic.random
    municipalities, providers, products = places
    # Most care of a client stays in one place, so that spells adjoin within many scopes.
    home = client if traffic.chance(70) else random.randrange(9)
    wet = random.choice(("jeugdwet", "jeugdwet", "wmo"))
    category, code = products[wet][0] if traffic.chance(40) else random.choice(products[wet])
    return {
        "wet": wet,
        "municipality": municipalities[home % 3],
        "provider": providers[home // 3 % 3],
        "client": client,
        "number": (serial + 1) // 2,
        "categorie": category,
        "code": code,
        "begin": begin,
    }


def _send(traffic: Any, soort: str, allocation: Row, day: int, **records: list[Row]) -> None:
    traffic.send(soort, allocation["wet"], allocation["municipality"], allocation["provider"], day, **records)


def _add_versions(traffic: Any, allocation: Row) -> None:
    """One to three versions; a moment is a day and maybe a time, and a later message may be an earlier version."""
    random, begin = traffic.random, allocation["begin"]
    reference = _add_request(traffic, allocation)
    for turn in range(random.choice((1, 1, 2, 3))):
        moment = begin + random.choice((-30, -5, 0, 20)) + turn * random.choice((0, 1, 30))
        end = random.choice((NO_DAY, begin, begin + 50, begin + 364, begin + 500))
        row = {
            "client": allocation["client"],
            "toewijzing_nummer": allocation["number"],
            "referentie_aanbieder": random.choice((reference, reference, "", reference and f"{reference}b")),
            "categorie": allocation["categorie"],
            "code": allocation["code"],
            "toewijzingsdatum": moment,
            "toewijzingstijd": random.choice(TIMES),
            "ingangsdatum": begin,
            "einddatum": end,
            "reden_wijziging": random.choice(("", "", "", "04", "07", "01", "13"))
            if turn or traffic.chance(20)
            else "",
            **_size(traffic),
        }
        if row["reden_wijziging"] == "01" and traffic.chance(60):
            row["einddatum"] = begin
        if traffic.chance(3):
            row["toewijzing_nummer"] = NO_NUMBER
        own = dict(allocation)
        if traffic.chance(5):
            own["provider"] = "12345673"
        _send(traffic, "301", own, moment + random.choice((-1, 0, 0, 3, 10)), toewijzingen=[row])


def _size(traffic: Any) -> Row:
    random = traffic.random
    if traffic.chance(15):
        return {"budget": random.choice((0, 100_000, 99_999))}
    if traffic.chance(10):
        return {}
    unit = random.choice(("01", "04", "16", "14", "82", "83"))
    return {
        "volume": random.choice((0, 1, 3, 45_001 if unit == "83" else 90)),
        "eenheid": unit,
        "frequentie": random.choice(("1", "2", "3", "4", "5", "6")),
    }


def _add_request(traffic: Any, allocation: Row) -> str:
    """The reference of a 315, a 317, of nothing known, or none."""
    kind = traffic.random.choice(("315", "315", "315", "317", "unknown", "none"))
    if kind == "none":
        return ""
    reference = f"V{allocation['client'] * 100 + allocation['number']}"
    row = {"client": allocation["client"], "referentie_aanbieder": reference, "toewijzing_nummer": NO_NUMBER}
    day = allocation["begin"] - traffic.random.choice((-3, 0, 1, 14, 20, 40))
    if kind == "315":
        for _ in range(traffic.random.choice((1, 1, 1, 2))):
            row = {**row, "verwijzer_type": traffic.random.choice(("01", "02", "03", "04", "05", "06", "07", "08", ""))}
            other = {**row, "referentie_aanbieder": f"{reference}b", "verwijzer_type": "04"}
            own = dict(allocation, municipality="0090") if traffic.chance(10) else allocation
            _send(traffic, "315", own, day, verzoeken=[row, other])
            day += traffic.random.choice((0, 6))
    if kind == "317":
        _send(traffic, "317", allocation, day, verzoeken=[{**row, "deel": "nieuw"}, {**row, "deel": "te_wijzigen"}])
    return reference


def _care(traffic: Any, allocation: Row) -> list[Row]:
    """Up to four periods of care: begin, end, and the reasons of its stops, 20 or none perhaps."""
    random = traffic.random
    begin = allocation["begin"] + random.choice((-40, -1, 0, 0, 0, 3, 14, 15, 21, 22))
    found = []
    for _ in range(random.choice((0, 1, 1, 1, 2, 4))):
        end = max(begin, random.choice(ENDS)) if traffic.chance(25) else begin + random.choice(LENGTHS)
        reasons = ["20"] if traffic.chance(25) else []
        reasons += random.choices(REASONS[allocation["wet"]], k=random.choices((0, 1, 2), (25, 65, 10))[0])
        found.append({"begin": begin, "end": end, "reasons": reasons})
        begin = _later(traffic, end) if traffic.chance(30) else end + random.choice((0, 0, 1, 2, 40))
        begin = max(begin, found[-1]["begin"] + 1)
    return found


def _add_care(traffic: Any, allocation: Row, care: list[Row]) -> None:
    """The starts and stops of the care, and some stops of what never started."""
    random = traffic.random
    for part in care:
        begin, end = part["begin"], part["end"]
        _add_record(traffic, allocation, "305", begin, {"begindatum": begin})
        for turn, reason in enumerate(part["reasons"]):
            last = end if reason != "20" else max(begin, end - random.choice((0, 3)))
            _add_stop(traffic, allocation, begin, last + (random.choice((0, 4)) if turn else 0), reason)
        if traffic.chance(5):
            _add_stop(traffic, allocation, begin + 1, end + 1, "36")


def _add_stop(traffic: Any, allocation: Row, begin: int, end: int, reason: str) -> None:
    _add_record(traffic, allocation, "307", end, {"begindatum": begin, "einddatum": end, "reden_beeindiging": reason})


def _add_record(traffic: Any, allocation: Row, soort: str, day: int, fields: Row) -> None:
    """One record, sent once or several times, withdrawn before or after, in one message or more."""
    random = traffic.random
    name = "starts" if soort == "305" else "stops"
    record = {
        "client": allocation["client"] if not traffic.chance(2) else 999,
        "toewijzing_nummer": allocation["number"] if not traffic.chance(2) else random.choice((NO_NUMBER, 777)),
        "categorie": allocation["categorie"],
        "code": allocation["code"],
        **fields,
    }
    if traffic.chance(3):
        record["code"] = "XXXXX"
    drawn = (("1",), ("1", "3"), ("1", "3", "1"), ("1", "1"), ("3", "1"), ("2",), ("9", "1"), ("1", "1", "3"))
    statuses = random.choices(drawn, (76, 4, 6, 4, 3, 2, 2, 3))[0]
    for status in statuses:
        allocation["reported"] = day + random.choice(LATE)
        given = [{**record, "status_aanlevering": status}]
        _send(traffic, soort, allocation, allocation["reported"], **{name: given})
    if traffic.chance(8):
        moved = (
            {**record, "begindatum": record["begindatum"] + 2}
            if soort == "305"
            else {**record, "reden_beeindiging": "36"}
        )
        pair = [{**record, "status_aanlevering": "3"}, {**moved, "status_aanlevering": "1"}]
        _send(traffic, soort, allocation, day + random.choice(LATE), **{name: pair})
