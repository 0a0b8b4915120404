"""What the message tables hold, comparable between databases: numbers given by a sequence are left out."""

import io
from typing import Any

from messaging.inserting import TABLES

MESSAGES = "SELECT '', to_jsonb(m) - 'id' FROM messaging_message m"
OCCURRENCES = (
    "SELECT m.identity || '/' || m.content, jsonb_build_object('file', f.name) FROM messaging_occurrence o"
    " JOIN messaging_message m ON m.id = o.message_id JOIN messaging_uploadfile f ON f.id = o.upload_file_id"
)
REJECTIONS = (
    "SELECT f.name, to_jsonb(r) - 'id' - 'upload_file_id' FROM messaging_rejection r"
    " JOIN messaging_uploadfile f ON f.id = r.upload_file_id"
)
FILES = "SELECT f.name, to_jsonb(f) - 'id' - 'upload_id' - 'stored_path' FROM messaging_uploadfile f"
UPLOADS = {"messaging_occurrence": OCCURRENCES, "messaging_rejection": REJECTIONS, "messaging_uploadfile": FILES}


def stored(cursor: Any) -> dict[str, list[str]]:
    """The lines of the tables of messages and records, the number of a message replaced by what identifies it."""
    tables = {"messaging_message": MESSAGES}
    for table in TABLES.values():
        tables[table] = (
            f"SELECT m.identity || '/' || m.content, to_jsonb(r) - 'message_id' FROM {table} r"
            " JOIN messaging_message m ON m.id = r.message_id"
        )
    return {table: _lines(cursor, query) for table, query in tables.items()}


def stored_by_uploads(cursor: Any) -> dict[str, list[str]]:
    """``stored``, and what each file brought, refused and counted."""
    return stored(cursor) | {table: _lines(cursor, query) for table, query in UPLOADS.items()}


def _lines(cursor: Any, query: str) -> list[str]:
    buffer = io.BytesIO()
    cursor.copy_expert(f"COPY ({query} ORDER BY 1, 2) TO STDOUT", buffer)
    return buffer.getvalue().decode().splitlines()
