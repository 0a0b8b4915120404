"""The records that some clients and messages need to be counted rightly: their own, and all that bears on those.

Temporary tables hold whom a part counts and, from there, what it must read besides: the other versions of an
allocation, requests and allocations with the same reference, the claim lines that a credit takes back, the returns.
One step each way is enough, since what is read as context is never counted. Every table lives until the end of the
transaction.
"""

from typing import Any

from kpi.calc.share import Bucket, Touched
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


def see(cursor: Any, upto: int) -> None:
    """``seen``: the messages up to a number, as a table of its own: for a part that reads much."""
    cursor.execute(f"CREATE TEMP TABLE seen ON COMMIT DROP AS {_seen(upto)}")
    cursor.execute("ALTER TABLE seen ADD PRIMARY KEY (id); CREATE INDEX ON seen (link); ANALYZE seen")


def see_through(cursor: Any, upto: int) -> None:
    """The same as a view: for a part that reads little, whatever the number of messages."""
    cursor.execute(f"CREATE TEMP VIEW seen AS {_seen(upto)}")


def _seen(upto: int) -> str:
    """Of one identity the lowest content counts, whatever arrived first; a row of an export may give way."""
    return (
        f"SELECT id, wet, gemeente, aanbieder, link FROM messaging_message m WHERE id <= {int(upto)} AND NOT EXISTS"
        f" (SELECT 1 FROM messaging_message o WHERE o.identity = m.identity AND o.content < m.content"
        f" AND o.id <= {int(upto)}) AND NOT (rij AND id IN ({gives_way(upto)}))"
    )


def pick_bucket(cursor: Any, bucket: Bucket) -> None:
    """Whom a bucket counts, among the seen messages."""
    clients = " UNION ".join(f"SELECT client FROM {table} WHERE {_in_bucket('client')}" for table in RECORDS.values())
    _picked(cursor, clients, f"SELECT DISTINCT link FROM seen WHERE {_in_bucket('link')}", bucket)


def _in_bucket(column: str) -> str:
    """The remainder as Python's: never negative."""
    return f"(({column} %% %(of)s) + %(of)s) %% %(of)s = %(number)s"


def pick_touched(cursor: Any, after: int, upto: int) -> Touched:
    """Whom the messages after one number and up to another may have changed; also as tables, as for a bucket."""
    cursor.execute(
        "CREATE TEMP TABLE new_link ON COMMIT DROP AS SELECT link FROM messaging_message WHERE identity IN"
        f" (SELECT identity FROM messaging_message WHERE id > {int(after)} AND id <= {int(upto)})"
        # A row of a CSV export that now gives way.
        f" UNION SELECT link FROM messaging_message WHERE rij AND id IN ({gives_way(upto)})"
        f" AND id NOT IN ({gives_way(after)})"
    )
    cursor.execute(
        "CREATE TEMP TABLE new_message ON COMMIT DROP AS SELECT m.* FROM messaging_message m"
        " JOIN new_link USING (link) WHERE m.id <= %s",
        [upto],
    )
    cursor.execute("ANALYZE new_link; ANALYZE new_message")
    _keys(cursor, "new", "new_message", "r.message_id IN (SELECT id FROM new_message)")
    cursor.execute(
        f"CREATE TEMP TABLE new_client ON COMMIT DROP AS {_clients_of('new')};"
        f" CREATE TEMP TABLE new_links ON COMMIT DROP AS SELECT link FROM new_link UNION {_links_of_lines('new')}"
    )
    _picked(cursor, "SELECT client FROM new_client", "SELECT link FROM new_links", None)
    return Touched(_all(cursor, "SELECT client FROM part_client"), _all(cursor, "SELECT link FROM part_link"))


def _all(cursor: Any, query: str) -> frozenset[int]:
    cursor.execute(query)
    return frozenset(number for (number,) in cursor.fetchall())


def _picked(cursor: Any, clients: str, links: str, bucket: Bucket | None) -> None:
    values = {"number": bucket.number, "of": bucket.of} if bucket else None
    cursor.execute(f"CREATE TEMP TABLE part_client ON COMMIT DROP AS SELECT DISTINCT client FROM ({clients}) c", values)
    cursor.execute(f"CREATE TEMP TABLE part_link ON COMMIT DROP AS {links}", values)
    cursor.execute(
        "ALTER TABLE part_client ADD PRIMARY KEY (client); ALTER TABLE part_link ADD PRIMARY KEY (link);"
        " ANALYZE part_client; ANALYZE part_link"
    )


def _keys(cursor: Any, prefix: str, messages: str, whose: str) -> None:
    """What records are about, by which others bear on them: allocation numbers, references, references of lines."""
    numbers = " UNION ".join(
        f"{NUMBERS} FROM {RECORDS[name]} r JOIN {messages} m ON m.id = r.message_id WHERE {whose}" for name in NUMBERED
    )
    lines = f"FROM messaging_prestatie r JOIN {messages} m ON m.id = r.message_id WHERE {whose}"
    cursor.execute(
        f"CREATE TEMP TABLE {prefix}_number ON COMMIT DROP AS {numbers};"
        f" ANALYZE {prefix}_number;"
        f" CREATE TEMP TABLE {prefix}_reference ON COMMIT DROP AS"
        f" {REFERENCES} FROM messaging_verzoek r JOIN {messages} m ON m.id = r.message_id WHERE {whose}"
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


def _clients_of(prefix: str) -> str:
    """The clients of all records with the keys of ``_keys``."""
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
    return " UNION ".join([*numbered, asked, f"SELECT r.client {_same_lines(prefix)}", *without_number])


def _same_lines(prefix: str) -> str:
    return (
        f"FROM messaging_prestatie r JOIN messaging_message m ON m.id = r.message_id WHERE EXISTS (SELECT 1 FROM"
        f" {prefix}_line k WHERE k.wet = m.wet AND k.aanbieder = m.aanbieder"
        "  AND k.referentie_nummer = r.referentie_nummer)"
        f" OR EXISTS (SELECT 1 FROM {prefix}_line k WHERE k.wet = m.wet AND k.aanbieder = m.aanbieder"
        "  AND k.referentie_nummer = r.vorig_referentie_nummer)"
    )


def _links_of_lines(prefix: str) -> str:
    return f"SELECT m.link {_same_lines(prefix)}"


def forget(cursor: Any) -> None:
    """Make room for another ``see``; whom a part counts stays."""
    cursor.execute("DROP TABLE IF EXISTS part_number, part_reference, part_line, part_row, part_message")


def forget_all(cursor: Any) -> None:
    """Make room for another part in the same transaction."""
    forget(cursor)
    cursor.execute(
        "DROP TABLE IF EXISTS part_client, part_link, new_link, new_message, new_number, new_reference, new_line,"
        " new_client, new_links"
    )


def gather(cursor: Any) -> dict[str, str]:
    """After ``see`` and a ``pick``: per frame the condition on its rows (``t``) that a part reads."""
    own = "(r.client IN (SELECT client FROM part_client) OR m.link IN (SELECT link FROM part_link))"
    _keys(cursor, "part", "seen", own)
    cursor.execute(
        "CREATE TEMP TABLE part_row ON COMMIT DROP AS"
        "  SELECT 'toewijzingen' AS name, r.message_id, r.regel FROM messaging_toewijzing r JOIN seen m"
        "   ON m.id = r.message_id JOIN part_number k ON (m.wet, m.gemeente, r.toewijzing_nummer)"
        "   = (k.wet, k.gemeente, k.toewijzing_nummer)"
        "  UNION ALL SELECT 'verzoeken', r.message_id, r.regel FROM messaging_verzoek r JOIN seen m"
        "   ON m.id = r.message_id JOIN part_reference k ON (m.wet, m.aanbieder, r.referentie_aanbieder)"
        "   = (k.wet, k.aanbieder, k.referentie_aanbieder)"
        "  UNION ALL SELECT 'prestaties', r.message_id, r.regel"
        f"   {_same_lines('part').replace('messaging_message', 'seen')}"
        + "".join(
            f"  UNION ALL SELECT '{name}', r.message_id, r.regel FROM {RECORDS[name]} r JOIN seen m"
            "   ON m.id = r.message_id JOIN part_client USING (client)"
            for name in ("starts", "stops")
        )
        + "; CREATE TEMP TABLE part_message ON COMMIT DROP AS SELECT id FROM seen WHERE link IN"
        "  (SELECT link FROM seen JOIN part_row ON message_id = id UNION SELECT link FROM part_link);"
        " CREATE INDEX ON part_row (name, message_id, regel); ALTER TABLE part_message ADD PRIMARY KEY (id);"
        " ANALYZE part_row; ANALYZE part_message"
    )
    listed = "SELECT 1 FROM part_row p WHERE p.name = '{}' AND p.message_id = t.message_id AND p.regel = t.regel"
    return {
        "messages": "t.id IN (SELECT id FROM part_message)",
        **{name: f"EXISTS ({listed.format(name)})" for name in RECORDS},
        "retour_regels": "t.message_id IN (SELECT id FROM part_message)",
        "antwoord_regels": (
            "t.message_id IN (SELECT id FROM part_message) AND t.referentie_nummer IN"
            " (SELECT referentie_nummer FROM part_line)"
        ),
    }
