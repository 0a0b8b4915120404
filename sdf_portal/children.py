"""Programs that one process runs side by side: started, watched, started again when they fall, stopped together."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sdf_portal.lifeline import die_with

RESTARTS_PER_MINUTE = 5


class ChildError(RuntimeError):
    """A program keeps falling; the text says which one and where to look (Dutch)."""


@dataclass(slots=True)
class Child:
    """A program with a log of its own, in a session of its own: Ctrl-C reaches it only through ``stop``.

    ``farewells`` are the signals to stop it with, each with the seconds that it gets; then it is killed.
    """

    name: str
    command: Sequence[str]
    log: Path
    farewells: Sequence[tuple[int, float]]
    cwd: Path
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it, from the main thread (see ``lifeline``)."""
        now = time.monotonic()
        self.starts = [moment for moment in self.starts if now - moment < 60] + [now]
        if len(self.starts) > RESTARTS_PER_MINUTE:
            raise ChildError(f"De {self.name} valt steeds om. Kijk in {self.log}.")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                self.command,
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with(self.farewells[-1][0]),  # noqa: PLW1509 - no threads run here
            )

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        for sign, seconds in self.farewells:
            if self._ended(sign, seconds):
                return
        self._ended(signal.SIGKILL, 10)

    def _ended(self, sign: int, seconds: float) -> bool:
        if self.process is None or self.process.poll() is not None:
            return True
        os.kill(self.process.pid, sign)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True
