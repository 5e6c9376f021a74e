"""What is asked of one build, and the folders it has to itself meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from generator.engine.collector import looking_seldom
from generator.engine.lock import build_lock
from generator.engine.refusal import Refused
from generator.engine.workforce import Workforce
from generator.model.problem import Problem
from generator.pipeline.session import Session
from generator.pipeline.timings import Measured, Timings
from generator.stages.gather import Choice
from generator.theme import LINKS

Progress = Callable[[str, int, int], None]
STATE = ".clarion"
OUTPUT = "output"
"""What the folders of a site are called in which it is kept what a build knows, and what it makes."""
_SOURCES = ("content", "plugins", "themes", *LINKS)


class BuildOrder(Struct, frozen=True):
    """What is asked of one build, and what it is done with."""

    root: Path
    target: Path
    state: Path
    overrides: tuple[str, ...]
    choice: Choice
    say: Progress
    timings: Timings
    workforce: Workforce
    strict: bool = False
    explain: bool = False
    measured: Measured | None = None
    session: Session | None = None


def refuse_sources(root: Path, target: Path) -> None:
    """What is made of a site does not go where the site is made from: the next build would take it for a source."""
    for name in _SOURCES:
        if target.resolve().is_relative_to((root / name).resolve()):
            message = f"{name}/ holds what the site is made from"
            hint = "Name another folder with --output."
            raise Refused(Problem("error", "CL751", message, target.name, hint=hint))


@contextmanager
def _state(root: Path, given: Path | None, *, keeps: bool) -> Iterator[Path]:
    if given is not None or keeps:
        yield given or root / STATE
        return
    with TemporaryDirectory(prefix="clarion-") as folder:
        yield Path(folder) / STATE


@contextmanager
def alone(root: Path, given: Path | None, wait: float, *, keeps: bool) -> Iterator[tuple[Path, ExitStack]]:
    """The state folder, in which no other build is at work meanwhile, and a stack for what has to end with this one."""
    with (
        _state(root, given, keeps=keeps) as folder,
        build_lock(folder, wait),
        looking_seldom(),
        ExitStack() as stack,
    ):
        yield folder, stack


def silent(stage: str, done: int, everything: int) -> None:
    """Progress nobody looks at."""
