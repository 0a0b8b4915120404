"""Hundreds of megabytes in one message; minutes of work, so not among all tests."""

from tests.fuzz.budget import long_only
from tests.support.large_files import write_claim


@long_only
def test_a_claim_of_300_megabytes_is_taken_in_within_400(portal, tmp_path):
    lines = write_claim(tmp_path / "claim.xml", 300_000_000)
    assert portal.megabytes("ingest", str(tmp_path / "claim.xml")) < 400
    assert portal.ask("SELECT count(*) FROM messaging_prestatie") == [(lines,)]
    portal.empty()
