"""What a process that builds again and again remembers."""

from pathlib import Path

from msgspec import Struct

from generator.config import Config
from generator.engine.cache import Cache, MemoryCache
from generator.hooks import Site
from generator.model.job import Ledger, Output
from generator.model.library import Parsed
from generator.model.report import Report
from generator.stages.gather import Choice
from generator.stages.jobs import Maker
from generator.stages.plan import Plan
from generator.theme import Theme


class Built(Struct, frozen=True):
    """What a build leaves in the memory of a process that builds again and again."""

    root: Path
    target: Path
    state: Path
    config: Config
    theme: Theme
    choice: Choice
    strict: bool
    parsed: Parsed
    site: Site
    plan: Plan
    maker: Maker
    ledger: Ledger
    report: Report


class Session:
    """What one process remembers from build to build: the cache, which is in memory, and the last build that stood.

    `readers` are the outputs that show the text of a document, by its path.
    """

    def __init__(self) -> None:
        self.cache: Cache = MemoryCache()
        self.built: Built | None = None
        self.readers: dict[str, list[Output]] = {}

    def remember(self, built: Built) -> None:
        """Keep in mind what a build has left."""
        if self.built is None or built.plan is not self.built.plan:
            self.readers = {}
            for output in (output for outputs in built.plan.rounds for output in outputs):
                for path in output.texts:
                    self.readers.setdefault(path, []).append(output)
        self.built = built
