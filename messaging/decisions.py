"""PGB decisions: who bought care with a budget of their own, as far as a municipality has told it.

Messages carry care in kind only. A municipality without decisions has no source, which is not zero. They are no
allocations of the sixteen indicators: see docs/adr/0013.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from accounts.scope import Scope

# Of a decision the latest besluitdatum counts; of one day the lowest content, whatever arrived first.
RUNNING = """
    WITH last AS (
        SELECT DISTINCT ON (m.wet, m.gemeente, b.besluit_nummer) m.gemeente, b.*
        FROM messaging_besluit b JOIN messaging_message m ON m.id = b.message_id
        WHERE m.datum <= %(day)s AND (%(gemeente)s = '' OR m.gemeente = %(gemeente)s)
        ORDER BY m.wet, m.gemeente, b.besluit_nummer, b.besluitdatum DESC, m.content
    )
    SELECT gemeente, count(*) FILTER (WHERE runs), count(DISTINCT client) FILTER (WHERE runs),
        sum(budget) FILTER (WHERE runs)::bigint
    FROM (SELECT *, ingangsdatum <= %(day)s AND (einddatum IS NULL OR einddatum >= %(day)s) AS runs FROM last) d
    GROUP BY gemeente
"""


@dataclass(frozen=True, slots=True)
class Running:
    """The decisions of a municipality that run on a day; ``budget`` in eurocents, None where none of them has one."""

    decisions: int
    clients: int
    budget: int | None


def running(scope: Scope, day: dt.date, gemeente: str = "") -> dict[str, Running]:
    """Per municipality in the scope that has a source."""
    wanted = gemeente if scope.region else scope.municipality or "-"
    if not scope.region and gemeente not in ("", wanted):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(RUNNING, {"day": day, "gemeente": wanted})
        return {code: Running(*counts) for code, *counts in cursor.fetchall()}


def pgb_rows(
    scope: Scope, municipalities: Sequence[tuple[str, str]], day: dt.date
) -> list[tuple[str, str, Running | None]]:
    """The code and name of each municipality shown with its decisions, None without a source."""
    found = running(scope, day)
    return [(code, name, found.get(code)) for code, name in municipalities]
