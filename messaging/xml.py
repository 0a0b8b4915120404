"""The only door through which XML enters: no entities, no network, no DTD, limits on size and depth."""

import base64
import re
import threading
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import islice
from typing import IO

from lxml import etree

from messaging.berichten.errors import MessageError

MAX_BYTES_IN_MEMORY = 32 * 1024 * 1024
MAX_PART = 4 * 1024 * 1024  # of a message that is read piece by piece: one line of a claim, or what stands around it
MAX_TAGS = 3_000_000  # in one message in memory, where a tag may take 30 times its bytes; 32 MB of claim has 2 million
NOT_XML = (
    "Dit bestand is geen XML en geen CSV met kolomnamen. Lever het bericht aan zoals het is verzonden, een ZIP met"
    " zulke berichten, of een CSV-export"
)
OFFICE = "Dit is een Excel- of Word-bestand. Sla een Excel-bestand op als CSV (CSV UTF-8). Lever dat bestand aan"
OFFICE_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
ARCHIVE = (
    "Dit is een ingepakt bestand, maar geen ZIP (maar bijvoorbeeld 7z, gz of rar). Pak het uit en maak er een ZIP van"
)
ARCHIVE_STARTS = (b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"Rar!\x1a\x07", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd")
TAR, BZIP = slice(257, 262), slice(4, 10)  # where these have their marks
BROKEN = "De XML is onvolledig of beschadigd. Exporteer het bericht opnieuw"
DTD = "Het bericht bevat een DOCTYPE; dat is niet toegestaan. Lever het bericht aan zoals de standaard het voorschrijft"
ENCODING = "De tekens passen niet bij de codering die het bericht noemt. Exporteer het bericht opnieuw als UTF-8"
TOO_MUCH = "Het bericht heeft meer lagen of langere teksten dan een bericht kan hebben. Exporteer het bericht opnieuw"
PART_TOO_LARGE = "Eén onderdeel van het bericht is groter dan 4 MB. Laat de afzender het bericht herstellen"
ENVELOPE = "De envelop bevat geen leesbaar bericht. Exporteer het bericht opnieuw"
ENVELOPE_TOO_LARGE = "De envelop om het bericht is groter dan 32 MB. Lever het bericht aan zonder envelop"
EMPTY = "Het bestand is leeg. Exporteer het bericht opnieuw"

SENTENCES = {
    etree.ErrorTypes.ERR_INVALID_ENCODING: ENCODING,
    etree.ErrorTypes.ERR_UNKNOWN_ENCODING: ENCODING,
    etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING: ENCODING,
    etree.ErrorTypes.ERR_RESOURCE_LIMIT: TOO_MUCH,
}
START = 300  # bytes that tell what a file is
BLANK = b"\xef\xbb\xbf \t\r\n"
NOTHING = BLANK + b"\v\f\xff\xfe"  # also a byte order mark is nothing
ENCLOSED = "xmlBestand"
# libxml2 takes no text of 10 MB: what a large envelope holds (base64, in which no sign steers XML) is cut out before.
LONG_TEXT = 1024 * 1024
LINE_END = rb"&#(?:13|10|x0?[dDaA]);"  # as some write the ends of the lines of base64
HELD = re.compile(rb"<(?:[\w.-]+:)?xmlBestand(?:\s[^<>]*)?>\s*(?:<!\[CDATA\[)?((?:[A-Za-z0-9+/=\s]++|%b)*+)" % LINE_END)
AROUND = 1000  # elements of an envelope before what it holds
DECLARED_UTF16 = re.compile(rb"<\?xml[^>]{,60}encoding\s*=\s*[\"']utf-?(16|32)", re.IGNORECASE)


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
    if not (data[:START].strip(NOTHING) or data.strip(NOTHING)):
        raise MessageError(EMPTY)
    _refuse_packed(data)
    data, held = _without_held(data) if len(data) > LONG_TEXT else (data, b"")
    root = _root(data)
    enclosed = None if _local(root) == "Bericht" else next(root.iter(f"{{*}}{ENCLOSED}"), None)
    if enclosed is None:
        return root
    try:
        enclosed_data = base64.b64decode((enclosed.text or "").strip() or held, validate=False)
    except ValueError:  # broken base64, or characters that cannot be any
        raise MessageError(ENVELOPE) from None
    if not _looks_like_xml(enclosed_data[:START]):
        raise MessageError(ENVELOPE)
    return _root(enclosed_data)


def _without_held(data: bytes) -> tuple[bytes, bytes]:
    """A large envelope without what it holds, and that."""
    found = HELD.search(data) if ENCLOSED.encode() in data else None  # looking for tags takes half of a parse
    if not found or len(found[1]) < LONG_TEXT:
        return data, b""
    return data[: found.start(1)] + data[found.end(1) :], re.sub(LINE_END, b"", found[1])


def _refuse_packed(start: bytes) -> None:
    if start.startswith(OFFICE_STARTS):
        raise MessageError(OFFICE)
    if is_archive(start):
        raise MessageError(ARCHIVE)


def is_archive(start: bytes) -> bool:
    """Whether a file that begins so is packed, in another way than a ZIP."""
    return start.startswith(ARCHIVE_STARTS) or start[TAR] == b"ustar" or start[BZIP] == b"1AY&SY"


def _looks_like_xml(start: bytes) -> bool:
    return start.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")) or start.lstrip(BLANK).startswith(b"<")


@lru_cache(maxsize=8)
def _parser_of(thread: int) -> etree.XMLParser:
    return etree.XMLParser(**_options())


def _parser() -> etree.XMLParser:
    """One per thread: making a parser costs as much as half a small message."""
    return _parser_of(threading.get_ident())


def _root(data: bytes) -> etree._Element:
    if len(data) > MAX_TAGS and data.count(b"<") > MAX_TAGS:
        raise MessageError(TOO_MUCH)
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:
        raise _fault(error, data[:START]) from None
    if root.getroottree().docinfo.doctype:
        raise MessageError(DTD)
    return root


def root_tag(source: IO[bytes]) -> str:
    """The tag of the root of what may be too large to parse at once; raises MessageError."""
    start = source.read(START)
    source.seek(0)
    _refuse_packed(start)
    try:
        tag = ""
        for _, element in islice(etree.iterparse(source, events=("start",), **_options()), AROUND):
            tag = tag or str(element.tag)
            if tag.endswith("}Bericht"):
                break
            if _local(element) == ENCLOSED:
                raise MessageError(ENVELOPE_TOO_LARGE)
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:
        if isinstance(error, MessageError):
            raise
        raise _fault(error, start) from None
    if not tag:
        raise MessageError(EMPTY)
    return tag


class _Metered:
    """A source of which no more than MAX_PART is read since ``since`` was last set to 0."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.since = source, 0

    def read(self, size: int) -> bytes:
        data = self.source.read(size)
        self.since += len(data)
        if self.since > MAX_PART:
            raise MessageError(PART_TOO_LARGE)
        return data


def stream(source: IO[bytes], pieces: Collection[tuple[str, str]]) -> Iterator[etree._Element]:
    """The elements with these local names (of the parent and their own), each whole, in order; memory holds one.

    What stands before an element is forgotten with it. Raises MessageError, also for an element, or what stands
    between two, of more than MAX_PART.
    """
    try:
        metered = _Metered(source)
        events = etree.iterparse(metered, events=("end",), tag=[f"{{*}}{name}" for _, name in pieces], **_options())
        for _, element in events:
            parent = element.getparent()
            if parent is not None and (_local(parent), _local(element)) in pieces:
                yield element
                metered.since = 0
                _forget(element)
        if events.root is None:
            raise MessageError(NOT_XML)
        if events.root.getroottree().docinfo.doctype:
            raise MessageError(DTD)
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:
        if isinstance(error, MessageError):
            raise
        raise _fault(error, b"<") from None


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _forget(element: etree._Element) -> None:
    """Take from the tree what is in an element and all that stands before it."""
    element.clear()
    while (parent := element.getparent()) is not None:
        while element.getprevious() is not None:
            del parent[0]
        element = parent


def _fault(error: Exception, start: bytes) -> MessageError:
    """A sentence for a parse fault; libxml2's own text may quote the message and is not shown."""
    line = getattr(error, "lineno", None)
    if not _looks_like_xml(start):
        return MessageError(NOT_XML)
    if DECLARED_UTF16.match(start.lstrip(BLANK)):  # in single bytes
        return MessageError(ENCODING, line=line)
    return MessageError(SENTENCES.get(getattr(error, "code", None), BROKEN), line=line)
