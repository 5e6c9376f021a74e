"""How many hands a build takes: as many as pay for the work at hand, started once and gone at its end."""

import os
from contextlib import ExitStack

from generator.engine.executors import Executor, Serial
from generator.engine.processes import processes


class Workforce:
    """Executors for the steps of one build. Processes are started when a step first has enough to do for them.

    `jobs` is how many processes the author wants, 0 for as many as pay. `elsewhere` takes what needs no file of this
    machine, when there is one. Everything is ended with the `stack`.
    """

    def __init__(self, stack: ExitStack, jobs: int = 0, elsewhere: Executor | None = None) -> None:
        self._team = stack.enter_context(ExitStack())
        self._jobs = jobs
        self._elsewhere = elsewhere
        self._here: Executor | None = None

    def anywhere(self, items: int, enough: int) -> Executor:
        """Who does `items` pieces of work that need no files; below `enough` of them processes do not pay."""
        return self._elsewhere or self.here(items, enough)

    def here(self, items: int, enough: int) -> Executor:
        """Who does work that reads files of this machine."""
        workers = self._jobs or (_processors() if items >= enough or self._here else 1)
        if workers == 1:
            return Serial()
        if self._here is None:
            self._here = self._team.enter_context(processes(workers))
        return self._here

    def dismiss(self) -> None:
        """There is no more to do: the processes end, and their memory is free for what comes."""
        self._team.close()
        self._here = None


def _processors() -> int:
    """The processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1
