"""Processes that read messages beside the one that wants them."""

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from messaging.berichten.persons import Pseudonymiser

GARBAGE = 100_000  # objects until the next search for cycles, of which reading makes none: it took a tenth of the time
_pseudonym: Pseudonymiser | None = None


def are_of_use() -> bool:
    """Whether this process may have others, and there is room for them to work."""
    return not multiprocessing.current_process().daemon and (os.cpu_count() or 1) > 1


def pool(count: int, key: str, preload: str) -> ProcessPoolExecutor:
    """So many processes that have imported a module and make pseudonyms with ``key``; one that imports no Django."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([preload])  # once, not in each worker
    return ProcessPoolExecutor(count, context, _start, (key,))


@contextmanager
def seldom_searched() -> Iterator[None]:
    """With fewer searches for cycles in this process."""
    before = gc.get_threshold()
    gc.set_threshold(GARBAGE)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def pseudonym() -> Pseudonymiser:
    """The pseudonymiser of this worker."""
    assert _pseudonym
    return _pseudonym


def _start(key: str) -> None:
    """What a worker needs before its first work; it ends with the process that wanted it."""
    global _pseudonym
    _pseudonym = Pseudonymiser(key)
    gc.freeze()
    gc.set_threshold(GARBAGE)
    _end_with_owner()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that wanted it


def _end_with_owner() -> None:
    """End when the process that wanted this one does.

    The parent of one from a fork server is that server, which in turn lives as long as any of its workers: none of
    them would ever end. (Nothing of ``sdf_portal`` is imported for it: that brings Celery, and a worker starts in a
    third of the time.)
    """
    owner = multiprocessing.parent_process()
    assert owner

    def watch() -> None:
        owner.join()
        os._exit(1)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
