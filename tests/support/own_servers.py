"""A Postgres and a broker that nobody starts again: a test decides when each falls and when it comes back."""

import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from sdf_portal import servers
from sdf_portal.lifeline import die_with

KEYS = {"SECRET_KEY": "k" * 40, "PSEUDONYM_KEY": "p" * 40}


class OwnServers:
    """Servers of a data directory of their own; ``leave`` stops them."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sdf-servers-"))
        self.folder.chmod(0o711)
        self.password = secrets.token_urlsafe(16)
        self.cluster = servers.Cluster.prepare(self.folder, self.password)
        self.ports = servers.free_port(None), servers.free_port(None)
        self.start_database()
        self.cluster.create_database(self.ports[0])
        self.start_broker()

    @property
    def environment(self) -> dict[str, str]:
        database, broker = self.ports
        return KEYS | {
            "DATABASE_URL": f"postgres://sdf:{self.password}@127.0.0.1:{database}/sdf",
            "REDIS_URL": f"redis://:{self.password}@127.0.0.1:{broker}/0",
        }

    @property
    def database_url(self) -> str:
        return self.environment["DATABASE_URL"]

    def start_database(self) -> None:
        """Returns when it answers."""
        self.database = self.cluster.start(self.ports[0], die_with(signal.SIGINT))

    def start_broker(self) -> None:
        self.broker = servers.start_broker(self.folder, self.ports[1], self.password, die_with(signal.SIGTERM))

    def end_database(self, sign: int) -> None:
        """SIGINT: its fast shutdown; SIGQUIT: the immediate one, as when the machine stops."""
        _end(self.database, sign)

    def kill_broker(self, *, forgetting: bool) -> None:
        """``forgetting``: what it kept is gone as well."""
        _end(self.broker, signal.SIGKILL)
        if forgetting:
            shutil.rmtree(self.folder / "broker")

    def leave(self) -> None:
        for process in (self.database, self.broker):
            _end(process, signal.SIGQUIT if process is self.database else signal.SIGKILL)
        shutil.rmtree(self.cluster.data.parent)
        shutil.rmtree(self.folder, ignore_errors=True)


def _end(process: "subprocess.Popen[bytes]", sign: int) -> None:
    if process.poll() is None:
        process.send_signal(sign)
    process.wait()
