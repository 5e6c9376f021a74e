"""The private folder of a preview: made for one server, removed when that server is gone."""

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from generator.engine.sealed import open_state

STATE = ".clarion"
PREVIEW = "preview"
LOCK = "preview.lock"
PAGES = "pages"
_HELD = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK, errno.EWOULDBLOCK})


def sweep(root: Path) -> None:
    """Remove what a preview left behind when it was killed; the folder of a living one stays."""
    if not os.path.lexists(root / STATE / PREVIEW):
        return
    with claim(root):
        pass


@contextmanager
def claim(root: Path) -> Iterator[Path | None]:
    """The folder for the pages of this preview, empty and private (0700); it is gone afterwards.

    Gives None when another process holds it. The system releases the claim of a process that dies, however it dies.
    """
    state = root / STATE
    open_state(state)
    folder = state / PREVIEW
    with os.fdopen(os.open(state / LOCK, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as lock:
        if not _locked(lock):
            yield None
            return
        _remove(folder)
        folder.mkdir(mode=0o700)
        try:
            yield folder / PAGES
        finally:
            _remove(folder)


def _remove(folder: Path) -> None:
    if folder.is_symlink():
        folder.unlink()
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)


def _locked(lock: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # a file system that knows no locks (some network shares) cannot tell of another preview
        return error.errno not in _HELD
    return True
