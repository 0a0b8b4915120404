"""What fuzzing once found stays mended."""

import pytest

from messaging.batches import OWN_FAULT, pack_files
from messaging.rijen.header import Layouts
from messaging.rijen.tables import with_parts
from messaging.sources import sources
from tests.fuzz.found import CASES
from tests.support.records import PSEUDONYM
from tests.support.sentences import assert_discreet


@pytest.mark.parametrize("case", range(len(CASES)))
def test_a_found_case_comes_to_messages_or_sentences(tmp_path, case):
    kind, data = CASES[case]
    path = tmp_path / f"a.{kind}"
    path.write_bytes(data)
    found = list(with_parts(sources(path), Layouts()))
    packed = pack_files(found, [""] * len(found), PSEUDONYM)
    assert packed.rows or packed.rejected
    for _, reason in packed.rejected:
        assert reason.endswith(".")
        assert OWN_FAULT not in reason
        assert_discreet(reason)
