"""Stored messages for tests of pages, without files behind them."""

from datetime import date
from itertools import count
from uuid import UUID

from messaging.models import Message, Occurrence, Upload, UploadFile, UploadState

_numbers = count(1)


def make_message(soort: str, gemeente: str, datum: str, *, link: int = 0, wet: str = "jeugdwet") -> Message:
    """One message; returns of a message are given its ``link``."""
    number = next(_numbers)
    day = date.fromisoformat(datum)
    return Message.objects.create(
        wet=wet,
        soort=soort,
        release="3.2",
        afzender=gemeente,
        gemeente=gemeente,
        aanbieder="12345678",
        identificatie=str(number),
        dagtekening=day,
        datum=day,
        link=link or number,
        identity=UUID(int=number),
        content=UUID(int=number),
    )


def make_upload(*messages: Message, state: UploadState = UploadState.DONE, **file_fields: object) -> Upload:
    """An upload of one file that brought these messages."""
    upload = Upload.objects.create(uploader="beheerder", state=state)
    fields = {"name": "export.zip", "size": 2048, "state": state, "messages": len(messages)} | file_fields
    file = UploadFile.objects.create(upload=upload, **fields)
    Occurrence.objects.bulk_create(Occurrence(upload_file=file, message=message) for message in messages)
    return upload
