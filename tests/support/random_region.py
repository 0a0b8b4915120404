"""Random record frames full of corrections, rejections and mistakes, the same for the same seed.

``random_records`` draws what real traffic has rarely and computations get wrong easily: versions of allocations out
of order, deleted and revived ones, returns that reject a message or one record of it, withdrawn and resent starts,
temporary stops and restarts, credits that take back too much, numbers that nobody knows.
"""

from random import Random
from typing import Any

import pandas as pd

from kpi.calc.frames import CATALOGUE, NO_DAY, NO_NUMBER, RECORD_CONTRACTS, Contract, Records, Reference
from tests.support.naive.traffic import RETURN_OF, identity
from tests.support.random_claims import add_claims
from tests.support.random_days import CATALOGUE_TURN, DAYS, FIRST_DAY
from tests.support.random_delivery import add_delivery

Row = dict[str, Any]
DTYPES = {"day": "int32", "int": "int64", "text": "str"}
MISSING = {"day": NO_DAY, "int": NO_NUMBER, "text": ""}
MUNICIPALITIES = ("0080", "0090", "0093")
PROVIDERS = ("12345671", "12345672", "12345673")
CODES_THAT_REJECT = ("9332", "0001", "8848", "S300")
PRODUCTS = {
    "jeugdwet": (("45", "45A04"), ("45", "45A05"), ("54", "54001"), ("50", "50X99"), ("45", ""), ("", "")),
    "wmo": (("15", "15B01"), ("02", "02A05"), ("04", "04A01"), ("15", "")),
}


class Traffic:
    """Rows of all frames while they are being drawn."""

    def __init__(self, random: Random, release: str) -> None:
        self.random = random
        self.release = release
        self.rows: dict[str, list[Row]] = {name: [] for name in RECORD_CONTRACTS}
        self._links: dict[tuple[Any, ...], int] = {}

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def send(self, soort: str, wet: str, municipality: str, provider: str, day: int, **records: list[Row]) -> int:
        """A heen message with its records and, mostly, its return."""
        number = len(self.rows["messages"]) + 1
        row = {
            "wet": wet,
            "soort": soort,
            "release": self.random.choice(("2.3", "3.0", "3.2")) if self.chance(15) else self.release,
            "gemeente": municipality,
            "aanbieder": provider,
            "identificatie": f"{number * 7919 % 1009}-{number}",
            "dagtekening": day,
        }
        message = self._add(row, datum=day)
        for name, own in records.items():
            self.rows[name] += [
                {"message_id": message, "regel": line, **record} for line, record in enumerate(own, start=1)
            ]
        for _ in range(self.random.choices((0, 1, 2), (15, 75, 10))[0]):
            self._answer(row, records)
        return message

    def _add(self, row: Row, **more: Any) -> int:
        link = self._links.setdefault(identity(row), len(self._links) + 1)
        number = len(self.rows["messages"]) + 1
        self.rows["messages"].append({**row, "message_id": number, "link": link, **more})
        return number

    def _answer(self, row: Row, records: dict[str, list[Row]]) -> None:
        """A return: mostly approval; else a rejecting code at a drawn level."""
        level = self.random.choices(("none", "header", "antwoord", "overig", "record"), (78, 3, 2, 3, 14))[0]
        claim = row["soort"] in ("303", "323")
        codes = {
            "retourcodes_header": self._codes(level == "header"),
            "retourcodes_antwoord": self._codes(level == "antwoord") if claim else "",
            "retourcodes_overig": self._codes(level == "overig"),
        }
        answer = {**row, "soort": RETURN_OF[row["soort"]], "retour_identificatie": f"R{self.random.randrange(10**6)}"}
        day = row["dagtekening"] + self.random.choice((-2, 0, 0, 1, 3, 5, 6, 7, 8, 30))
        number = self._add(answer, datum=day, **codes)
        if level == "record":
            self._answer_records(number, row["soort"], records)

    def _codes(self, reject: bool) -> str:
        if reject:
            return self.random.choice((*CODES_THAT_REJECT, "0200 9332"))
        return self.random.choice(("", "", "0200", "0233", "8001"))

    def _answer_records(self, number: int, soort: str, records: dict[str, list[Row]]) -> None:
        rows = [(name, record) for name, own in records.items() for record in own]
        for line, (name, record) in enumerate(rows, start=1):
            answer = {"message_id": number, "regel": line}
            if name == "prestaties":
                if self.chance(60):
                    self.rows["antwoord_regels"].append({**answer, **self._granted(soort, record)})
            else:
                codes = self.random.choice(("0200", "0200", "0233", "9074", "0200 9074"))
                self.rows["retour_regels"].append({**answer, **_key_fields(name, record), "retourcodes": codes})

    def _granted(self, soort: str, record: Row) -> Row:
        """A listed claim line: with a granted amount in a 304, without in a 325."""
        line = {
            "referentie_nummer": record["referentie_nummer"],
            "retourcodes": self.random.choice(("0200", "8001", "9333", "0233")),
            "retourcodes_client": self.random.choice(("", "0200", "8187")),
        }
        if soort == "303":
            part = self.random.choice((0, 0, 50, 99, 100))
            line["toegekend_bedrag"] = record["bedrag"] * part // 100
            line["toegekend_debet_credit"] = record["debet_credit"]
        return line


def _key_fields(name: str, record: Row) -> Row:
    """What a return repeats of a record."""
    if name == "toewijzingen":
        return {
            "toewijzing_nummer": record["toewijzing_nummer"],
            "begindatum": record["toewijzingsdatum"],
            "sleutel": record["toewijzingstijd"],
        }
    return {key: value for key, value in record.items() if key in RECORD_CONTRACTS["retour_regels"]}


def random_records(seed: int, release: str, clients: int = 12) -> Records:
    """A region of so many clients ; the release of most of its messages is given."""
    traffic = Traffic(Random(seed), release)
    places = (MUNICIPALITIES, PROVIDERS, PRODUCTS)
    allocations = add_delivery(traffic, places, range(1, clients + 1))
    add_claims(traffic, places, allocations)
    _add_answers_to_requests(traffic)
    order = traffic.rows["messages"]
    traffic.random.shuffle(order)
    return Records(**{name: _frame(traffic.rows[name], contract) for name, contract in RECORD_CONTRACTS.items()})


def _add_answers_to_requests(traffic: Traffic) -> None:
    """Some 319 messages; their content is not among the frames."""
    for _ in range(6):
        wet, municipality = traffic.random.choice(tuple(PRODUCTS)), traffic.random.choice(MUNICIPALITIES)
        day = FIRST_DAY + traffic.random.randrange(DAYS)
        traffic.send("319", wet, municipality, traffic.random.choice(PROVIDERS), day)


def _frame(rows: list[Row], contract: Contract) -> pd.DataFrame:
    return pd.DataFrame(
        {
            column: pd.Series([row.get(column, MISSING[kind]) for row in rows], dtype=DTYPES[kind])
            for column, kind in contract.items()
        }
    )


def random_reference(seed: int) -> Reference:
    """A catalogue with gaps and overlapping rows, and now and then an outcome class of its own."""
    random = Random(seed)
    rows = []
    for wet, products in PRODUCTS.items():
        for category, code in products:
            main = (category, code) == products[0]
            for valid_from, valid_to in [(NO_DAY, NO_DAY)] if main else _validities(random):
                rows.append(
                    {
                        "wet": wet,
                        "categorie": category,
                        "code": code,
                        "valid_from": valid_from,
                        "valid_to": valid_to,
                        **_terms(random, wet),
                        **({"kind": "herstel"} if main else {}),
                    }
                )
    outcomes = random.choice(
        ({}, {("jeugdwet", "36"): "uitval", ("wmo", "38"): "tijdelijk"}, {("wmo", "20"): "succes"})
    )
    return Reference(_frame(rows, CATALOGUE), outcomes)


def _validities(random: Random) -> list[tuple[int, int]]:
    return random.choice(
        (
            [],
            [(NO_DAY, NO_DAY)],
            [(NO_DAY, NO_DAY)],
            [(NO_DAY, NO_DAY), (CATALOGUE_TURN, NO_DAY)],
            [(NO_DAY, CATALOGUE_TURN), (CATALOGUE_TURN + 1, NO_DAY)],
            [(FIRST_DAY + 30, CATALOGUE_TURN)],
        )
    )


def _terms(random: Random, wet: str) -> Row:
    domains = {
        "jeugdwet": ("jeugd-ggz", "begeleiding-jeugd"),
        "wmo": ("beschermd-wonen", "thuisplus", "begeleiding-wmo"),
    }
    return {
        "domain": random.choice(domains[wet]),
        "kind": random.choice(("herstel", "herstel", "duurzaam", "overig")),
        "delivery_form": random.choice(("ambulant", "verblijf")),
        "unit": random.choice(("01", "04", "16", "14", "82", "83")),
        "weight": random.choice((NO_NUMBER, 100, 125, 350)),
        "tariff": random.choice((NO_NUMBER, 0, 95, 6033)),
        "arrangement_price": random.choice((NO_NUMBER, NO_NUMBER, 0, 100_000)),
    }
