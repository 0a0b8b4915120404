"""From a BSN to a pseudonym: HMAC-SHA256 under a key that is not in the database, of which 64 bits are kept."""

import hashlib
import hmac
import re
from operator import mul

from messaging.berichten.errors import REPAIR, MessageError

WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
INVALID_BSN = f"Een BSN is ongeldig. {REPAIR}"
CACHE_LIMIT = 200_000
_NINE_DIGITS = re.compile(r"(?<!\d)\d{9}(?!\d)", re.ASCII)


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
        self._key = key.encode()
        self._known: dict[str, int] = {}
        self._digest = hashlib.blake2b(key=hashlib.sha512(self._key).digest(), digest_size=16)

    def __call__(self, bsn: str) -> int:
        known = self._known.get(bsn)
        if known is None:
            if not is_bsn(bsn):
                raise MessageError(INVALID_BSN, element="Bsn")
            digest = hmac.digest(self._key, bsn.encode(), hashlib.sha256)
            known = int.from_bytes(digest[:8], "big", signed=True)
            if len(self._known) >= CACHE_LIMIT:
                self._known.clear()
            self._known[bsn] = known
        return known

    def digest(self, text: str) -> str:
        """A keyed 128-bit digest as 32 hex digits, of what must not be guessed back from the database."""
        return self.digest_of_bytes(text.encode())

    def digest_of_bytes(self, data: bytes) -> str:
        """``digest`` of bytes; BLAKE2b under a key, because it costs half of an HMAC."""
        state = self._digest.copy()
        state.update(data)
        return state.hexdigest()
