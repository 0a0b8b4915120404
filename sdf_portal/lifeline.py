"""Processes that end when their parent does, whatever ended it (Linux; elsewhere these do nothing)."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def die_with(sign: int) -> Callable[[], None] | None:
    """A ``preexec_fn``: the child gets ``sign`` when the thread that starts it ends (so use the main thread)."""
    if not sys.platform.startswith("linux"):
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def bind() -> None:
        prctl(PR_SET_PDEATHSIG, sign)
        if os.getppid() != parent:  # it ended before the line above
            os.kill(os.getpid(), signal.SIGKILL)

    return bind


def end_with_parent(sign: int = signal.SIGKILL) -> None:
    """For a process that is already running, a forked one above all: get ``sign`` when the parent ends."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, sign)
