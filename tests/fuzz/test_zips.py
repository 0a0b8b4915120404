"""ZIPs that once were sound or never were: every file in them comes to one thing, and nothing is unpacked to disk."""

import io
import tempfile
import zipfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from messaging.batches import parse_batch
from messaging.sources import listed, opened, sources
from tests.fuzz.budget import searched
from tests.support.records import PSEUDONYM
from tests.support.sentences import assert_discreet, assert_sound
from tests.support.wild_messages import OFFICIAL, SECRETS, bent, wild
from tests.support.xmlmessages import ANNA

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
MEMBERS = st.sampled_from(
    ["a.xml", "../../a.xml", "/a.xml", "C:\\a.xml", "a/", "__MACOSX/a", "i.zip", f"{ANNA}.xml", "\u202e.xml", "x" * 300]
)


@st.composite
def archives(draw: st.DrawFn, depth: int = 3) -> bytes:
    """A ZIP with sound and wild messages and ZIPs in it."""
    inside = st.sampled_from(OFFICIAL) | wild() | st.binary(max_size=30)
    if depth:
        inside |= archives(depth=depth - 1)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", draw(st.sampled_from(METHODS))) as archive:
        for number, data in enumerate(draw(st.lists(inside, max_size=4))):
            archive.writestr(f"{number}{draw(MEMBERS)}" if draw(st.booleans()) else f"{number}.zip", data)
    return buffer.getvalue()


@searched
@given(archives() | st.deferred(lambda: archives().flatmap(lambda data: bent([data]))))
def test_every_file_in_a_zip_comes_to_one_thing(data):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.zip"
        path.write_bytes(data)
        with opened(path) as archive:
            assert listed(archive) >= 0
            found = list(sources(path, archive=archive))
        outcomes = parse_batch(found, PSEUDONYM)
        assert [item.name for item in Path(folder).iterdir()] == ["export.zip"]
    assert found
    assert [outcome.label for outcome in outcomes] == [source.label for source in found]
    assert_sound(outcomes, *SECRETS)
    for outcome in outcomes:
        assert_discreet(outcome.label)
