"""A portal of its own in a temporary folder, and how its commands are timed."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


class Workbench:
    """Commands run in processes of their own, as a user would run them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def region(self, clients: int, months: int, *, zipped: bool = False) -> Path:
        """A synthetic region of release 2.3, made once per size; ``zipped``: its messages in one ZIP."""
        out = self.folder / f"region-{clients}-{months}{'-zip' * zipped}"
        if not out.exists():
            size = (f"--clients={clients}", f"--months={months}", "--seed=1", "--standard=2.3")
            self.manage(self.folder / "maker", "make_region", *size, *(["--zip"] if zipped else []), f"--out={out}")
        return out

    def manage(self, data_dir: Path, *arguments: str, json_line: bool = False) -> dict[str, Any]:
        """Run a manage.py command on a data directory; with ``json_line`` what its last line says."""
        environment = {**os.environ, "SDF_DATA_DIR": str(data_dir), "SDF_PORT": "28431"}
        done = subprocess.run(  # noqa: S603 - our own commands
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"{arguments} ended with {done.returncode}\n{done.stdout}{done.stderr}")
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1]) if json_line else {}
        return found


def seconds(work: Callable[[], Any], times: int = 1) -> float:
    """The shortest of so many runs: the others were disturbed."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        found.append(time.perf_counter() - started)
    return min(found)


def title(text: str) -> None:
    print(f"\n{text}")


def show(label: str, value: float, goal: str = "") -> None:
    """One ratio, with the goal it is held against."""
    print(f"  {label:<58} {value:8.2f}{f'   goal {goal}' if goal else ''}", flush=True)
