"""Processes of this machine that do independent work, all gone afterwards, whatever happens.

Each has a line of its own and gets a parcel when it has none, so none can hold up another: where they share queues, one
that is ended while it writes leaves the rest waiting for ever. There are no threads on this side, and nothing is
awaited that a process could take with it.
"""

import builtins
import gc
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from generator.engine.collector import SELDOM
from generator.engine.executors import AHEAD, HELD, Work
from generator.engine.refusal import Refused
from generator.model.problem import Problem

_SIGNALS_HELD = {signal.SIGINT}


class _Task:
    """A parcel and what is to be done with it; later the answer, or what was raised instead of one."""

    def __init__(self, work: Work, parcel: bytes) -> None:
        self.order = (work, parcel)
        self.answer: bytes | None = None
        self.error: Exception | None = None
        self.is_done = False


class Processes:
    """An executor: a team of processes, each at the other end of its line."""

    here = True

    def __init__(self, team: Sequence[BaseProcess], lines: Sequence[Connection]) -> None:
        self.workers = len(team)
        self._team = team
        self._lines = lines
        self._idle = list(lines)
        self._busy: dict[Connection, _Task] = {}
        self._waiting: deque[_Task] = deque()

    def run(self, work: Work, parcels: Iterable[bytes]) -> Iterator[bytes]:
        """One answer for each parcel, in order. Raises: Refused with CL920 when a process was ended from outside."""
        mine: deque[_Task] = deque()
        try:
            for parcel in parcels:
                task = _Task(work, parcel)
                mine.append(task)
                self._waiting.append(task)
                self._exchange(0)
                while len(self._waiting) + len(self._busy) > self.workers * AHEAD:
                    self._exchange(None)
                while mine and (mine[0].is_done or len(mine) > self.workers * HELD):
                    yield self._finished(mine.popleft())
            while mine:
                yield self._finished(mine.popleft())
        except GeneratorExit:
            dropped = set(map(id, mine))
            self._waiting = deque(task for task in self._waiting if id(task) not in dropped)
            raise
        except BaseException:
            # What is under way may write files: whoever clears up after this must not meet them.
            self.end()
            raise

    def end(self) -> None:
        """All processes are gone."""
        for process in self._team:
            process.kill()
        for process in self._team:
            process.join()
        for line in self._lines:
            line.close()

    def _finished(self, task: _Task) -> bytes:
        while not task.is_done:
            self._exchange(None)
        if task.error is not None:
            raise task.error
        return task.answer or b""

    def _exchange(self, timeout: float | None) -> None:
        """Take the answers that are there, waiting `timeout` seconds for the first, and hand out what waits."""
        try:
            ready: Any = wait(self._busy, timeout) if self._busy else ()
            for line in ready:
                task = self._busy.pop(line)
                task.answer, told = pickle.loads(line.recv_bytes())  # noqa: S301 - our own process wrote it
                task.error = _mistake(*told) if told else None
                task.is_done = True
                self._idle.append(line)
            while self._idle and self._waiting:
                task = self._waiting.popleft()
                order = pickle.dumps(task.order)
                line = self._idle.pop()
                self._busy[line] = task
                line.send_bytes(order)
        except (EOFError, OSError) as error:
            hint = "Build again; with --jobs 1 one process does all the work and needs less memory."
            message = "a process of this build was ended from outside"
            raise Refused(Problem("error", "CL920", message, hint=hint)) from error


@contextmanager
def processes(workers: int) -> Iterator[Processes]:
    """So many processes; what they are working on when this ends is dropped."""
    way = _way_to_start()
    context: Any = multiprocessing.get_context(way)
    if way == "spawn" and sys.platform != "win32":
        # The first process to be spawned starts this one before it, which lets Ctrl-C through again for all after it.
        resource_tracker.ensure_running()
    team: list[BaseProcess] = []
    lines: list[Connection] = []
    try:
        with _undisturbed():
            for _ in range(workers):
                line, other_end = context.Pipe()
                process = context.Process(target=_work, args=(other_end,), daemon=True)
                process.start()
                team.append(process)
                lines.append(line)
                # Only its own process holds the other end now: where that one ends, so does the line.
                other_end.close()
        yield Processes(team, lines)
    finally:
        Processes(team, lines).end()


def _way_to_start() -> str:
    """`fork` has a worker ready at once; it is safe only while there is one thread, and macOS itself starts some."""
    alone = threading.active_count() == 1
    return "fork" if sys.platform == "linux" and alone else "spawn"


@contextmanager
def _undisturbed() -> Iterator[None]:
    """What starts in here never sees Ctrl-C: that is for the process which waits for it."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS_HELD)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(line: Connection) -> None:
    """The life of a process: parcels in, answers out, until it is ended; when its parent is gone, so is it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Nothing that was there at the start is garbage: looking at it again and again would only cost.
    gc.freeze()
    gc.set_threshold(*SELDOM)
    threading.Thread(target=_end_with_parent, daemon=True, name="parent watch").start()
    with suppress(EOFError, OSError):
        while True:
            line.send_bytes(_outcome(line.recv_bytes()))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _outcome(order: bytes) -> bytes:
    """What came of an order, as bytes: the answer, or the mistake of the program with the place it was made at."""
    try:
        work, parcel = pickle.loads(order)  # noqa: S301 - the process that started this one wrote it
        return pickle.dumps((work(parcel), None))
    except Exception as error:  # noqa: BLE001 - whatever it is, the process that waits has to hear of it
        number, text = None, str(error)
        if isinstance(error, OSError) and error.errno:
            number, text = error.errno, error.strerror or ""
        return pickle.dumps((None, (type(error).__name__, text, number, traceback.format_exc())))


def _mistake(name: str, text: str, number: int | None, trace: str) -> Exception:
    """What was raised in a process, as words told it: an exception itself may not come through a pipe."""
    error: Exception = RuntimeError(f"{name}: {text}")
    kind = getattr(builtins, name, None)
    if number:
        error = OSError(number, text)
    elif isinstance(kind, type) and issubclass(kind, Exception):
        # some want more than words
        with suppress(TypeError):
            error = kind(text)
    error.add_note(f"In a process of this build:\n{trace}")
    return error
