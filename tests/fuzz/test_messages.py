"""Messages that are almost right or once were: each comes to one thing, tells no secret and harms no neighbour."""

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from messaging import claims, large, pieces, workers
from messaging import sources as source_module
from messaging.batches import pack, parse_batch
from messaging.berichten import alike
from messaging.models import Message, Upload, UploadFile
from messaging.sources import Source, sources
from messaging.store import store_batch
from tests.fuzz.budget import searched
from tests.support.records import PSEUDONYM
from tests.support.sentences import assert_discreet, assert_sound
from tests.support.wild_messages import CLAIMS, LONG_CLAIMS, OFFICIAL, SECRETS, bent, refilled, reshuffled, wild
from tests.support.xmlmessages import message, start

NEIGHBOUR = message("305", start(77, "2025-01-05"), day="2025-01-06", identification="BUUR").xml()
(BESIDE,) = parse_batch([Source("buur.xml", NEIGHBOUR)], PSEUDONYM)


def read_between_neighbours(*files: bytes) -> list:
    """The outcomes of the files, each with a sound message before and after it that must not notice."""
    batch = [Source("buur.xml", NEIGHBOUR)]
    for data in files:
        batch += [Source("wild.xml", data), Source("buur.xml", NEIGHBOUR)]
    outcomes = parse_batch(batch, PSEUDONYM)
    assert len(outcomes) == len(batch)
    assert all(outcome == BESIDE for outcome in outcomes[::2])
    return outcomes[1::2]


def test_what_is_changed_here_is_sound_to_begin_with():
    assert all(outcome.parsed for outcome in read_between_neighbours(*OFFICIAL))


@searched
@given(wild())
def test_a_message_that_is_almost_right_comes_to_one_thing(data):
    assert_sound(read_between_neighbours(data), *SECRETS)


@searched
@given(bent())
def test_bytes_that_once_were_a_message_come_to_one_thing(data):
    assert_sound(read_between_neighbours(data), *SECRETS)


@searched
@given(wild(CLAIMS) | bent(CLAIMS))
def test_a_large_claim_comes_to_one_thing_as_well(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "wild.xml"
    path.write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source_module, "MAX_BYTES_IN_MEMORY", 100)
        (large,) = sources(path)
    outcomes = parse_batch([Source("buur.xml", NEIGHBOUR), large, Source("buur.xml", NEIGHBOUR)], PSEUDONYM)
    assert [outcomes[0], outcomes[2]] == [BESIDE, BESIDE]
    assert_sound(outcomes[1:2], *SECRETS)


@searched
@given(wild(CLAIMS) | bent(CLAIMS), st.integers(200, 3000))
def test_a_claim_in_pieces_comes_to_what_it_comes_to_line_by_line(tmp_path_factory, data, size):
    path = tmp_path_factory.getbasetemp() / "wild.xml"
    path.write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source_module, "MAX_BYTES_IN_MEMORY", 100)
        patch.setattr(workers, "are_of_use", lambda: False)
        patch.setattr(pieces, "SIZE", size)
        cut = parse_batch(list(sources(path)), PSEUDONYM)
        patch.setattr(large, "_of_pieces", large._of_lines)
        assert cut == parse_batch(list(sources(path)), PSEUDONYM)


@searched
@given(wild(LONG_CLAIMS) | bent(LONG_CLAIMS) | reshuffled(LONG_CLAIMS))
def test_a_claim_by_shape_comes_to_what_it_comes_to_whole(data):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(claims, "FROM_BYTES", 0)
        by_shape = parse_batch([Source("wild.xml", data)], PSEUDONYM)
    assert by_shape == parse_batch([Source("wild.xml", data)], PSEUDONYM)


@searched
@given(refilled() | wild().map(lambda data: (data, data)) | st.tuples(reshuffled(), reshuffled()))
def test_a_message_like_another_comes_to_what_it_comes_to_parsed(messages):
    first, second = messages
    found = parse_batch([Source("wild.xml", data) for data in (first, first, second, first, second)], PSEUDONYM)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alike, "LARGEST", 0)
        parsed = [parse_batch([Source("wild.xml", data)], PSEUDONYM)[0] for data in (first, second)]
    assert found == [parsed[number] for number in (0, 0, 1, 0, 1)]


@pytest.mark.django_db
@searched
@given(st.lists(wild(), min_size=1, max_size=8))
def test_what_was_read_can_be_stored_whatever_it_says(files):
    outcomes = [BESIDE, *read_between_neighbours(*files)]
    packed = pack(outcomes, [PSEUDONYM.digest_of_bytes(data) for data in (NEIGHBOUR, *files)])
    with transaction.atomic():
        upload_file = UploadFile.objects.create(upload=Upload.objects.create(uploader="beheerder"), name="wild.zip")
        store_batch(upload_file, packed)
        assert Message.objects.filter(identificatie="BUUR").count() == 1
        assert upload_file.files_done == len(outcomes)
        assert upload_file.messages + upload_file.duplicates + upload_file.rejected == len(outcomes)
        assert_discreet(
            "\n".join([upload_file.upload.remark, *upload_file.rejections.values_list("reason", flat=True)])
        )
        transaction.set_rollback(True)
