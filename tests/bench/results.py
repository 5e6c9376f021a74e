"""What was measured, as values: rows of runs, and the bars that the project holds itself to."""

from statistics import median

from msgspec import Struct

from tests.bench.install import LeftOut
from tests.bench.machine import Machine

HUGO = "hugo"
HUGO_UNRELATED = "hugo-unrelated"
COMMONMARK = "clarion-commonmark-plain"
PYTHON_MARKDOWN = "clarion-python-markdown-plain"
THEMED = "clarion-python-markdown-clarion"
PHOTOGRAPHS = "clarion-python-markdown-clarion-photographs"
EDIT = "edit"
NOTHING = "nothing"
SCRIPTED = ("pelican", "nikola", "jekyll")
GIB = 1024**3


class Run(Struct, frozen=True):
    """One run: seconds of wall time and of processor time."""

    wall: float
    cpu: float


class Row(Struct, frozen=True):
    """One thing measured: its runs, the peak memory of its process tree in bytes (0: not measured), pages it wrote."""

    key: str
    name: str
    version: str
    runs: tuple[Run, ...]
    memory: int = 0
    files: int = 0

    @property
    def wall(self) -> float:
        """The median of wall time in seconds."""
        return median(run.wall for run in self.runs)

    @property
    def cpu(self) -> float:
        """The median of processor time in seconds."""
        return median(run.cpu for run in self.runs)


class Size(Struct, frozen=True):
    """Clarion's cold build of so many articles: seconds of wall time, peak memory in bytes."""

    articles: int
    wall: float
    memory: int

    @property
    def each(self) -> float:
        """Seconds for one article."""
        return self.wall / self.articles


class Results(Struct, frozen=True):
    """All of one bench. `reloads` are seconds from saving to the reload message; `looking` is the greatest share of one
    core that looking at memory took; `words` is the mean of a post."""

    machine: Machine
    posts: int
    words: int
    rows: tuple[Row, ...]
    sizes: tuple[Size, ...]
    reloads: tuple[float, ...]
    looking: float
    left_out: tuple[LeftOut, ...]

    def row(self, key: str) -> Row | None:
        """The row of this key, where it was measured."""
        return next((row for row in self.rows if row.key == key), None)


class Bar(Struct, frozen=True):
    """What is asked, the most it may be, and what it is (None: not measured); `unit` is "" for a ratio."""

    what: str
    most: float
    found: float | None
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether it was measured, and is not above the bar."""
        return self.found is not None and self.found <= self.most


def bars(results: Results, hugo: str = HUGO) -> list[Bar]:
    """The bars of the project; `hugo` names the row of Hugo that they are held against."""
    scripted = [row.wall for row in results.rows if row.key in SCRIPTED]
    sizes = {size.articles: size for size in results.sizes}
    large, middle = sizes.get(10 * results.posts), sizes.get(results.posts)
    memory = [row.memory for row in results.rows if row.key in (COMMONMARK, PYTHON_MARKDOWN) and row.memory]
    compared = results.row(hugo)
    return [
        Bar("cold build, commonmark engine, wall, against Hugo", 0.6, _against(results, COMMONMARK, hugo)),
        Bar("cold build, python-markdown engine, wall, against Hugo", 1.8, _against(results, PYTHON_MARKDOWN, hugo)),
        Bar(
            "cold build, python-markdown engine, against the fastest other Python or Ruby generator",
            0.35,
            _ratio(_wall(results, PYTHON_MARKDOWN), min(scripted, default=None)),
        ),
        Bar("rebuild after one word changed in one body, against Hugo's build", 0.10, _against(results, EDIT, hugo)),
        Bar("rebuild with nothing changed, against Hugo's build", 0.06, _against(results, NOTHING, hugo)),
        Bar(
            "peak memory of the process tree, the engine that takes more, against Hugo",
            0.35,
            _ratio(max(memory, default=None), compared.memory or None if compared else None),
        ),
        Bar("cold, themes/clarion against themes/plain, same engine", 2, _against(results, THEMED, PYTHON_MARKDOWN)),
        Bar(
            f"cold wall time per article at {10 * results.posts:,} against {results.posts:,}",
            1.2,
            _ratio(large.each, middle.each) if large and middle else None,
        ),
        Bar(f"peak memory at {10 * results.posts:,} articles", 1.5, large.memory / GIB if large else None, "GiB"),
        Bar(
            "in serve, from saving a body to the reload message",
            0.15,
            median(results.reloads) if results.reloads else None,
            "s",
        ),
    ]


def _wall(results: Results, key: str) -> float | None:
    row = results.row(key)
    return row.wall if row else None


def _against(results: Results, key: str, other: str) -> float | None:
    return _ratio(_wall(results, key), _wall(results, other))


def _ratio(value: float | None, other: float | None) -> float | None:
    return value / other if value is not None and other else None
