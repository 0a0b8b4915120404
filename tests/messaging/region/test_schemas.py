"""Every message type is valid against the official schemas."""

from pathlib import Path

import pytest
from lxml import etree

from messaging.region.build import Region, documents
from tests.messaging.region.schemas import STANDARDS, schema

TYPES = {
    "2.3": {"301", "302", "303", "304", "305", "306", "307", "308", "315", "316"},
    "3.2": {"301", "302", "305", "306", "307", "308", "315", "316", "317", "318", "319", "320", "323", "325"},
}


@pytest.mark.skipif(not STANDARDS.is_dir(), reason="de schema's van iJw en iWmo staan niet naast het project")
def test_every_message_is_valid(region: Region, tmp_path: Path) -> None:
    standard, faults, valid = region.world.standard, [], set()
    for message, (name, text) in zip(region.messages, documents(region), strict=True):
        family = "ijw" if message.wet == "jeugdwet" else "iwmo"
        official = schema(family, standard, message.soort, tmp_path)
        if official.validate(etree.fromstring(text.encode())):
            valid.add((family, message.soort))
        else:
            faults.append((name, str(official.error_log[0])))
    assert faults == []
    assert valid == {(family, soort) for family in ("ijw", "iwmo") for soort in TYPES[standard]}


def test_every_type_is_written(region: Region) -> None:
    assert {message.soort for message in region.messages} == TYPES[region.world.standard]
