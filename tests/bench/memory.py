"""The memory of a process with all its descendants, looked at while they run."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

INTERVAL = 0.1
_PROC = Path("/proc")


class Sampler:
    """Looks at a tree of processes ten times a second from a thread of its own, from its making until `stop`.

    What counts is PSS, the proportional set size: a page that n processes share counts 1/n in each, so that the sum
    over the tree is what it takes. Where the kernel does not tell it, resident memory is summed instead, which counts
    shared pages once for each process. Pages of files in memory-backed storage count only while they are mapped.
    """

    def __init__(self, root: int) -> None:
        self._root = root
        self._stopped = threading.Event()
        self._peak = 0
        self._spent = 0.0
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> tuple[int, float]:
        """End looking; the peak in bytes, and the seconds of processor time that looking took."""
        self._stopped.set()
        self._thread.join()
        return self._peak, self._spent

    def _watch(self) -> None:
        while not self._stopped.is_set():
            began = time.monotonic()
            self._peak = max(self._peak, sum(map(memory_of, tree(self._root))))
            # looking at large processes takes long: never more than a tenth of the time
            took = time.monotonic() - began
            self._stopped.wait(max(INTERVAL, 9 * took))
        self._spent = time.thread_time()


def tree(root: int) -> list[int]:
    """The process and its descendants, as far as they run."""
    children: dict[int, list[int]] = {}
    for number, parent in _parents():
        children.setdefault(parent, []).append(number)
    found = [root]
    for number in found:
        found.extend(children.get(number, ()))
    return found


def memory_of(number: int) -> int:
    """PSS of a process in bytes, or its resident memory; 0 when it is gone."""
    return _field(number, "smaps_rollup", "Pss:") or _field(number, "status", "VmRSS:")


def _parents() -> Iterator[tuple[int, int]]:
    for folder in _PROC.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        # the name stands in brackets and may hold anything, brackets too
        yield int(folder.name), int(stat.rpartition(")")[2].split()[1])


def _field(number: int, file: str, name: str) -> int:
    try:
        lines = (_PROC / str(number) / file).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(name)), 0)
