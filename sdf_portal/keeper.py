"""The process that runs the embedded servers of one data directory for as long as anybody uses them.

Started by ``embedded``; ``python -m sdf_portal.keeper DATA_DIR``. The servers get a parent-death signal, so that
a killed keeper leaves none behind; a killed server is started again.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from sdf_portal import servers
from sdf_portal.embedded import EmbeddedError, secret
from sdf_portal.lifeline import die_with

LOOK_SECONDS = 0.2
RESTARTS_PER_MINUTE = 20


def main(data_dir: Path) -> int:
    with (data_dir / "keeper.lock").open("a") as own, (data_dir / "users.lock").open("a") as users:
        try:
            fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0  # another keeper was first
        keeper = Keeper(data_dir)
        try:
            keeper.start()
            keeper.keep(users)
        except (EmbeddedError, OSError) as error:
            (data_dir / "fault.txt").write_text(str(error))
            return 1
        finally:
            keeper.stop()
    return 0


class Keeper:
    """Starts, watches and stops a Postgres and a Valkey server."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.state_file = data_dir / "servers.json"
        self.database: subprocess.Popen[bytes] | None = None
        self.broker: subprocess.Popen[bytes] | None = None
        self.restarts: list[float] = []
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the users; the keeper follows them
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

    def start(self) -> None:
        ports = self._ports()
        self._write(ports, ready=False)
        self.cluster = servers.Cluster.prepare(self.data_dir, secret(self.data_dir, "database_password"))
        self.broker = servers.start_broker(
            self.data_dir, ports["broker_port"], secret(self.data_dir, "broker_password"), die_with(signal.SIGTERM)
        )
        self.database = self.cluster.start(ports["database_port"], die_with(signal.SIGINT))
        self.cluster.create_database(ports["database_port"])
        self._write(ports, ready=True)

    def keep(self, users: "object") -> None:
        """Return when no user is left; a server that died is started again in the meantime."""
        while True:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[arg-type]
                return
            except BlockingIOError:
                pass
            if any(process is None or process.poll() is not None for process in (self.database, self.broker)):
                self._count_restart()
                self.stop()
                self.start()
            time.sleep(LOOK_SECONDS)

    def stop(self) -> None:
        for process, sign in ((self.database, signal.SIGINT), (self.broker, signal.SIGTERM)):
            if process is not None and process.poll() is None:
                process.send_signal(sign)
        for process in (self.database, self.broker):
            if process is not None:
                process.wait()

    def _count_restart(self) -> None:
        now = time.monotonic()
        self.restarts = [moment for moment in self.restarts if now - moment < 60] + [now]
        if len(self.restarts) > RESTARTS_PER_MINUTE:
            raise EmbeddedError(f"De ingebouwde servers vallen steeds om. Kijk in {self.data_dir / 'postgres.log'}.")

    def _ports(self) -> dict[str, int]:
        """The ports of last time when they are still free, so that running users find the servers back."""
        try:
            before = json.loads(self.state_file.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            before = {}
        return {name: servers.free_port(before.get(name)) for name in ("database_port", "broker_port")}

    def _write(self, ports: dict[str, int], *, ready: bool) -> None:
        draft = self.state_file.with_suffix(".tmp")
        draft.write_text(json.dumps({**ports, "ready": ready}))
        draft.replace(self.state_file)


if __name__ == "__main__":
    if os.fork():  # nobody's child: a user that outlives it need not wait for it, one that ends leaves it alone
        os._exit(0)
    sys.exit(main(Path(sys.argv[1])))
