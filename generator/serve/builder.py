"""The build process beside the server: it imports once and builds whenever it is asked."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from generator.model.report import Report

if TYPE_CHECKING:
    from generator.pipeline.session import Session

_GRACE = 2.0


class Order(Struct, frozen=True):
    """What is built for a preview: settings from the command line, the folder for the pages, how warnings count."""

    root: str
    output: str
    overrides: tuple[str, ...] = ()
    strict: bool = False


class Answer(Struct, frozen=True):
    """What came of a build: its report, or a sentence about a mistake of ours. `base_path` has slashes at both ends."""

    report: Report | None = None
    base_path: str = "/"
    crash: str = ""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Answer)
_wish_decoder = msgspec.msgpack.Decoder(tuple[int, frozenset[str]])


class Builder:
    """A process that builds; started when first needed, and again after it has died."""

    def __init__(self, order: Order, clock: Callable[[], float]) -> None:
        self._order = order
        self._clock = clock
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._ended = False
        self._guard = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The process id, None while there is no process."""
        return self._process.pid if self._process else None

    def build(self, now: int, changed: frozenset[str] = frozenset()) -> Answer | None:
        """Build as of `now` (UTC seconds), with drafts and scheduled texts. None: the builder was ended meanwhile.

        `changed` are the paths, from the site's folder, that were changed since the last call; none when all may be.
        """
        pipe = self._started()
        if pipe is None:
            return None
        try:
            pipe.send_bytes(_encoder.encode((now, changed)))
            return _decoder.decode(pipe.recv_bytes())
        except (EOFError, OSError):
            if self._ended:
                return None
            code = self._stop()
            return Answer(crash=f"the build process ended without an answer (exit code {code})")

    def restart(self) -> None:
        """Let the next build begin with a fresh process, which imports changed plugins anew."""
        if not self._ended:
            self._stop()

    def end(self) -> None:
        """Stop for good, with everything the process has started."""
        self._ended = True
        self._stop()

    def _started(self) -> Connection | None:
        with self._guard:
            if self._ended:
                return None
            if self._process is None:
                # spawn: the server runs threads, and a fork of a process with threads may hang
                context = multiprocessing.get_context("spawn")
                self._pipe, theirs = context.Pipe()
                self._process = context.Process(
                    target=_work, args=(theirs, self._order, self._clock), name="clarion build"
                )
                self._process.start()
                theirs.close()
            return self._pipe

    def _stop(self) -> int | None:
        with self._guard:
            process, pipe = self._process, self._pipe
            self._process = self._pipe = None
        if process is None or pipe is None:
            return None
        pipe.close()
        connection.wait([process.sentinel], timeout=_GRACE)
        # not yet reaped, so its number cannot belong to anybody else
        _kill_group(process)
        process.join()
        return process.exitcode


def _kill_group(process: SpawnProcess) -> None:
    if sys.platform != "win32" and process.pid is not None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _work(pipe: Connection, order: Order, clock: Callable[[], float]) -> None:
    """The life of the build process: until its pipe is closed or its parent is gone."""
    _live_and_die_with_parent()
    from generator.pipeline.session import Session
    from generator.rebuild import warm

    session = Session()
    # What changed since the last build that stood: one that failed has put none of it in its place.
    waiting: frozenset[str] = frozenset()
    while True:
        try:
            now, changed = _wish_decoder.decode(pipe.recv_bytes())
            waiting |= changed
            answer = _answer(order, now, waiting if changed else frozenset(), session, clock)
            if answer.report is not None and answer.report.ok:
                waiting = frozenset()
            pipe.send_bytes(_encoder.encode(answer))
            if answer.report is not None and "rebuild" not in answer.report.timings:
                warm(session)
        except (EOFError, OSError):
            return


def _live_and_die_with_parent() -> None:
    """Ctrl-C is the parent's business; a parent that was killed takes this process and its helpers along."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        os.setpgid(0, 0)
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is None:
            return
        parent.join()
        if sys.platform != "win32":
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="parent watch").start()


def _answer(order: Order, now: int, changed: frozenset[str], session: "Session", clock: Callable[[], float]) -> Answer:
    from generator.build import build
    from generator.config import load_config
    from generator.rebuild import rebuild
    from generator.text.addresses import base_path

    root = Path(order.root)
    try:
        report = rebuild(session, changed, now=now, clock=clock)
        if report is not None and session.built is not None:
            return Answer(report=report, base_path=base_path(session.built.config.site.base_url))
        config, _ = load_config(root, order.overrides)
        report = build(
            root,
            overrides=order.overrides,
            now=now,
            output=Path(order.output),
            state=Path(order.output).parent / "state",
            drafts=True,
            future=True,
            strict=order.strict,
            session=session,
            clock=clock,
        )
    except Exception as mistake:  # noqa: BLE001 - the server must go on and tell it; the next save may mend it
        return Answer(crash=f"{type(mistake).__name__}: {mistake}")
    return Answer(report=report, base_path=base_path(config.site.base_url) if config else "/")
