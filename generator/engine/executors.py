"""Who does independent work: one after the other, processes of this machine, or anything with `submit`."""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor as Pool
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Protocol

from generator.engine.refusal import Refused
from generator.model.problem import Problem

Work = Callable[[bytes], bytes]
_AHEAD = 4
"""Parcels under way for each worker: enough that none waits, few enough that memory stays bounded."""


class Executor(Protocol):
    """Applies a function of a module to independent parcels; answers come in the order of the parcels.

    `workers` is how many work at once; `here` says whether they see the files of this machine.
    """

    workers: int
    here: bool

    def run(self, work: Work, parcels: Iterable[bytes]) -> Iterator[bytes]:
        """One answer for each parcel, in order; parcels are asked for as the work goes on."""
        ...


class Serial:
    """One parcel after the other, in this process."""

    workers = 1
    here = True

    def run(self, work: Work, parcels: Iterable[bytes]) -> Iterator[bytes]:
        """One answer for each parcel, in order."""
        return map(work, parcels)


class Submitting:
    """Anything with `submit`: a pool of processes, the executor of a cluster."""

    def __init__(self, pool: Pool, workers: int, *, here: bool) -> None:
        self.workers = workers
        self.here = here
        self._pool = pool

    def run(self, work: Work, parcels: Iterable[bytes]) -> Iterator[bytes]:
        """One answer for each parcel, in order. Raises: Refused with CL911 when a worker was ended from outside."""
        under_way: deque[Future[bytes]] = deque()
        try:
            for parcel in parcels:
                under_way.append(self._pool.submit(work, parcel))
                if len(under_way) > self.workers * _AHEAD:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        except BrokenProcessPool as error:
            hint = "Build again; with --jobs 1 one process does all the work and needs less memory."
            raise Refused(
                Problem("error", "CL911", "a process of this build was ended from outside", hint=hint)
            ) from error
        finally:
            for future in under_way:
                future.cancel()


@contextmanager
def processes(workers: int) -> Iterator[Submitting]:
    """Processes of this machine, all gone afterwards; what they are working on when something fails is dropped."""
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context(_way_to_start()), initializer=_begin)
    try:
        yield Submitting(pool, workers, here=True)
    except BaseException:
        _end_now(pool)
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _way_to_start() -> str:
    """`fork` has a worker ready at once; it is safe only while there is one thread, and macOS itself starts some."""
    alone = threading.active_count() == 1
    return "fork" if sys.platform == "linux" and alone else "spawn"


def _begin() -> None:
    """Ctrl-C is for the process that waits for this one, which ends it; when that one is gone, so is this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Nothing that was there at the start is garbage: looking at it again and again would only cost.
    gc.freeze()
    threading.Thread(target=_end_with_parent, daemon=True, name="parent watch").start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _end_now(pool: ProcessPoolExecutor) -> None:
    for process in tuple((pool._processes or {}).values()):  # noqa: SLF001 - before 3.14 there is no public way to end them
        process.terminate()
