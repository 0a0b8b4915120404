"""Processes seen from outside: who belongs to whom, and waiting for one to end."""

import os
import select
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
USER = """
import sys
from pathlib import Path
from sdf_portal import embedded
servers = embedded.ensure(Path(sys.argv[1]))
print(servers.database_url, servers.redis_url, flush=True)
sys.stdin.read()
"""


class ServerUser:
    """A process of its own that uses the embedded servers of ``data_dir`` until it is told to leave."""

    def __init__(self, data_dir: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(data_dir)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        told = self.process.stdout.readline().split()
        assert told, self.process.communicate()[1]
        self.database_url, self.redis_url = told

    def leave(self) -> None:
        self.process.communicate()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def children(pid: int) -> set[int]:
    """The processes that ``pid`` started and that still run, with theirs."""
    found: set[int] = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and _parent(folder) == pid:
            found |= {int(folder.name)} | children(int(folder.name))
    return found


def named(*words: str) -> set[int]:
    """The processes whose command line has all ``words`` as arguments."""
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                line = (folder / "cmdline").read_text().split("\0")
            except OSError:
                continue
            if set(words) <= set(line):
                found.add(int(folder.name))
    return found


def assert_ended(pids: set[int], seconds: float = 30) -> None:
    """Wait until all of them have ended."""
    for pid in pids:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            ended, _, _ = select.select([handle], [], [], seconds)
            assert ended, f"process {pid} still runs"
        finally:
            os.close(handle)


def _parent(folder: Path) -> int | None:
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None
