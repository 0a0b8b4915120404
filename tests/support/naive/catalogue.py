"""What the reference data say of a product, an end reason and a referrer (definitions, 1)."""

from dataclasses import dataclass
from typing import Any

from kpi.calc.frames import Reference
from tests.support.naive.traffic import Message, Row, rows_of

UNKNOWN = "onbekend"
REFERRER_GROUPS = {
    "01": "gemeente",
    "02": "huisarts",
    "03": "huisarts",
    "04": "gi",
    "05": "overig",
    "06": "overig",
    "08": "overig",
}
OUTCOMES = {
    "jeugdwet": {"31": "succes", "32": "uitval", "33": "uitval", "34": "uitval", "20": "tijdelijk", "02": "overleden"},
    "wmo": {"19": "succes", "21": "uitval", "22": "uitval", "23": "uitval", "20": "tijdelijk", "02": "overleden"},
}


@dataclass(frozen=True)
class Product:
    """A product code with what the catalogue says of it; ``row`` is None when it says nothing."""

    key: str
    row: Row | None

    @property
    def domain(self) -> str:
        return self.row["domain"] if self.row else UNKNOWN

    @property
    def kind(self) -> str:
        return self.row["kind"] if self.row else UNKNOWN

    @property
    def delivery_form(self) -> str:
        return self.row["delivery_form"] if self.row else UNKNOWN

    @property
    def weight(self) -> int | None:
        """Zwaarte in hundredths."""
        return self.row["weight"] if self.row else None


class Catalogue:
    """Looks up products and outcome classes in the reference data."""

    def __init__(self, reference: Reference) -> None:
        self._rows = rows_of(reference.catalogue)
        self._overrides = dict(reference.outcomes)

    def product(self, wet: str, category: str, code: str, day: int) -> Product:
        """The row valid on the day; of overlapping rows the latest geldig_van; exact match only."""
        valid = [
            row
            for row in self._rows
            if (row["wet"], row["categorie"], row["code"]) == (wet, category, code)
            and (row["valid_from"] is None or row["valid_from"] <= day)
            and (row["valid_to"] is None or day <= row["valid_to"])
        ]
        valid.sort(key=lambda row: (row["valid_from"] is not None, row["valid_from"] or 0))
        return Product(f"{wet}:{category}:{code}", valid[-1] if valid else None)

    def outcome(self, wet: str, reason: str) -> str:
        """The outcome class of an end reason."""
        default = OUTCOMES[wet].get(reason, "overig")
        return self._overrides.get((wet, reason), default)


def requests(messages: list[Message]) -> dict[tuple[str, str, str], tuple[Message, Row]]:
    """Per law, provider and reference the earliest accepted requested product of a 315."""
    found: dict[tuple[str, str, str], tuple[Message, Row]] = {}
    asked = [message for message in messages if message.soort == "315"]
    for message in sorted(asked, key=lambda message: (message.sent, message.row["identificatie"])):
        for row in message.accepted("verzoeken"):
            found.setdefault((message.wet, message.provider, row["referentie_aanbieder"]), (message, row))
    return found


def referrer_group(reference: str, wet: str, provider: str, asked: dict[tuple[str, str, str], Any]) -> str:
    """The group of an allocation by its first reference; none is taken for the municipality."""
    if not reference:
        return "gemeente"
    if (wet, provider, reference) not in asked:
        return UNKNOWN
    _, row = asked[wet, provider, reference]
    return REFERRER_GROUPS.get(row["verwijzer_type"], UNKNOWN)
