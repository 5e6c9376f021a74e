"""Running a program and knowing what it cost: wall time, processor time, memory of all its processes."""

import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from tests.bench.memory import Sampler


class Cost(Struct, frozen=True):
    """What a run cost, with its exit code and all that it printed.

    `wall` and `cpu` are seconds; `cpu` is user and system time of the process and of all descendants that were waited
    for. `memory` is the greatest sum over the tree of processes in bytes, and `looking` the processor time that it took
    to know; both 0 where it was not measured.
    """

    wall: float
    cpu: float
    memory: int
    looking: float
    code: int
    told: str


class Started:
    """A program in a session of its own, so that it can be ended with all that it started."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path) -> None:
        with log.open("wb") as told:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Wait until the program has ended; what it used is kept for `end`."""
        os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOWAIT)

    def end(self) -> resource.struct_rusage:
        """End all of the session that still runs; what the program used, with those it waited for."""
        # until the program is waited for below, its number belongs to no other
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        return usage


def run(
    command: Sequence[str],
    folder: Path,
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    seconds: float = 3600,
    memory: bool = False,
) -> Cost:
    """Run a program to its end; with `memory` its processes are looked at meanwhile, which takes time of its own.

    Raises TimeoutError after `seconds`. However this function is left, nothing that it started still runs.
    """
    began = time.monotonic()
    started = Started(command, folder, environment or {}, log)
    sampler = Sampler(started.process.pid) if memory else None
    timer = threading.Timer(seconds, os.killpg, (started.process.pid, signal.SIGKILL))
    timer.start()
    try:
        started.wait()
        wall = time.monotonic() - began
    finally:
        timer.cancel()
        peak, looking = sampler.stop() if sampler else (0, 0.0)
        usage = started.end()
    if wall >= seconds:
        raise TimeoutError(f"{Path(command[0]).name} was ended after {seconds:.0f} s")
    return Cost(
        wall=wall,
        cpu=usage.ru_utime + usage.ru_stime,
        memory=peak,
        looking=looking,
        code=started.process.returncode,
        told=log.read_text(encoding="utf-8", errors="replace"),
    )
