"""A few thousand rows of one export, small enough to travel to a worker process."""

from dataclasses import dataclass

from messaging.rijen.header import Reading
from messaging.rijen.lines import RecordError

GROWTH = 8  # bytes of memory per byte of a row


@dataclass(frozen=True, slots=True)
class Part:
    """Rows with the number of their line, or why a line is no row; ``unknown``: columns to tell of."""

    reading: Reading
    delimiter: str
    rows: tuple[tuple[int, str | RecordError], ...]
    unknown: tuple[str, ...] = ()

    @property
    def weight(self) -> int:
        """About the bytes that its messages take."""
        return GROWTH * sum(len(text) if isinstance(text, str) else 100 for _, text in self.rows)
