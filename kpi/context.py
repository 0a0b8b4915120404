"""The records that some clients and messages need to be counted rightly: their own, and all that bears on those.

Temporary tables hold whom a part counts (``picking``) and, from there, what it must read besides: the other versions of
an allocation, requests and allocations with the same reference, the claim lines that a credit takes back, the returns.
One step each way is enough, since what is read as context is never counted. Every table lives until the end of the
transaction. Each step joins from the few to the many, so that a small part is found through indexes alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from messaging.counted import gives_way

REFERENCES = "SELECT DISTINCT m.wet, m.aanbieder, r.referentie_aanbieder"
NUMBERS = "SELECT DISTINCT m.wet, m.gemeente, r.toewijzing_nummer"
LINES = "SELECT m.wet, m.aanbieder, r.referentie_nummer"
EARLIER_LINES = "SELECT m.wet, m.aanbieder, r.vorig_referentie_nummer"
RECORDS = {
    "toewijzingen": "messaging_toewijzing",
    "starts": "messaging_startproduct",
    "stops": "messaging_stopproduct",
    "prestaties": "messaging_prestatie",
    "verzoeken": "messaging_verzoek",
}
NUMBERED = ("toewijzingen", "starts", "stops", "prestaties")


@contextmanager
def seen_whole(cursor: Any, upto: int) -> Iterator[None]:
    """``seen``: the messages up to a number, as a table of its own: for a part that reads much."""
    gone = f"m.id IN ({gives_way(upto)})"
    cursor.execute(f"CREATE TEMP TABLE seen ON COMMIT DROP AS {_seen(upto, gone)}")
    cursor.execute("ALTER TABLE seen ADD PRIMARY KEY (id); CREATE INDEX ON seen (link); ANALYZE seen")
    yield
    cursor.execute("DROP TABLE seen")


@contextmanager
def seen_through(cursor: Any, upto: int) -> Iterator[None]:
    """The same as a view: for a part that reads little, whatever the number of messages."""
    gone = f"EXISTS ({gives_way(upto, 'm.id')})"
    cursor.execute(f"CREATE TEMP VIEW seen AS {_seen(upto, gone)}")
    yield
    cursor.execute("DROP VIEW seen")


def _seen(upto: int, gone: str) -> str:
    """Of one identity the lowest content counts, whatever arrived first; a row of an export may give way."""
    return (
        f"SELECT id, wet, gemeente, aanbieder, link FROM messaging_message m WHERE id <= {int(upto)} AND NOT EXISTS"
        f" (SELECT 1 FROM messaging_message o WHERE o.identity = m.identity AND o.content < m.content"
        f" AND o.id <= {int(upto)}) AND NOT (rij AND {gone})"
    )


def keys(cursor: Any, prefix: str) -> None:
    """What the records of ``{prefix}_own`` are about, by which others bear on them: allocation numbers, references,
    references of lines."""
    numbers = " UNION ".join(f"{NUMBERS} {_own(prefix, name)}" for name in NUMBERED)
    lines = _own(prefix, "prestaties")
    cursor.execute(
        f"CREATE TEMP TABLE {prefix}_number ON COMMIT DROP AS {numbers};"
        f" ANALYZE {prefix}_number;"
        f" CREATE TEMP TABLE {prefix}_reference ON COMMIT DROP AS"
        f" {REFERENCES} {_own(prefix, 'verzoeken')} AND r.referentie_aanbieder <> ''"
        f" UNION {REFERENCES} FROM messaging_toewijzing r JOIN messaging_message m ON m.id = r.message_id"
        f" JOIN {prefix}_number n ON (m.wet, m.gemeente, r.toewijzing_nummer)"
        "  = (n.wet, n.gemeente, n.toewijzing_nummer) WHERE r.referentie_aanbieder <> '';"
        f" ANALYZE {prefix}_reference;"
        # An allocation with such a reference counts by its last version, which need not carry the reference.
        f" INSERT INTO {prefix}_number {NUMBERS} FROM messaging_toewijzing r JOIN messaging_message m"
        f" ON m.id = r.message_id JOIN {prefix}_reference f ON (m.wet, m.aanbieder, r.referentie_aanbieder)"
        "  = (f.wet, f.aanbieder, f.referentie_aanbieder)"
        f" EXCEPT SELECT * FROM {prefix}_number; ANALYZE {prefix}_number;"
        f" CREATE TEMP TABLE {prefix}_line ON COMMIT DROP AS"
        f" {LINES} {lines} UNION {EARLIER_LINES} {lines} AND r.vorig_referentie_nummer <> ''; ANALYZE {prefix}_line"
    )


def _own(prefix: str, name: str) -> str:
    return (
        f"FROM {prefix}_own w JOIN {RECORDS[name]} r USING (message_id, regel)"
        f" JOIN messaging_message m ON m.id = r.message_id WHERE w.name = '{name}'"
    )


def clients_of(prefix: str) -> str:
    """The clients of all records with the keys of ``keys``, and of the records of ``{prefix}_message``."""
    numbered = [
        f"SELECT r.client FROM {RECORDS[name]} r JOIN messaging_message m ON m.id = r.message_id JOIN {prefix}_number k"
        " ON (m.wet, m.gemeente, r.toewijzing_nummer) = (k.wet, k.gemeente, k.toewijzing_nummer)"
        for name in NUMBERED
    ]
    asked = (
        "SELECT r.client FROM messaging_verzoek r JOIN messaging_message m ON m.id = r.message_id"
        f" JOIN {prefix}_reference"
        " k ON (m.wet, m.aanbieder, r.referentie_aanbieder) = (k.wet, k.aanbieder, k.referentie_aanbieder)"
    )
    without_number = [
        f"SELECT r.client FROM {table} r JOIN {prefix}_message m ON m.id = r.message_id" for table in RECORDS.values()
    ]
    return " UNION ".join([*numbered, asked, *_same_lines(prefix, "r.client"), *without_number])


def links_of_lines(prefix: str) -> str:
    """The links of the messages with the lines that bear on those of ``{prefix}_own``."""
    return " UNION ".join(_same_lines(prefix, "m.link"))


def _same_lines(prefix: str, columns: str) -> list[str]:
    return [
        f"SELECT {columns} FROM {prefix}_line k JOIN messaging_prestatie r ON r.{column} = k.referentie_nummer"
        " JOIN messaging_message m ON m.id = r.message_id AND (m.wet, m.aanbieder) = (k.wet, k.aanbieder)"
        for column in ("referentie_nummer", "vorig_referentie_nummer")
    ]


def forget(cursor: Any) -> None:
    """Make room for another ``gather``; whom a part counts stays."""
    cursor.execute("DROP TABLE IF EXISTS part_own, part_number, part_reference, part_line, part_row, part_message")


def gather(cursor: Any, without: tuple[str, ...] = ()) -> dict[str, str]:
    """With ``seen`` and after a pick: per frame the condition on its rows (``t``) that a part reads.

    ``without``: records that the question needs none of.
    """
    tables = [(name, table) for name, table in RECORDS.items() if name not in without]
    _rows(cursor, "part_own", [query for each in tables for query in (_of_clients(*each), _of_links(*each))])
    keys(cursor, "part")
    _rows(cursor, "part_row", ["SELECT * FROM part_own", *_of_keys()])
    cursor.execute(
        "CREATE TEMP TABLE part_message ON COMMIT DROP AS SELECT id FROM seen WHERE link IN (SELECT link FROM"
        "  messaging_message JOIN part_row ON message_id = id UNION SELECT link FROM part_link);"
        " ALTER TABLE part_message ADD PRIMARY KEY (id); ANALYZE part_message"
    )
    listed = "(t.message_id, t.regel) IN (SELECT p.message_id, p.regel FROM part_row p WHERE p.name = '{}')"
    return {
        "messages": "t.id IN (SELECT id FROM part_message)",
        **{name: listed.format(name) for name in RECORDS},
        "retour_regels": "t.message_id IN (SELECT id FROM part_message)",
        "antwoord_regels": (
            "t.message_id IN (SELECT id FROM part_message) AND t.referentie_nummer IN"
            " (SELECT referentie_nummer FROM part_line)"
        ),
    }


def _rows(cursor: Any, table: str, queries: list[str]) -> None:
    """The records that any of some queries gives, as far as their messages are seen."""
    cursor.execute(
        f"CREATE TEMP TABLE {table} ON COMMIT DROP AS SELECT r.* FROM ({' UNION '.join(queries)}) r"
        f" JOIN seen ON seen.id = r.message_id; ANALYZE {table}"
    )


def _named(name: str) -> str:
    return f"'{name}'::text AS name, r.message_id, r.regel"


def _of_clients(name: str, table: str) -> str:
    return f"SELECT {_named(name)} FROM part_client JOIN {table} r USING (client)"


def _of_links(name: str, table: str) -> str:
    messages = "part_link JOIN messaging_message m USING (link)"
    return f"SELECT {_named(name)} FROM {messages} JOIN {table} r ON r.message_id = m.id"


def _of_keys() -> list[str]:
    """The records that bear on those of ``part_own``."""
    message = "JOIN messaging_message m ON m.id = r.message_id AND"
    return [
        f"SELECT {_named('toewijzingen')} FROM part_number k JOIN messaging_toewijzing r USING (toewijzing_nummer)"
        f" {message} (m.wet, m.gemeente) = (k.wet, k.gemeente)",
        f"SELECT {_named('verzoeken')} FROM part_reference k JOIN messaging_verzoek r USING (referentie_aanbieder)"
        f" {message} (m.wet, m.aanbieder) = (k.wet, k.aanbieder)",
        *_same_lines("part", _named("prestaties")),
    ]
