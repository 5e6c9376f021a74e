"""What Clarion says about something that is wrong, with its place."""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


class Problem(Struct, frozen=True):
    """One finding, with the place to mend and a sentence that says how.

    `path` is relative to the site root; `line` and `column` count from 1 (columns in Unicode characters), 0 means
    "the file as a whole". `code` is `CLnnn`, as listed in `docs/problems.md`.
    """

    severity: Severity
    code: str
    message: str
    path: str = ""
    line: int = 0
    column: int = 0
    hint: str = ""

    @property
    def place(self) -> str:
        """`path:line:col`, as far as it is known."""
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{self.column or 1}"

    @property
    def sort_key(self) -> tuple[int, str, int, int, str, str]:
        """Errors first, then by place, so that two runs tell the same things in the same order."""
        return (SEVERITIES.index(self.severity), self.path, self.line, self.column, self.code, self.message)

    def __str__(self) -> str:
        head = f"{self.place}: " if self.path else ""
        return f"{head}{self.severity} {self.code} {self.message}"


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems sorted, each once."""
    return tuple(sorted(set(problems), key=lambda problem: problem.sort_key))


def errors_of(problems: Iterable[Problem], strict: bool) -> tuple[Problem, ...]:
    """The problems that keep a build from being written: errors, with `strict` warnings too."""
    return tuple(
        problem for problem in problems if problem.severity == "error" or (strict and problem.severity == "warning")
    )
