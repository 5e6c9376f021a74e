"""How far a build is, on a terminal, once it takes longer than a second."""

import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any

PATIENCE = 1.0


class Progress:
    """A bar on stderr; nothing at all unless that is a terminal. Called with (stage, done, total)."""

    def __init__(self, clock: Callable[[], float], wanted: bool) -> None:
        self._clock = clock
        self._began = clock()
        self._wanted = wanted and sys.stderr.isatty()
        self._bar: Any = None
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> "Progress":
        return self

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show how much of a stage is done."""
        if not self._wanted or self._clock() - self._began < PATIENCE:
            return
        if self._bar is None:
            self._bar = _bar()
            self._bar.start()
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(stage, total=total)
        self._bar.update(self._tasks[stage], completed=done, total=total)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as RichProgress

    return RichProgress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True, markup=False),
        transient=True,
    )
