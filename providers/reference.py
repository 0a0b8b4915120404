"""Reference CSV files: recognised by their header, checked whole, written in one transaction.

Semicolon or comma separated, UTF-8 with or without BOM, decimal comma or point, dates YYYY-MM-DD or DD-MM-YYYY.
Loading the same file twice changes nothing. Other apps add tables of their own with ``register``.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from providers.cells import CellError
from providers.exceptions import ReferenceError
from providers.models import ReferenceChange

Row = Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A kind of reference file: what its columns are called and how a row becomes a model instance.

    ``key`` names the model fields that identify a row. ``frozen`` rows may be added, never changed.
    """

    name: str
    columns: tuple[str, ...]
    model: type[models.Model]
    key: tuple[str, ...]
    parse: Callable[[Row], dict[str, Any]]
    optional: frozenset[str] = frozenset()
    frozen: bool = False


@dataclass(frozen=True)
class Loaded:
    """What came of one file: rows new, changed and already there."""

    file: str
    table: str
    new: int
    changed: int
    unchanged: int


COMMAND = "opdrachtregel"
_tables: dict[str, Table] = {}


def register(table: Table) -> None:
    """Make a kind of file known."""
    _tables[table.name] = table


def load(paths: Iterable[Path], *, by: str = COMMAND) -> list[Loaded]:
    """Load files and the CSV files of directories, and note what changed; raises ReferenceError, then nothing was."""
    files = [file for path in paths for file in _files(path)]
    if not files:
        raise ReferenceError("Geen CSV-bestanden gevonden. Geef een map met referentiebestanden of de bestanden zelf.")
    order = list(_tables)
    read = sorted(((file, *_read(file)) for file in files), key=lambda item: order.index(item[1].name))
    with transaction.atomic():
        return [_write(file.name, table, rows, by) for file, table, rows in read]


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(path.glob("*.csv"))
    if not path.is_file():
        raise ReferenceError(f"{path} bestaat niet. Controleer het pad.")
    return [path]


def _read(file: Path) -> tuple[Table, list[tuple[int, dict[str, Any]]]]:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReferenceError(f"{file.name}: het bestand is geen UTF-8. Sla het op als CSV UTF-8.") from error
    head = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if head.count(";") >= head.count(",") else ",")
    header = [name.strip().lower() for name in next(reader, [])]
    table = _table_of(file, header)
    rows = [
        (reader.line_num, _parsed(file, reader.line_num, table, header, cells))
        for cells in reader
        if any(cell.strip() for cell in cells)
    ]
    return table, rows


def _table_of(file: Path, header: list[str]) -> Table:
    """The most specific kind whose required columns are all there."""
    fitting = [table for table in _tables.values() if set(table.columns) - table.optional <= set(header)]
    if fitting:
        return max(fitting, key=lambda table: len(set(table.columns) & set(header)))
    named = _tables.get(file.stem.lower())
    if named is None:
        known = ", ".join(f"{name}.csv" for name in _tables)
        raise ReferenceError(f"{file.name}: de kolommen horen bij geen van de bestanden {known}.")
    missing = [column for column in named.columns if column not in header and column not in named.optional]
    raise ReferenceError(f"{file.name}: deze kolommen ontbreken: {', '.join(missing)}. Vul de eerste regel aan.")


def _parsed(file: Path, line: int, table: Table, header: list[str], cells: list[str]) -> dict[str, Any]:
    if len(cells) != len(header):
        raise ReferenceError(
            f"{file.name}, regel {line}: {len(cells)} velden, verwacht {len(header)}."
            " Zet een veld met een scheidingsteken tussen aanhalingstekens."
        )
    row = dict.fromkeys(table.columns, "") | dict(zip(header, (cell.strip() for cell in cells), strict=True))
    try:
        values = table.parse(row)
        table.model(**values).clean_fields(exclude={"id", *(name for name, value in values.items() if value is None)})
    except CellError as error:
        raise ReferenceError(f"{file.name}, regel {line}: {error}") from error
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        name = table.model._meta.get_field(field).verbose_name
        raise ReferenceError(f"{file.name}, regel {line}: {name}: {' '.join(sentences)}") from error
    return values


def _write(file: str, table: Table, rows: list[tuple[int, dict[str, Any]]], by: str) -> Loaded:
    known = {tuple(getattr(item, name) for name in table.key): item for item in table.model._default_manager.all()}
    seen: dict[tuple[Any, ...], int] = {}
    new, changed, unchanged = [], [], 0
    for line, values in rows:
        key = tuple(values[name] for name in table.key)
        if key in seen:
            raise ReferenceError(f"{file}, regel {line}: dezelfde sleutel als regel {seen[key]}. Verwijder er één.")
        seen[key] = line
        item = known.get(key)
        if item is None:
            new.append(values)
        elif all(getattr(item, name) == value for name, value in values.items()):
            unchanged += 1
        elif table.frozen:
            raise ReferenceError(
                f"{file}, regel {line}: deze versie bestaat al met andere waarden. Kies een nieuwe ingangsdatum."
            )
        else:
            changed.append((item, values))
    _note(
        file,
        table,
        by,
        [({}, values) for values in new] + [(_fields(item, values), values) for item, values in changed],
    )
    table.model._default_manager.bulk_create([table.model(**values) for values in new])
    for item, values in changed:
        table.model._default_manager.filter(pk=item.pk).update(**values)
    return Loaded(file, table.name, len(new), len(changed), unchanged)


def _fields(item: models.Model, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(item, name) for name in names}


def _note(file: str, table: Table, by: str, changes: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    """The history: what each row was and became, never overwritten."""
    ReferenceChange.objects.bulk_create(
        ReferenceChange(
            table=table.name,
            key=" ".join(str(after[name]) for name in table.key if after[name] not in (None, ""))[:200],
            before=_texts(before),
            after=_texts(after),
            source=file[:200],
            changed_by=by[:150],
        )
        for before, after in changes
    )


def _texts(values: dict[str, Any]) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in values.items()}


def tables() -> list[Table]:
    """The kinds of files that are known."""
    return list(_tables.values())
