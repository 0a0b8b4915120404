"""Whom a part counts, as temporary tables: ``part_client`` and ``part_link``, until the end of the transaction."""

from typing import Any

from kpi import context
from kpi.calc.share import Bucket, Touched
from kpi.context import RECORDS
from messaging.counted import gives_way

NO_CLIENT = "SELECT NULL::bigint AS client WHERE false"
NO_LINK = "SELECT NULL::bigint AS link WHERE false"


def pick(cursor: Any, clients: str, links: str, values: Any = None) -> None:
    """Those of two queries with the same parameters."""
    cursor.execute(f"CREATE TEMP TABLE part_client ON COMMIT DROP AS SELECT DISTINCT client FROM ({clients}) c", values)
    cursor.execute(f"CREATE TEMP TABLE part_link ON COMMIT DROP AS SELECT DISTINCT link FROM ({links}) l", values)
    cursor.execute(
        "ALTER TABLE part_client ADD PRIMARY KEY (client); ALTER TABLE part_link ADD PRIMARY KEY (link);"
        " ANALYZE part_client; ANALYZE part_link"
    )


def picked(cursor: Any) -> Touched:
    """Those of the tables."""
    return Touched(_all(cursor, "SELECT client FROM part_client"), _all(cursor, "SELECT link FROM part_link"))


def keep_some(cursor: Any, most: int) -> int:
    """Leave at most so many clients and as many messages, by their numbers, which say nothing; how many there were."""
    among = 0
    for table, column in (("part_client", "client"), ("part_link", "link")):
        cursor.execute(f"SELECT count(*) FROM {table}")
        among += cursor.fetchone()[0]
        cursor.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT {column} FROM {table} ORDER BY 1 OFFSET {most})")
    return among


def pick_bucket(cursor: Any, bucket: Bucket) -> None:
    """Whom a bucket counts, among the seen messages."""
    clients = " UNION ".join(f"SELECT client FROM {table} WHERE {_in_bucket('client')}" for table in RECORDS.values())
    links = f"SELECT link FROM seen WHERE {_in_bucket('link')}"
    pick(cursor, clients, links, {"number": bucket.number, "of": bucket.of})


def _in_bucket(column: str) -> str:
    """The remainder as Python's: never negative."""
    return f"(({column} %% %(of)s) + %(of)s) %% %(of)s = %(number)s"


def pick_touched(cursor: Any, after: int, upto: int) -> Touched:
    """Whom the messages after one number and up to another may have changed."""
    cursor.execute(
        "CREATE TEMP TABLE new_link ON COMMIT DROP AS SELECT link FROM messaging_message WHERE identity IN"
        f" (SELECT identity FROM messaging_message WHERE id > {int(after)} AND id <= {int(upto)})"
        # A row of a CSV export that now gives way.
        f" UNION SELECT link FROM messaging_message WHERE rij AND id IN ({gives_way(upto)})"
        f" AND id NOT IN ({gives_way(after)})"
    )
    own = " UNION ALL ".join(
        f"SELECT '{name}'::text AS name, r.message_id, r.regel FROM {table} r JOIN new_message m ON m.id = r.message_id"
        for name, table in RECORDS.items()
    )
    cursor.execute(
        "CREATE TEMP TABLE new_message ON COMMIT DROP AS SELECT m.* FROM messaging_message m"
        f" JOIN new_link USING (link) WHERE m.id <= {int(upto)}; ANALYZE new_link; ANALYZE new_message;"
        f" CREATE TEMP TABLE new_own ON COMMIT DROP AS {own}; ANALYZE new_own"
    )
    context.keys(cursor, "new")
    links = f"SELECT link FROM new_link UNION {context.links_of_lines('new')}"
    pick(cursor, context.clients_of("new"), links)
    return picked(cursor)


def _all(cursor: Any, query: str) -> frozenset[int]:
    cursor.execute(query)
    return frozenset(number for (number,) in cursor.fetchall())


def forget(cursor: Any) -> None:
    """Make room for another part in the same transaction."""
    context.forget(cursor)
    cursor.execute(
        "DROP TABLE IF EXISTS part_client, part_link, new_link, new_message, new_own, new_number, new_reference,"
        " new_line"
    )
