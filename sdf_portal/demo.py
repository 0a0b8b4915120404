"""The demo region and its accounts: made once, step by step, and taken up where a stopped start left off.

A finished step is written down beside the identity of the database it was done in, so that a new database is
filled again. Every step may run twice: the loaders know what they have already.
"""

import json
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from accounts.actions import create_user
from accounts.models import User
from accounts.roles import Role
from sdf_portal.celery import app

SEED = 20
MUNICIPALITY = "0080"  # Leeuwarden
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else
NEEDED_BYTES = 2 * 1024**3  # the region, its tables and the write-ahead log


@dataclass(frozen=True, slots=True)
class Step:
    """Something to make: what to tell, and the work, which returns a line about what it made."""

    name: str
    told: str
    work: Callable[[Path], str]


def make_region(data_dir: Path, clients: int, months: int) -> str:
    """The region's files, whole or not at all."""
    region, draft = data_dir / "demo-regio", data_dir / "demo-regio.draft"
    if not region.exists():
        shutil.rmtree(draft, ignore_errors=True)
        size = (f"--clients={clients}", f"--months={months}", f"--seed={SEED}")
        _command("make_region", *size, "--zip", f"--out={draft}")
        draft.rename(region)
    return f"{region}"


def load_reference(data_dir: Path) -> str:
    return _command("load_reference", *map(str, sorted((data_dir / "demo-regio").rglob("*.csv"))))


def ingest(data_dir: Path) -> str:
    files = sorted(path for path in (data_dir / "demo-regio").rglob("*") if path.suffix in (".zip", ".xml"))
    return _command("ingest", *map(str, files), "--uploader=demo")


def compute(data_dir: Path) -> str:
    """The figures; what the steps before asked the worker to compute is done with that."""
    from kpi.refresh import taken_up

    told = _command("compute")
    app.control.purge()
    taken_up()
    return told


def steps(clients: int, months: int) -> list[Step]:
    """All steps, in order."""
    region = partial(make_region, clients=clients, months=months)
    return [
        Step("region", f"Regio verzinnen: {clients} cliënten, {months} maanden", region),
        Step("reference", "Producten, aanbieders en gemeenten laden", load_reference),
        Step("messages", "Berichten inlezen", ingest),
        Step("figures", "Indicatoren berekenen", compute),
    ]


def unfinished(data_dir: Path, clients: int, months: int) -> list[Step]:
    """The steps that this database still needs, in order."""
    done = _done(data_dir)
    return [step for step in steps(clients, months) if step.name not in done]


def finish(data_dir: Path, step: Step) -> str:
    """Do a step and write down that it is done."""
    told = step.work(data_dir)
    _write(data_dir / "demo.json", {"database": _database(), "done": [*_done(data_dir), step.name]})
    return told


def accounts(data_dir: Path) -> list[tuple[str, str, str]]:
    """Role, user name and password of one account per role; missing ones are made.

    The passwords are made here and kept beside the database. Somebody who chose another one keeps it.
    """
    path = data_dir / "demo-accounts.json"
    known: dict[str, dict[str, str]] = json.loads(path.read_text()) if path.exists() else {}
    users = {user.username: user for user in User.objects.filter(username__in=Role.values)}
    for role in Role:
        if role not in users or role not in known:
            password = known.get(role, {}).get("password") or _password()
            users[role] = _account(role, password)
            known[role] = {"password": password, "stored": users[role].password}
            _write(path, known)
    return [
        (role, role, known[role]["password"] if users[role].password == known[role]["stored"] else "(zelf gekozen)")
        for role in Role
    ]


@transaction.atomic
def _account(role: Role, password: str) -> User:
    user = User.objects.filter(username=role.value).first() or create_user(
        by=None,
        username=role.value,
        role=role.value,
        municipality=MUNICIPALITY if role == Role.MUNICIPALITY else "",
        full_name=f"Demo {role.label}",
    )
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


def _password() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def _command(name: str, *arguments: str) -> str:
    """The first line that the command told."""
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue().strip().partition("\n")[0]


def _done(data_dir: Path) -> list[str]:
    try:
        state = json.loads((data_dir / "demo.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return []
    return list(state["done"]) if state["database"] == _database() else []


def _database() -> str:
    """What tells this cluster from any other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier::text FROM pg_control_system()")
        return str(cursor.fetchone()[0])


def _write(path: Path, content: dict[str, Any]) -> None:
    draft = path.with_suffix(".tmp")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(content))
    draft.replace(path)
