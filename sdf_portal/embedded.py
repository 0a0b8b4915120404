"""The embedded database and broker: real servers from wheels, so that one command runs the portal.

Every process that uses them holds a shared lock on ``users.lock`` for as long as it lives. A detached
keeper (see ``keeper``) runs the servers and stops them when nobody holds that lock any more: the kernel drops
locks of a killed process too, so nothing is left behind and nothing in use is stopped.
"""

import fcntl
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 90
NEEDED_BYTES = 128 * 1024**2  # a new cluster and its first write-ahead log
NOTICE_SECONDS = 1  # within this the keeper sees that a user left
_held: dict[Path, int] = {}  # the shared locks of this process, by data directory


class EmbeddedError(RuntimeError):
    """The embedded servers cannot run; the text says why and what to do (Dutch: it reaches the person at the desk)."""


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the servers of one data directory listen."""

    database_url: str
    redis_url: str


def ensure(data_dir: Path) -> Servers:
    """The servers of ``data_dir``, started when they do not run. This process counts as a user until it ends.

    Raises EmbeddedError when they do not answer within PATIENCE_SECONDS.
    """
    data_dir = data_dir.absolute()
    try:
        _prepare(data_dir)
        _hold(data_dir)
    except OSError as error:
        raise EmbeddedError(
            f"De map {data_dir} is niet bruikbaar ({error.strerror}). Maak ruimte of kies met SDF_DATA_DIR een andere."
        ) from error
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if not keeper_runs(data_dir):
            _check_room(data_dir)
            (data_dir / "fault.txt").unlink(missing_ok=True)
            _start_keeper(data_dir)
        state = _wait_ready(data_dir, deadline)
        if state:
            return _servers(data_dir, state)
    raise EmbeddedError(f"De ingebouwde database antwoordt niet. Kijk in {data_dir / 'keeper.log'}.")


def release(data_dir: Path, patience: float = 30) -> None:
    """No longer a user. When nobody else is, returns once the servers have stopped or ``patience`` seconds are over."""
    data_dir = data_dir.absolute()
    lock = _held.pop(data_dir, None)
    if lock is None:
        return
    os.close(lock)
    now = time.monotonic()
    while keeper_runs(data_dir) and time.monotonic() < now + patience:
        if time.monotonic() > now + NOTICE_SECONDS and not _stopping(data_dir):
            return  # others still use them
        time.sleep(0.05)


def _stopping(data_dir: Path) -> bool:
    """Whether the keeper has shut the door to new users."""
    return _refused(data_dir / "users.lock", fcntl.LOCK_SH)


def secret(data_dir: Path, name: str) -> str:
    """A secret of this data directory, made once: database_password, broker_password, secret_key, pseudonym_key."""
    return str(_secrets(data_dir)[name])


def keeper_runs(data_dir: Path) -> bool:
    """Whether a keeper holds its lock."""
    return _refused(data_dir / "keeper.lock", fcntl.LOCK_EX)


def _refused(path: Path, kind: int) -> bool:
    """Whether a lock of this kind is not to be had now."""
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _prepare(data_dir: Path) -> None:
    data_dir.mkdir(parents=True, exist_ok=True)
    os.chmod(data_dir, 0o711)  # noqa: S103 - the database's own account passes through, and sees nothing else
    _secrets(data_dir)


def _check_room(data_dir: Path) -> None:
    if shutil.disk_usage(data_dir).free < NEEDED_BYTES:
        raise EmbeddedError(
            f"De schijf van {data_dir} is vol; de database heeft minstens {NEEDED_BYTES // 1024**2} MB nodig."
            " Maak ruimte of kies met SDF_DATA_DIR een andere map."
        )


def _secrets(data_dir: Path) -> dict[str, str]:
    path = data_dir / "secrets.json"
    if not path.exists():
        made = {
            name: secrets.token_urlsafe(32)
            for name in ("database_password", "broker_password", "secret_key", "pseudonym_key")
        }
        draft = data_dir / f"secrets.{os.getpid()}.tmp"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made))
        try:
            os.link(draft, path)  # two first starts at once: the first one wins, whole
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    loaded: dict[str, str] = json.loads(path.read_text())
    return loaded


def _hold(data_dir: Path) -> None:
    if data_dir not in _held:
        lock = os.open(data_dir / "users.lock", os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(lock, fcntl.LOCK_SH)  # waits while a keeper is stopping
        _held[data_dir] = lock


def _start_keeper(data_dir: Path) -> None:
    with (data_dir / "keeper.log").open("a") as log:
        subprocess.run(  # noqa: S603 - our own module, our own path; it detaches itself at once
            [sys.executable, "-m", "sdf_portal.keeper", str(data_dir)],
            cwd=Path(__file__).resolve().parent.parent,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            check=False,
        )


def _wait_ready(data_dir: Path, deadline: float) -> dict[str, Any] | None:
    """The state that a ready keeper wrote, or None when the keeper ended first."""
    started = time.monotonic()
    while time.monotonic() < deadline:
        runs = keeper_runs(data_dir)
        fault = data_dir / "fault.txt"
        if fault.exists():
            raise EmbeddedError(fault.read_text())
        try:
            state: dict[str, Any] = json.loads((data_dir / "servers.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            state = {}
        if runs and state.get("ready") and _listens(state):
            return state
        if not runs and time.monotonic() - started > 5:
            return None
        time.sleep(0.05)
    return None


def _listens(state: dict[str, Any]) -> bool:
    """Whether both ports are open; not so in the moment before the keeper sees that a server fell."""
    for name in ("database_port", "broker_port"):
        try:
            socket.create_connection(("127.0.0.1", state[name]), timeout=1).close()
        except OSError:
            return False
    return True


def _servers(data_dir: Path, state: dict[str, Any]) -> Servers:
    database = secret(data_dir, "database_password")
    broker = secret(data_dir, "broker_password")
    return Servers(
        database_url=f"postgres://sdf:{database}@127.0.0.1:{state['database_port']}/sdf",
        redis_url=f"redis://:{broker}@127.0.0.1:{state['broker_port']}/0",
    )
