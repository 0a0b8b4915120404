"""Record frames of a national year or a part of it, made at once with numpy instead of from messages.

A full nation is 1.2 million clients, 5 million allocations and starts, 4 million stops and 40 million claim lines, in
40 purchasing regions of 8 municipalities and 75 providers. A part of it has as many of those regions: places grow with
people, as they do when a region joins. Corrections, rejections and refusals have about the shares of real traffic.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi.calc.frames import (
    CATALOGUE,
    NO_DAY,
    NO_NUMBER,
    RECORD_CONTRACTS,
    Contract,
    Records,
    Reference,
)
from kpi.calc.periods import parse

Ints = npt.NDArray[np.int64]

REGIONS = 40  # of the whole nation
MESSAGES = 10_000_000  # more than a region sends, so that numbers stay apart
CLIENTS, ALLOCATIONS = 30_000, 125_000  # of one region
TOWNS, PROVIDERS = 8, 75
FIRST_DAY, DAYS = parse("year", "2023").first, 1096
AS_OF = parse("year", "2025").last
LAWS = np.array(["jeugdwet", "wmo"], dtype=object)
DOMAINS = {
    "jeugdwet": ("jeugd-ggz", "jeugd-en-opvoedhulp", "begeleiding-jeugd", "eed"),
    "wmo": ("beschermd-wonen", "thuisplus", "begeleiding-wmo", "hulp-bij-huishouden"),
}
PRODUCTS, OFFERED = 30, 8  # per law, and per provider
REASONS = {"jeugdwet": ("31", "32", "33", "35", "36", "37"), "wmo": ("19", "21", "22", "31", "36", "37")}
REASON_SHARES = (0.55, 0.08, 0.06, 0.06, 0.15, 0.10)
RETURNS = {"301": "302", "303": "304", "305": "306", "307": "308", "315": "316", "323": "325"}
MISSING = {"day": NO_DAY, "int": NO_NUMBER, "text": ""}


@dataclass
class _Post:
    """Messages while they are being sent: numbers and links are given out in order."""

    rng: np.random.Generator
    tables: list[pd.DataFrame]
    sent: int = 0

    def send(self, soort: str | npt.NDArray, wet: npt.NDArray, town: Ints, provider: Ints, day: Ints) -> Ints:
        """A message per row; its number, which is its link too."""
        count = len(day)
        numbers = np.arange(self.sent, self.sent + count)
        self.sent += count
        table = {"message_id": numbers, "link": numbers, "wet": wet, "soort": soort, "release": "3.2"}
        parties = {"gemeente": _names("g", town), "aanbieder": _names("p", provider)}
        identity = {"identificatie": numbers.astype(str), "dagtekening": day, "datum": day}
        self.tables.append(pd.DataFrame({**table, **parties, **identity}))
        return numbers

    def answer(self, rejected: float) -> pd.DataFrame:
        """A return to 97 of 100 messages, of which a share rejects the whole."""
        sent = pd.concat(self.tables, ignore_index=True)
        told = sent[self.rng.random(len(sent)) < 0.97].reset_index(drop=True)
        bad = (self.rng.random(len(told)) < rejected) & ~told["soort"].isin(["303", "323"])
        answers = told.assign(
            message_id=np.arange(self.sent, self.sent + len(told)),
            soort=told["soort"].map(RETURNS),
            retour_identificatie=told["identificatie"],
            datum=told["datum"] + self.rng.integers(0, 9, len(told)),
            retourcodes_header=np.where(bad, "9332", "0200"),
        )
        self.sent += len(told)
        return pd.concat([sent, answers], ignore_index=True)


def region(number: int, share: float = 1) -> tuple[Records, Reference]:
    """The records of one region, or of a share of its clients, and the catalogue; always the same for a number."""
    rng = np.random.default_rng(number)
    post = _Post(rng, [], sent=number * MESSAGES)
    care = _care(rng, number, int(CLIENTS * share), int(ALLOCATIONS * share))
    tables = {**_allocated(rng, post, care), **_delivered(rng, post, care), **_claimed(rng, post, care)}
    messages = post.answer(rejected=0.02)
    answers = _refusals(rng, messages, tables["prestaties"])
    every = {**tables, "messages": messages, "retour_regels": pd.DataFrame(), "antwoord_regels": answers}
    return Records(**{name: _kept(every[name], contract) for name, contract in RECORD_CONTRACTS.items()}), catalogue()


def _kept(table: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """The table with the dtypes of the records that are read from the database."""
    dtypes = {"day": "int32", "int": "int64", "text": "str"}
    columns = {name: table[name] if name in table else MISSING[kind] for name, kind in contract.items()}
    frame = pd.DataFrame(columns, index=table.index)
    return frame.astype({name: dtypes[kind] for name, kind in contract.items()})


def _names(prefix: str, numbers: Ints) -> npt.NDArray[np.object_]:
    """Texts of numbers; each different one is made once."""
    names = np.array([f"{prefix}{number:05d}" for number in range(int(numbers.max()) + 1)], dtype=object)
    return names[numbers]


def _care(rng: np.random.Generator, region: int, clients: int, count: int) -> pd.DataFrame:
    """A row per allocation: who, where, by whom, of which product, from when to when."""
    client = np.sort(rng.integers(0, clients, count))
    pseudonyms = (region * CLIENTS + rng.permutation(np.arange(clients))) * 7_919_777 + 11
    town = region * TOWNS + np.where(rng.random(count) < 0.98, client % TOWNS, rng.integers(0, TOWNS, count))
    provider = region * PROVIDERS + (PROVIDERS * rng.random(count) ** 2).astype(np.int64)
    law = np.where(rng.random(count) < 0.9, client // 3 % 2, 1 - client // 3 % 2)
    begin = FIRST_DAY + rng.integers(0, DAYS, count)
    length = np.minimum(rng.geometric(1 / 300, count), 900)
    return pd.DataFrame(
        {
            "client": pseudonyms[client],
            "town": town,
            "law": law,
            "wet": LAWS[law],
            "provider": provider,
            "product": (provider * 7 + (OFFERED * rng.random(count) ** 1.7).astype(np.int64)) % PRODUCTS,
            "toewijzing_nummer": np.arange(1, count + 1),
            "ingangsdatum": begin,
            "einddatum": np.where(rng.random(count) < 0.85, begin + length + rng.integers(0, 90, count), NO_DAY),
            "begin": begin + rng.integers(0, 40, count),
            "length": length,
        }
    )


def _allocated(rng: np.random.Generator, post: _Post, care: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Requests for 3 in 10 allocations, and every allocation with a second version for 1 in 10."""
    asked = care[rng.random(len(care)) < 0.3]
    sent = asked["ingangsdatum"].to_numpy() - rng.integers(5, 60, len(asked))
    reference = np.char.add("a", asked["toewijzing_nummer"].to_numpy().astype(str)).astype(object)
    requests = asked[["client"]].assign(
        message_id=_send(post, "315", asked, sent),
        regel=1,
        deel="315",
        referentie_aanbieder=reference,
        verwijzer_type=rng.choice(np.array(["01", "02", "04", "05"], dtype=object), len(asked)),
    )
    own = pd.Series("", index=care.index, dtype=object)
    own[asked.index] = reference
    again = care[rng.random(len(care)) < 0.1].index
    versions = pd.concat([care.assign(version=0, own=own), care.loc[again].assign(version=1, own=own[again])])
    count = len(versions)
    day = versions["ingangsdatum"].to_numpy() + rng.integers(-20, 15, count) + 30 * versions["version"].to_numpy()
    day = np.minimum(day, AS_OF)
    table = _coded(versions)[["client", "toewijzing_nummer", "ingangsdatum", "einddatum", "categorie", "code"]].assign(
        message_id=_send(post, "301", versions, day),
        regel=1,
        referentie_aanbieder=versions["own"],
        toewijzingsdatum=day,
        toewijzingstijd="12:00:00",
        reden_wijziging=np.where(
            versions["version"] == 1, rng.choice(np.array(["", "07", "13"], dtype=object), count, p=(0.7, 0.2, 0.1)), ""
        ),
        volume=rng.integers(1, 400, count),
        eenheid=np.where(versions["law"] == 1, "04", "01"),
        frequentie=rng.choice(np.array(["2", "4", "6"], dtype=object), count),
        budget=NO_NUMBER,
    )
    return {"verzoeken": requests, "toewijzingen": table}


def _send(post: _Post, soort: str, care: pd.DataFrame, day: Ints) -> Ints:
    return post.send(soort, care["wet"].to_numpy(), care["town"].to_numpy(), care["provider"].to_numpy(), day)


def _coded(care: pd.DataFrame) -> pd.DataFrame:
    """With the product's category and code."""
    category = np.array([f"{40 + number // 10}" for number in range(PRODUCTS)], dtype=object)
    code = np.array([f"{40 + number // 10}A{number:02d}" for number in range(PRODUCTS)], dtype=object)
    return care.assign(categorie=category[care["product"]], code=code[care["product"]])


def _delivered(rng: np.random.Generator, post: _Post, care: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """A start of each allocation and a stop of what ended; 1 in 100 of both is withdrawn."""
    begun = care[care["begin"] <= AS_OF]
    ended = begun[begun["begin"] + begun["length"] <= AS_OF]
    tables = {}
    for name, soort, part, event in (("starts", "305", begun, "begin"), ("stops", "307", ended, "end")):
        part = part.assign(end=part["begin"] + part["length"], status_aanlevering="1")
        part = pd.concat([part, part[rng.random(len(part)) < 0.01].assign(status_aanlevering="3")])
        day = np.minimum(part[event].to_numpy() + rng.integers(0, 12, len(part)), AS_OF)
        table = _coded(part).rename(columns={"begin": "begindatum"}).drop(columns="einddatum")
        tables[name] = table.assign(message_id=_send(post, soort, part, day), regel=1)
    stops = tables["stops"].rename(columns={"end": "einddatum"})
    reasons = np.array([REASONS[str(law)] for law in LAWS], dtype=object)
    # The same delivery has the same reason, so that a withdrawal finds it.
    which = np.random.default_rng(7).choice(len(REASON_SHARES), len(care) + 1, p=REASON_SHARES)
    tables["stops"] = stops.assign(reden_beeindiging=reasons[stops["law"], which[stops["toewijzing_nummer"]]])
    return tables


def _claimed(rng: np.random.Generator, post: _Post, care: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """A line per month of care, in one message per law, municipality, provider and month; 1 in 60 is credited."""
    cared = care[care["begin"] <= AS_OF]
    last = np.minimum(cared["begin"].to_numpy() + cared["length"].to_numpy(), AS_OF)
    months = np.maximum((last - cared["begin"].to_numpy()) // 30 + 1, 1)
    position = np.repeat(np.arange(len(cared)), months)
    month = np.arange(len(position)) - np.repeat(np.cumsum(months) - months, months)
    lines = _coded(cared.iloc[position].reset_index(drop=True))
    begin = lines["begin"].to_numpy() + 30 * month
    lines = lines.assign(begindatum=begin, einddatum=begin + 29, bedrag=rng.integers(2_000, 90_000, len(lines)))
    lines = lines.assign(debet_credit="D", referentie_nummer=np.arange(len(lines)).astype(str))
    back = lines[rng.random(len(lines)) < 1 / 60]
    back = back.assign(
        debet_credit="C",
        vorig_referentie_nummer=back["referentie_nummer"],
        referentie_nummer=("c" + back["referentie_nummer"].astype(str)),
    )
    lines = pd.concat([lines.assign(vorig_referentie_nummer=""), back], ignore_index=True)
    sent = np.minimum(lines["begindatum"].to_numpy() + np.where(lines["debet_credit"] == "C", 75, 40), AS_OF)
    claim = (lines["law"] * 10**6 + lines["town"]) * 10**6 + lines["provider"]
    _, first, number = np.unique(claim * 10**5 + sent // 30, return_index=True, return_inverse=True)
    heads = lines.iloc[first]
    kind = np.where(heads["provider"] % 2 == 0, "303", "323").astype(object)
    numbers = post.send(
        kind, heads["wet"].to_numpy(), heads["town"].to_numpy(), heads["provider"].to_numpy(), sent[first]
    )
    lines = lines.assign(message_id=numbers[number]).sort_values("message_id", kind="stable")
    return {"prestaties": lines.assign(regel=lines.groupby("message_id").cumcount() + 1)}


def _refusals(rng: np.random.Generator, messages: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Answers that list 3 of 100 lines: refused or granted in part."""
    answers = messages[messages["soort"].isin(["304", "325"])][["message_id", "link"]]
    listed = lines[rng.random(len(lines)) < 0.03].rename(columns={"message_id": "link"})
    listed = listed.merge(answers, on="link").reset_index(drop=True)
    part = rng.choice([0, 50, 90], len(listed), p=(0.6, 0.2, 0.2))
    return listed.assign(
        regel=np.arange(len(listed)),
        toegekend_bedrag=listed["bedrag"] * part // 100,
        toegekend_debet_credit=listed["debet_credit"],
        retourcodes="9333",
        retourcodes_client="0200",
    )


def catalogue() -> Reference:
    """Products with a domain, kind, form, unit, weight, tariff and price each."""
    rows = [
        {
            "wet": str(law),
            "categorie": f"{40 + number // 10}",
            "code": f"{40 + number // 10}A{number:02d}",
            "domain": DOMAINS[str(law)][number % 4],
            "kind": ("herstel", "duurzaam", "herstel")[number % 3],
            "delivery_form": ("ambulant", "verblijf")[number % 5 == 0],
            "unit": "01" if law == "jeugdwet" else "04",
            "weight": 100 + number,
            "tariff": 90 + number,
            "tariff_per": 1,
            "arrangement_price": 500_000 if number % 6 == 0 else NO_NUMBER,
        }
        for law in LAWS
        for number in range(PRODUCTS)
    ]
    return Reference(_kept(pd.DataFrame(rows), CATALOGUE), {})
