"""Inputs that once broke something, found by fuzzing: what they are of, and their bytes."""

from tests.support.hostile import HEAD, nameless, table

CASES: list[tuple[str, bytes]] = [
    ("csv", b"Gemeente;Wet;AGB-code\r80;Jeugdwet;42420001\r"),  # line ends of an old Mac: stopped the whole upload
    ("csv", b'sep="\nGemeente;Wet;BSN\n'),  # a quote as the delimiter
    (
        "csv",
        table(HEAD, '80;Jeugdwet;42420001;"x', '\0y";05-01-2025;101;45A04;06-01-2025'),
    ),  # NUL in a cell of two lines
    ("zip", nameless()),  # a file without a name: stopped the whole upload
]
