"""One build at a time for each state folder."""

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from generator.engine.refusal import Refused
from generator.engine.sealed import open_state
from generator.model.problem import Problem

_PAUSE = 0.05
_HELD = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK, errno.EWOULDBLOCK})


@contextmanager
def build_lock(state: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the state folder for one build, waiting at most `wait` seconds for another to end.

    The system gives the lock back when its holder ends, however it ends, so there is none to clear away by hand. Where
    a file system cannot lock (some network shares), the build goes on without.

    Raises: Refused with CL903 (another build holds it) or CL904 (the state folder cannot be used).
    """
    try:
        open_state(state)
        handle = os.open(state / "lock", os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as error:
        raise Refused(_unusable(state, error)) from error
    try:
        locked = _wait(handle, state, wait)
        if locked:
            _say_who(handle)
        try:
            yield
        finally:
            if locked:
                _release(handle)
    finally:
        os.close(handle)


def _wait(handle: int, state: Path, seconds: float) -> bool:
    """Whether the lock is held now; False where the file system knows no locks."""
    for remaining in range(round(seconds / _PAUSE), -1, -1):
        try:
            _lock(handle)
        except OSError as error:
            if error.errno not in _HELD:
                return False
        else:
            return True
        if remaining:
            time.sleep(_PAUSE)
    with suppress(OSError):
        holder = (state / "lock").read_text(errors="replace").strip()
        if holder.isdecimal():
            raise Refused(_busy(f"another build is running (process {holder})"))
    raise Refused(_busy("another build is running"))


def _say_who(handle: int) -> None:
    with suppress(OSError):
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())


def _busy(message: str) -> Problem:
    return Problem("error", "CL903", message, hint="Wait until it has ended, or end it.")


def _unusable(state: Path, error: OSError) -> Problem:
    hint = "Mend its permissions, or delete it: it holds nothing that cannot be made anew."
    return Problem("error", "CL904", f"the folder {state.name} cannot be used: {error.strerror}", hint=hint)


if sys.platform == "win32":
    import msvcrt

    # Locked bytes cannot be read on Windows: one far behind the text is taken.
    _FAR = 1 << 30

    def _lock(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)

    def _release(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
