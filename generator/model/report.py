"""What a build tells about itself."""

from msgspec import Struct, field

from generator.model.library import LeftOut
from generator.model.problem import Problem


class Report(Struct, frozen=True):
    """The result of a build: paths are relative to the output folder, timings are seconds by stage.

    `ok` is False when an error stood and nothing was written.
    """

    ok: bool
    problems: tuple[Problem, ...] = ()
    written: tuple[str, ...] = ()
    unchanged: int = 0
    removed: tuple[str, ...] = ()
    adopted: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    next_change: int | None = None
    articles: int = 0
    pages: int = 0
    output: str = ""
    without: tuple[str, ...] = ()
    timings: dict[str, float] = field(default_factory=dict)
