"""Which rows of CSV exports give way, so that what came as a row and as a message counts once.

A row that names its message gives way to that message (the same link). A row that does not, gives way to a record that
says the same with its message known: the key of SEMANTICS, section 2. Whatever arrived first. See docs/csv.md.
"""

_SAME = {
    "messaging_toewijzing": "toewijzing_nummer toewijzingsdatum",
    "messaging_startproduct": "client begindatum status_aanlevering",
    "messaging_stopproduct": "client begindatum einddatum reden_beeindiging status_aanlevering",
    "messaging_prestatie": "client begindatum einddatum bedrag debet_credit",
}
_ALIKE = {
    "messaging_toewijzing": "(r.toewijzingstijd = '' OR r.toewijzingstijd = s.toewijzingstijd)",
    "messaging_startproduct": "r.toewijzing_nummer IS NOT DISTINCT FROM s.toewijzing_nummer"
    " AND (r.code = '' OR r.code = s.code)",
    "messaging_stopproduct": "r.toewijzing_nummer IS NOT DISTINCT FROM s.toewijzing_nummer"
    " AND (r.code = '' OR r.code = s.code)",
    # A line that got its number from the portal has nothing to compare it with but what it says.
    "messaging_prestatie": "(r.referentie_nummer = s.referentie_nummer OR r.referentie_nummer LIKE '~%'"
    " AND r.toewijzing_nummer IS NOT DISTINCT FROM s.toewijzing_nummer AND (r.code = '' OR r.code = s.code))",
}
_UNNAMED = "c.identificatie = '' AND (NOT o.rij OR o.identificatie <> '')"
# An export may call a 303 a 323, and then names another message.
_CLAIM = f"({_UNNAMED} OR NOT o.rij AND o.dagtekening = c.dagtekening)"


def gives_way(upto: int, one: str = "") -> str:
    """A query for the numbers of rows that do not count, among the messages up to a number.

    ``one``: only that number, as the expression of an outer query.
    """
    only = f" AND c.id = {one}" if one else ""
    named = (
        "SELECT c.id FROM messaging_message c JOIN messaging_message o ON o.link = c.link AND o.soort = c.soort"  # noqa: S608
        f" AND NOT o.rij AND o.id <= {int(upto)} WHERE c.rij AND c.identificatie <> ''{only}"
    )
    return " UNION ALL ".join([named, *(_of_table(table, int(upto)) + only for table in _SAME)])


def _of_table(table: str, upto: int) -> str:
    same = " AND ".join(f"r.{column} = s.{column}" for column in _SAME[table].split())
    claims = table == "messaging_prestatie"
    return (
        f"SELECT c.id FROM messaging_message c JOIN {table} r ON r.message_id = c.id"  # noqa: S608
        f" JOIN {table} s ON {same} AND {_ALIKE[table]}"
        " JOIN messaging_message o ON o.id = s.message_id AND o.wet = c.wet AND o.gemeente = c.gemeente"
        f" AND {_CLAIM if claims else _UNNAMED} AND o.id <= {upto}"
        f" WHERE c.rij AND c.id <= {upto}{' AND o.aanbieder = c.aanbieder' if claims else ''}"
    )
