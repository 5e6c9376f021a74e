"""Files come into being whole: written aside on the same file system, then moved to their place."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

STAGING_NAME = ".clarion-staging"
_PRIVATE = 0o700


def make_private(folder: Path) -> None:
    """The folder exists and only its owner can look into it (0700), as far as the file system knows owners.

    Raises: OSError when it cannot be made.
    """
    folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    with suppress(OSError):
        if folder.stat().st_mode & 0o777 != _PRIVATE:
            folder.chmod(_PRIVATE)


def write_whole(path: Path, content: bytes) -> None:
    """The file holds the new bytes or what it held before, never a part; the bytes are on the disk on return.

    Only the owner can read it (0600). One process at a time writes a path (see `lock`). Raises: OSError.
    """
    part = path.parent / f".{path.name}.part"
    # One name for all tries: what a killed build left is replaced by the next.
    part.unlink(missing_ok=True)
    with os.fdopen(
        os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "wb"
    ) as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)


def sync_folder(folder: Path) -> None:
    """What was moved into the folder is there after a power cut too, where the system can promise that."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def staging_places(output: Path) -> tuple[Path, Path]:
    """Where files of an output folder are staged: beside it, or in it where that is not possible."""
    return output.parent / f".{output.name}{STAGING_NAME}", output / STAGING_NAME


def clear_staging(output: Path) -> None:
    """Remove what a killed build left behind. Raises: OSError."""
    for place in staging_places(output):
        if place.is_symlink() or place.is_file():
            place.unlink()
        elif place.is_dir():
            shutil.rmtree(place)


@contextmanager
def staging(output: Path) -> Iterator[Path]:
    """An empty private folder on the file system of an existing output folder, gone afterwards.

    It stands in the output folder only when that is the root of a file system or its parent cannot be written.
    Raises: OSError when neither can be made.
    """
    beside, inside = staging_places(output)
    same = output.stat().st_dev == output.parent.stat().st_dev
    folder = beside if same and os.access(output.parent, os.W_OK | os.X_OK) else inside
    folder.mkdir(mode=_PRIVATE)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def stage(file: str, content: bytes) -> None:
    """A new file of a staging folder with these bytes. Raises: OSError, also when it is there already."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(handle, view) :]
    finally:
        os.close(handle)
