"""The only door through which XML enters: no entities, no network, no DTD, limits on size and depth."""

import base64
import threading
from collections.abc import Iterator
from functools import lru_cache
from typing import IO

from lxml import etree

from messaging.berichten.errors import MessageError

MAX_BYTES_IN_MEMORY = 32 * 1024 * 1024
NOT_XML = (
    "Dit bestand is geen XML en geen CSV met kolomnamen. Lever het bericht aan zoals het is verzonden, een ZIP met"
    " zulke berichten, of een CSV-export"
)
OFFICE = "Dit is een Excel- of Word-bestand. Sla een Excel-bestand op als CSV (CSV UTF-8). Lever dat bestand aan"
OFFICE_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
BROKEN = "De XML is onvolledig of beschadigd. Exporteer het bericht opnieuw"
DTD = "Het bericht bevat een DOCTYPE; dat is niet toegestaan. Lever het bericht aan zoals de standaard het voorschrijft"
ENCODING = "De tekens passen niet bij de codering die het bericht noemt. Exporteer het bericht opnieuw als UTF-8"
TOO_MUCH = "Het bericht heeft meer lagen of langere teksten dan een bericht kan hebben. Exporteer het bericht opnieuw"
PART_TOO_LARGE = "Eén deel van het bericht is groter dan 32 MB. Lever kleinere berichten aan"
ENVELOPE = "De envelop bevat geen leesbaar bericht. Exporteer het bericht opnieuw"
EMPTY = "Het bestand is leeg. Exporteer het bericht opnieuw"

SENTENCES = {
    etree.ErrorTypes.ERR_INVALID_ENCODING: ENCODING,
    etree.ErrorTypes.ERR_UNKNOWN_ENCODING: ENCODING,
    etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING: ENCODING,
    etree.ErrorTypes.ERR_RESOURCE_LIMIT: TOO_MUCH,
}


def _options() -> dict[str, bool]:
    # libxml2's own limits hold (depth 256, text 10 MB): huge_tree stays off.
    return {
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "dtd_validation": False,
        "huge_tree": False,
        "remove_comments": True,
        "remove_pis": True,
    }


def parse(data: bytes) -> etree._Element:
    """The root of one message of at most MAX_BYTES_IN_MEMORY; raises MessageError. Opens a GGK envelope."""
    if not data or data.isspace():
        raise MessageError(EMPTY)
    if data.startswith(OFFICE_STARTS):
        raise MessageError(OFFICE)
    root = _root(data)
    enclosed = None if root.tag.rpartition("}")[2] == "Bericht" else next(root.iter("{*}xmlBestand"), None)
    if enclosed is None:
        return root
    try:
        enclosed_data = base64.b64decode(enclosed.text or "", validate=False)
    except ValueError:  # broken base64, or characters that cannot be any
        raise MessageError(ENVELOPE) from None
    return _root(enclosed_data)


@lru_cache(maxsize=8)
def _parser_of(thread: int) -> etree.XMLParser:
    return etree.XMLParser(**_options())


def _parser() -> etree.XMLParser:
    """One per thread: making a parser costs as much as half a small message."""
    return _parser_of(threading.get_ident())


def _root(data: bytes) -> etree._Element:
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:
        raise _fault(error, data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")) from None
    if root.getroottree().docinfo.doctype:
        raise MessageError(DTD)
    return root


def root_tag(source: IO[bytes]) -> str:
    """The tag of the root of what may be too large to parse at once; raises MessageError."""
    start = source.read(200)
    source.seek(0)
    try:
        for _, element in etree.iterparse(source, events=("start",), **_options()):
            return str(element.tag)
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:
        raise _fault(error, start.lstrip(b"\xef\xbb\xbf \t\r\n")) from None
    raise MessageError(EMPTY)


class _Metered:
    """A source of which no more is read than memory may hold since ``since`` was last set to 0."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.since = source, 0

    def read(self, size: int) -> bytes:
        data = self.source.read(size)
        self.since += len(data)
        if self.since > MAX_BYTES_IN_MEMORY:
            raise MessageError(PART_TOO_LARGE)
        return data


def stream(source: IO[bytes], tags: tuple[str, ...]) -> Iterator[etree._Element]:
    """The elements with these local names, each whole, in order; memory holds one at a time. Raises MessageError,
    also for an element, or what stands between two, of more than MAX_BYTES_IN_MEMORY.

    The last element yielded is the root, without all that was yielded before.
    """
    names = [f"{{*}}{tag}" for tag in tags]
    try:
        metered = _Metered(source)
        events = etree.iterparse(metered, events=("end",), tag=names, **_options())
        for _, element in events:
            yield element
            metered.since = 0
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
        if events.root is None:
            raise MessageError(NOT_XML)
        if events.root.getroottree().docinfo.doctype:
            raise MessageError(DTD)
        for element in list(events.root.iter(*names)):  # the last one of each parent is still there, empty
            element.getparent().remove(element)
        yield events.root
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:
        if isinstance(error, MessageError):
            raise
        raise _fault(error, b"<") from None


def _fault(error: Exception, start: bytes) -> MessageError:
    """A sentence for a parse fault; libxml2's own text may quote the message and is not shown."""
    line = getattr(error, "lineno", None)
    if start[:1] != b"<" and start[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return MessageError(NOT_XML)
    return MessageError(SENTENCES.get(getattr(error, "code", None), BROKEN), line=line)
