"""From a BSN to a pseudonym: HMAC-SHA256 under a key that is not in the database, of which 64 bits are kept."""

import hashlib
import hmac
import re
from collections.abc import Iterable
from functools import lru_cache
from operator import mul

from messaging.berichten.errors import REPAIR, MessageError

WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
INVALID_BSN = f"Een BSN is ongeldig. {REPAIR}"
CACHE_LIMIT = 200_000
_NINE_DIGITS = re.compile(r"(?<!\d)\d{9}(?!\d)", re.ASCII)
has_nine_digits = _NINE_DIGITS.search
LEAST_NUMBER, NUMBERS = 10**11, 9 * 10**11  # twelve digits, where the standard allows nine


@lru_cache(CACHE_LIMIT)
def is_bsn(value: str) -> bool:
    """The 11-check: nine digits, not all zero, whose weighted sum is divisible by eleven."""
    if len(value) != 9 or not (value.isascii() and value.isdigit()) or value == "000000000":
        return False
    total: int = sum(map(mul, WEIGHTS, map(int, value)))
    return total % 11 == 0


def without_bsn(text: str) -> str:
    """``text`` with asterisks for every number that may be a BSN: some systems name their files after persons."""
    return _NINE_DIGITS.sub(lambda found: "*" * 9 if is_bsn(found[0]) else found[0], text)


class Pseudonymiser:
    """Gives the signed 64-bit pseudonym of a BSN; raises MessageError for what is no BSN."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._known: dict[str, int] = {}
        self._digest = hashlib.blake2b(key=hashlib.sha512(key.encode()).digest(), digest_size=16)

    def __call__(self, bsn: str) -> int:
        known = self._known.get(bsn)
        if known is None:
            if not is_bsn(bsn):
                raise MessageError(INVALID_BSN, element="Bsn")
            digest = hmac.digest(self.key.encode(), bsn.encode(), hashlib.sha256)
            known = int.from_bytes(digest[:8], "big", signed=True)
            if len(self._known) >= CACHE_LIMIT:
                self._known.clear()
            self._known[bsn] = known
        return known

    def reference(self, text: str, persons: Iterable[str] = ()) -> str:
        """A reference that a sender chose, without BSN; what takes its place has its length and is always the same.

        Replaced is each number of nine digits that passes the 11-check, whosever it is: what answers a message often
        names no client and must still find it. Inside a longer number only the BSN of ``persons`` is recognised;
        by the 11-check alone one long number in five would lose its meaning.
        """
        for bsn in persons:
            if bsn in text:
                text = text.replace(bsn, self._instead(bsn))
        return _NINE_DIGITS.sub(lambda found: self._instead(found[0]) if is_bsn(found[0]) else found[0], text)

    def number(self, bsn: int) -> int:
        """What takes the place of the number of an allocation that is the BSN of its own client.

        That of another client of the message is a chance hit, as large claims have some, and names nobody.
        """
        return LEAST_NUMBER + self._of_reference(f"{bsn:09}") % NUMBERS

    def _instead(self, bsn: str) -> str:
        return f"x{self._of_reference(bsn) % 16**8:08x}"

    def _of_reference(self, bsn: str) -> int:
        return int(self.digest(f"reference {bsn}"), 16)  # not the pseudonym of the client: it is written beside it

    def digest(self, text: str) -> str:
        """A keyed 128-bit digest as 32 hex digits, of what must not be guessed back from the database."""
        return self.digest_of_bytes(text.encode())

    def digest_of_bytes(self, data: bytes) -> str:
        """``digest`` of bytes; BLAKE2b under a key, because it costs half of an HMAC."""
        state = self.digesting()
        state.update(data)
        return state.hexdigest()

    def digesting(self) -> "hashlib.blake2b":
        """A digest under way, to feed what does not fit in memory."""
        return self._digest.copy()
