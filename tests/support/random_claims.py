"""Draws claims on allocations, credits and claims on nothing."""

from typing import Any

from kpi.calc.frames import NO_NUMBER

Row = dict[str, Any]


def add_claims(traffic: Any, places: Any, allocations: list[Row]) -> None:
    """Claims of one to four lines each; some lines are credited, some twice, some resent under their own number."""
    by_payer: dict[tuple[str, str, str], list[Row]] = {}
    for allocation in allocations:
        payer = allocation["wet"], allocation["municipality"], allocation["provider"]
        by_payer.setdefault(payer, []).extend(_lines(traffic, places, allocation))
    serial = 0
    for payer, lines in by_payer.items():
        for line in lines:
            serial += 1
            line["referentie_nummer"] = f"P{serial}"
        _send_claims(traffic, payer, lines)
        _send_claims(traffic, payer, _credits(traffic, lines))
        _send_claims(traffic, payer, [line for line in lines if traffic.chance(3)])


def _lines(traffic: Any, places: Any, allocation: Row) -> list[Row]:
    random = traffic.random
    category, code = allocation["categorie"] or "45", allocation["code"] or "45A04"
    lines = []
    begin = allocation["begin"] + random.choice((-5, 0, 0, 0, 20))
    for _ in range(random.choice((0, 1, 2, 4))):
        if traffic.chance(8):
            category, code = random.choice(places[2][allocation["wet"]])
        lines.append(
            {
                "client": allocation["client"] if not traffic.chance(4) else 999,
                "toewijzing_nummer": allocation["number"] if not traffic.chance(6) else random.choice((NO_NUMBER, 777)),
                "categorie": category or "45",
                "code": code,
                "begindatum": begin,
                "einddatum": begin + random.choice((0, 14, 29, 60)),
                "bedrag": random.choice((0, 100, 69_999, 70_000, 70_000, 70_001, 250_000)),
                "debet_credit": "D",
                "reported": allocation.get("reported"),
            }
        )
        begin += random.choice((0, 30, 31, 60))
    return lines


def _credits(traffic: Any, lines: list[Row]) -> list[Row]:
    """Full, partial, double and wrong credits."""
    found = []
    for line in lines:
        for turn in range(traffic.random.choices((0, 1, 2), (65, 28, 7))[0]):
            credit = {**line, "debet_credit": "C", "referentie_nummer": f"{line['referentie_nummer']}C{turn}"}
            credit["vorig_referentie_nummer"] = line["referentie_nummer"] if not traffic.chance(10) else "P-nobody"
            if traffic.chance(20):
                credit["bedrag"] = traffic.random.choice((line["bedrag"] // 2, line["bedrag"] + 500))
            if traffic.chance(10):
                credit["begindatum"] += 31
            found.append(credit)
    return found


def _send_claims(traffic: Any, payer: tuple[str, str, str], lines: list[Row]) -> None:
    wet, municipality, provider = payer
    while lines:
        size = traffic.random.randrange(1, 5)
        batch, lines = lines[:size], lines[size:]
        day = max(line["begindatum"] for line in batch) + traffic.random.choice((-10, 3, 20, 40, 90))
        if batch[0]["reported"] is not None and traffic.chance(20):
            day = batch[0]["reported"]
        soort = "303" if traffic.release.startswith("2") else "323"
        traffic.send(soort, wet, municipality, provider, day, prestaties=batch)
