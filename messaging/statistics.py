"""What Postgres knows of the tables of messages, from which it plans how to read them.

It looks anew by itself within minutes, but figures are computed at once after an upload: with the plans for an empty
table, joins by provider instead of by line number took minutes where they take a second.
"""

from django.db import connection

from messaging.inserting import TABLES
from messaging.models import Message

MUCH = 10  # one in so many is new: the cost of looking does not grow with the table, but is more than a small upload's


def renew(new: int) -> None:
    """Have Postgres look at all tables again when ``new`` messages came that are many beside those it knows of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [Message._meta.db_table])
        much = new * MUCH > cursor.fetchone()[0]
    if much:
        look_anew()


def look_anew() -> None:
    """Have Postgres look at all tables again."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join([Message._meta.db_table, *TABLES.values()])}")
