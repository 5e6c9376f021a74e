"""What is wrong and has not been answered by its author."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from generator.config import Config
from generator.model.document import Entry
from generator.model.problem import Problem


def unanswered(problems: Sequence[Problem], config: Config, entries: Iterable[Entry]) -> tuple[Problem, ...]:
    """The problems without those an author has answered, in `[[ignore]]` or in an article; errors cannot be."""
    if not problems:
        return ()
    answered = {entry.path: entry.matter.ignore for entry in entries if entry.matter.ignore}
    return tuple(
        problem
        for problem in problems
        if problem.severity == "error"
        or not (
            problem.code in answered.get(problem.path, ())
            or any(rule.code == problem.code and _matches(problem.path, rule.path) for rule in config.ignore)
        )
    )


def _matches(path: str, pattern: str) -> bool:
    return not pattern or Path(path).match(pattern)
