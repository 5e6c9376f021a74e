"""The digests of files as a build has seen them, with the stats that tell whether one was touched since."""

import os
from pathlib import Path

from msgspec import Struct, field

from generator.engine.digest import key_bytes
from generator.engine.sealed import Unusable, load_sealed, open_state, save_sealed

_MAGIC = b"clarion index 1\n"
_COARSE_NS = 2_000_000_000
_FINE_NS = 50_000_000


def is_settled(mtime_ns: int, seen_ns: int) -> bool:
    """Whether a file that was looked at at `seen_ns` cannot be changed later without its stat telling.

    Its last change must lie further back than two changes can have one time: the file systems with the coarsest times
    (FAT) count in steps of 2 s. One whose times are finer than a millisecond counts in steps of a few at most.
    """
    return mtime_ns + (_FINE_NS if mtime_ns % 1_000_000 else _COARSE_NS) < seen_ns


class Seen(Struct, frozen=True, array_like=True):
    """A file as it was: size, times of its last change in nanoseconds, inode, the digest of its bytes."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    digest: str


class Index(Struct, frozen=True):
    """Files by the digests of their paths, and the file system's time before the first of them was looked at (ns).

    A path may tell what is not published: so not even that is kept.
    """

    files: dict[str, Seen] = field(default_factory=dict)
    seen_ns: int = 0

    def digest(self, path: str, status: os.stat_result) -> str:
        """The digest of a file's bytes when its stat shows that it is the one that was seen; else ''."""
        seen = self.files.get(path_key(path)) if self.files else None
        if (
            seen is not None
            and seen.mtime_ns == status.st_mtime_ns
            and seen.size == status.st_size
            and seen.ctime_ns == status.st_ctime_ns
            and seen.inode == status.st_ino
            and is_settled(seen.mtime_ns, self.seen_ns)
        ):
            return seen.digest
        return ""


def path_key(path: str) -> str:
    """What stands for a path where the path itself must not."""
    return key_bytes(path.encode()).hex()


def load_index(state: Path) -> Index:
    """What was seen last; nothing when that cannot be believed."""
    try:
        return load_sealed(state / "index", Index, _MAGIC)
    except Unusable:
        return Index()


def save_index(state: Path, index: Index) -> None:
    """Keep what was seen. Raises: OSError."""
    save_sealed(state / "index", index, _MAGIC)


def time_of(state: Path) -> int:
    """Now, as the file system of the state folder knows it, in nanoseconds; 0 when that cannot be had."""
    mark = state / "now"
    try:
        open_state(state)
        mark.unlink(missing_ok=True)
        mark.touch(mode=0o600)
        now = mark.stat().st_mtime_ns
        mark.unlink()
    except OSError:
        return 0
    return now
