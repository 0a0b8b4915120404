"""Property: the order of messages, their spread over files and repetition give the same stored state."""

import tempfile
import zipfile
from pathlib import Path

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi.calc.frames import Records
from kpi.loading import load_records
from messaging.actions import create_upload_of_paths, process_upload
from messaging.models import Occurrence, UploadFile
from tests.support.records import records
from tests.support.stored import stored
from tests.support.xmlmessages import (
    BRAM,
    Line,
    allocation,
    answer,
    change_request,
    claim_answer,
    message,
    new,
    question_answer,
    request,
    start,
    stop,
    unchanged,
)

pytestmark = pytest.mark.django_db

FIRST = message("301", allocation(1, reference="REF1"), allocation(2), day="2025-01-02", identification="T1")
BEGUN = message("305", start(1, "2025-01-05"), day="2025-01-06", identification="S1")
CLAIM = message("323", Line("R1", 100), Line("R2", 200, bsn=BRAM), day="2025-02-02", identification="D1")
OLD = message("303", Line("R1", 100), day="2025-02-02", release="2.3", identification="F1")
MESSAGES = [
    FIRST,
    answer(FIRST, "2025-01-03", records=((FIRST.parts[0], "9332"),), identification="Q1"),
    answer(FIRST, "2025-01-04", identification="Q2"),
    BEGUN,
    message("305", start(1, "2025-01-09"), day="2025-01-06", identification="S1"),  # one identity, other content
    message("305", start(1, "2025-01-05"), day="2025-01-06", wet="wmo", identification="S1"),
    message("307", stop(1, "2025-01-05", "2025-03-01"), day="2025-03-02", identification="S1"),
    message("315", request("REF1"), request("REF2"), day="2025-01-01", identification="V1"),
    message("317", *change_request("REF3", unchanged(1), new("2025-06-01")), day="2025-04-01", identification="V1"),
    message("319", question_answer("REF2", "1", "1"), day="2025-01-03", identification="O1"),
    CLAIM,
    claim_answer(CLAIM, "2025-02-05", whole=("0200",), listed=((Line("R1", 100), "8004"),), identification="A1"),
    OLD,
    claim_answer(OLD, "2025-02-05", header=("0200",), listed=((Line("R1", 100), "8004"),), identification="A1"),
]
NOISE = b"geen bericht"


@st.composite
def deliveries(draw: st.DrawFn) -> list[list[int]]:
    """Every message at least once, in any order, spread over one to four files; -1 is a file that is no message."""
    everything = list(range(len(MESSAGES)))
    extra = draw(st.lists(st.sampled_from([-1, *everything]), max_size=8))
    order = draw(st.permutations(everything + extra))
    cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=3)))
    return [order[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(order)], strict=True) if end > begin]


def take_in(files: list[list[int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number, file in enumerate(files):
            path = Path(folder) / f"{number}.zip"
            with zipfile.ZipFile(path, "w") as archive:
                for place, item in enumerate(file):
                    archive.writestr(f"{place}.xml", NOISE if item < 0 else MESSAGES[item].xml())
            upload = create_upload_of_paths(uploader="beheerder", paths=[path])
            process_upload(upload.pk)


def now() -> dict[str, list[str]]:
    with connection.cursor() as cursor:
        return stored(cursor)


def in_words(found: Records) -> dict[str, list[tuple]]:
    """The rows of record frames without message numbers; a record has the link and soort of its message instead."""
    head = found.messages.set_index("message_id")[["link", "soort", "retour_identificatie"]].astype(str)
    result = {"messages": sorted(map(tuple, found.messages.drop(columns="message_id").astype(str).to_numpy()))}
    for name in ("toewijzingen", "starts", "stops", "prestaties", "verzoeken", "retour_regels", "antwoord_regels"):
        rows = getattr(found, name).join(head, on="message_id").drop(columns="message_id").astype(str)
        result[name] = sorted(map(tuple, rows.to_numpy()))
    return result


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deliveries())
def test_order_files_and_repetition_give_the_same_stored_state(files):
    with transaction.atomic():
        take_in([list(range(len(MESSAGES)))])
        once = now()
        assert all(lines for table, lines in once.items() if table != "messaging_besluit")  # no message has one
        transaction.set_rollback(True)
    with transaction.atomic():
        take_in(files)
        assert now() == once
        brought = {(number, item) for number, file in enumerate(files) for item in file if item >= 0}
        assert Occurrence.objects.count() == len(brought)
        noise = sum(item < 0 for file in files for item in file)
        assert sum(UploadFile.objects.values_list("rejected", flat=True)) == noise
        assert sum(UploadFile.objects.values_list("messages", flat=True)) == len(MESSAGES) - 1
        transaction.set_rollback(True)


def test_the_database_gives_the_frames_that_the_messages_say():
    take_in([list(range(len(MESSAGES)))])
    assert in_words(load_records()) == in_words(records(*MESSAGES))
