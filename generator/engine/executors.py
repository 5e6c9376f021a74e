"""Who does independent work: one after the other here; processes and clusters fit the same seam."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Executor(Protocol):
    """Applies a function to independent items. Results keep the order of the items; an exception ends the work."""

    def run(self, function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """One result for each item, in order."""
        ...


class Serial:
    """One item after the other, in this process."""

    def run(self, function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """One result for each item, in order."""
        return [function(item) for item in items]
