"""Who does independent work: one after the other, processes of this machine, or anything with `submit`."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor as Pool
from concurrent.futures import Future
from typing import Protocol

Work = Callable[[bytes], bytes]
AHEAD = 4
"""Parcels under way for each worker: enough that none waits, few enough that memory stays bounded."""
HELD = 16
"""Answers for each worker that may wait for an earlier one that takes long."""


class Executor(Protocol):
    """Applies a function of a module to independent parcels; answers come in the order of the parcels.

    `workers` is how many work at once; `here` says whether they see the files of this machine.
    """

    @property
    def workers(self) -> int: ...

    @property
    def here(self) -> bool: ...

    def run(self, work: Work, parcels: Iterable[bytes]) -> Iterator[bytes]:
        """One answer for each parcel, in order; parcels are asked for as the work goes on.

        What is under way is dropped when nobody waits for it any more. What `work` raises is raised here.
        """
        ...


class Serial:
    """One parcel after the other, in this process."""

    workers = 1
    here = True

    def run(self, work: Work, parcels: Iterable[bytes]) -> Iterator[bytes]:
        """One answer for each parcel, in order."""
        return map(work, parcels)


class Submitting:
    """Anything with `submit`, such as the executor of a cluster; `result` waits for the answer a future holds."""

    def __init__(
        self, pool: Pool, workers: int, *, here: bool, result: Callable[[Future[bytes]], bytes] = Future.result
    ) -> None:
        self.workers = workers
        self.here = here
        self._pool = pool
        self._result = result

    def run(self, work: Work, parcels: Iterable[bytes]) -> Iterator[bytes]:
        """One answer for each parcel, in order."""
        under_way: deque[Future[bytes]] = deque()
        try:
            for parcel in parcels:
                under_way.append(self._pool.submit(work, parcel))
                if len(under_way) > self.workers * AHEAD:
                    yield self._result(under_way.popleft())
            while under_way:
                yield self._result(under_way.popleft())
        finally:
            for future in under_way:
                future.cancel()
