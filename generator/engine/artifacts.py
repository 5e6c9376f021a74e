"""Costly artifacts, kept from build to build under the key they were made from."""

import re
import shutil
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

from generator.engine.digest import digest_bytes
from generator.engine.staging import make_private, write_whole

_KEY = re.compile(r"[0-9a-f]{8,128}")


class ArtifactStore:
    """The artifacts in a state folder, each a file `artifacts/KEY/DIGEST`.

    A key is a digest in hexadecimal; any other raises ValueError. A file whose bytes are not those of its digest is
    never given out. What cannot be read or kept is made anew: a store that fails costs time, never a build.
    """

    def __init__(self, state: Path) -> None:
        self._folder = state / "artifacts"

    def get(self, key: str, make: Callable[[], bytes]) -> bytes:
        """The bytes made from that key: those kept, or those that `make` gives now, which are then kept."""
        kept = self.find(key)
        if kept is not None:
            return kept
        content = make()
        with suppress(OSError):
            self.keep(key, content)
        return content

    def find(self, key: str) -> bytes | None:
        """The bytes kept under that key, verified; None when there are none."""
        folder = self._place(key)
        try:
            for file in folder.iterdir():
                content = file.read_bytes()
                if digest_bytes(content) == file.name:
                    return content
        except OSError:
            return None
        return None

    def keep(self, key: str, content: bytes) -> None:
        """Keep the bytes made from that key, in place of any others. Raises: OSError."""
        folder = self._place(key)
        if folder.is_symlink() or folder.exists():
            _remove(folder)
        make_private(self._folder.parent)
        make_private(self._folder)
        make_private(folder)
        write_whole(folder / digest_bytes(content), content)

    def prune(self, used: Collection[str]) -> int:
        """Remove everything but the artifacts of the keys in use; the number of artifacts removed."""
        keys = set(used)
        try:
            unused = [entry for entry in self._folder.iterdir() if entry.name not in keys]
        except OSError:
            return 0
        for entry in unused:
            with suppress(OSError):
                _remove(entry)
        return len(unused)

    def _place(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"not a key: {key!r}")
        return self._folder / key


def _remove(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry)
    else:
        entry.unlink()
