"""What a build tells about itself."""

from msgspec import Struct, field

from generator.model.library import LeftOut
from generator.model.problem import Problem


class Took(Struct, frozen=True):
    """How long something took, in seconds; `number` is how many things that were, `of` what kind of thing it is."""

    name: str
    seconds: float
    number: int = 1
    of: str = ""


class Profile(Struct, frozen=True):
    """Where the time of one build went, measured where the work was done: all texts parsed, all outputs made.

    `texts` by path; `outputs` by path with the kind of each; `templates` by path with the number of pages each drew.
    Seconds of several processes are added up, so they may be more than the build took.
    """

    texts: tuple[Took, ...] = ()
    outputs: tuple[Took, ...] = ()
    templates: tuple[Took, ...] = ()


class PageWeight(Struct, frozen=True):
    """What the first view of a page weighs, in bytes as they travel, by part."""

    path: str
    html: int
    css: int
    script: int
    images: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.html + self.css + self.script + self.images


class Report(Struct, frozen=True):
    """The result of a build: paths are relative to the output folder, timings are seconds by stage.

    `ok` is False when an error stood and nothing was written. `reasons` say of each output that was drawn why, and
    `profile` where the time went; each only where it was asked for. `heaviest` are the pages that weigh most, where the
    site has a budget.
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
    reasons: dict[str, tuple[str, ...]] = field(default_factory=dict)
    profile: Profile | None = None
    heaviest: tuple[PageWeight, ...] = ()
