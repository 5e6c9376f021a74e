"""The work that makes outputs, and what comes of it."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct, field

from generator.model.body import Targets
from generator.model.page import Alternate
from generator.model.problem import Problem


class View(Struct, frozen=True):
    """A value that is worked out where its page is drawn: the name of a view, and all that it is made of."""

    name: str
    arguments: tuple[Any, ...] = ()


class Shared(Struct, frozen=True):
    """A value that many outputs read: it is digested once, and travels once."""

    digest: str
    value: Any


class TextOf(Struct, frozen=True):
    """The text of a document, by its path, with what the references in it lead to; it is fetched for the work.

    Its digest is no part of it: so an output is the same value while only words of a text change.
    """

    path: str
    targets: Targets = Targets()


class Listed(Struct, frozen=True):
    """How the sitemap tells of an output: its address from the root, the day of its last change or ''."""

    url: str
    modified: str = ""
    alternates: tuple[Alternate, ...] = ()


class Output(Struct, frozen=True):
    """What an output kind asks for: a file of the site and everything its template may read.

    `path` is relative to the output folder. `template` is a name of the theme's chain, '' when `producer` (the name
    of an output kind that makes bytes itself) does the work. `inputs` are values by name, or a function that gives
    them, called when the job of this output is made. `source` is the content file a reader of a message should look
    at; `round` as in docs/architecture.md. `texts` are the paths of the documents whose text it reads, `directives`
    the names of the directives in them and in the leads it shows. `listed` is None when search engines are not told.
    """

    path: str
    kind: str
    language: str
    template: str = ""
    producer: str = ""
    inputs: dict[str, Any] | Callable[[], dict[str, Any]] = field(default_factory=dict)
    source: str = ""
    round: int = 2
    texts: tuple[str, ...] = ()
    directives: tuple[str, ...] = ()
    listed: Listed | None = None

    def values(self) -> dict[str, Any]:
        """The inputs by name."""
        return self.inputs() if callable(self.inputs) else self.inputs


class Setup(Struct, frozen=True):
    """Settings that every output reads: how its addresses and dates are written."""

    base_url: str
    links: str
    zone: str
    precision: str


class Job(Struct, frozen=True):
    """One output to make: values by name, its facts by digest, `key`: the digest of all that can influence it.

    `path`, `kind`, `language`, `template`, `producer` and `source` are those of the output. The facts (values by name)
    travel beside it, since many outputs read the same, and so do the texts of the documents `texts`, by path. `theme`
    is the digest of the theme that draws it. `size` says how much it reads: the bytes its inputs take in its key.
    """

    path: str
    kind: str
    language: str
    template: str
    producer: str
    source: str
    theme: str
    inputs: dict[str, Any]
    facts: str = ""
    key: str = ""
    texts: tuple[str, ...] = ()
    size: int = 0


class Cause(Struct, frozen=True):
    """What the key of a job is made of, so that a later build can say which part of it changed.

    `names` are those of `digests` and behind them of `shared`, which are cut to eight bytes each and stand one behind
    the other. What is `shared` is alike for all outputs that are drawn by the same templates.
    """

    names: tuple[str, ...]
    digests: bytes
    shared: bytes = b""


class Weight(Struct, frozen=True, array_like=True):
    """What an output weighs by itself, in bytes as they travel, and the paths of what a browser loads with it.

    A path that begins with a slash is from the root of the host.
    """

    size: int
    css: tuple[str, ...] = ()
    script: tuple[str, ...] = ()
    images: tuple[str, ...] = ()


class Artifact(Struct, frozen=True):
    """A made output: its place, its bytes (or a finished file in the staging folder), problems found in it.

    With neither (`kept`) the output folder holds those bytes already. `kind` is that of its output; `seconds` is how
    long it took to make, and `weight` what it weighs, where that was asked for.
    """

    path: str
    key: str
    digest: str
    content: bytes = b""
    file: str = ""
    kept: bool = False
    kind: str = ""
    problems: tuple[Problem, ...] = ()
    seconds: float = 0.0
    weight: Weight | None = None


class Stat(Struct, frozen=True):
    """What tells that a file was not touched since we wrote it; not enough until it is `settled`."""

    size: int
    mtime_ns: int
    inode: int
    settled: bool = False


class LedgerLine(Struct, frozen=True):
    """What is known of one output: the key it was made from, the digest of its bytes, its stat, its problems.

    `planned` is its path as planned, '' when that is where it stands. What the key was made of is told by `names`, the
    number of names with shared digests in the ledger, and `digests`, eight bytes for each of the first of them.
    """

    key: str
    digest: str
    stat: Stat
    problems: tuple[Problem, ...] = ()
    planned: str = ""
    names: int = -1
    digests: bytes = b""


class Summary(Struct, frozen=True):
    """What a report tells of a site besides what was done to the output folder.

    Of a document that is not published only the digest of its path is in it, in `hidden`.
    """

    problems: tuple[Problem, ...] = ()
    articles: int = 0
    pages: int = 0
    hidden: frozenset[str] = frozenset()


class Ledger(Struct, frozen=True):
    """The outputs of one output folder, what they were made from, and when they change by time.

    `found` is the digest of everything found; '' when the next build has to look again in any case. `shape` is the
    digest of everything but the texts of documents, whose digests stand in `texts` by path. The site is the same from
    `since` until before `next_change` (UTC seconds). `names` are what lines refer to (a `Cause` without its own
    digests), `environment` holds versions and settings by name; `known` is what `generator.stages.reasons` keeps,
    packed, for it is read only when somebody asks why. `weights` are those of the outputs, where the site has a budget.
    `fault` says why a kept ledger could not be used ('' when it
    could, or when there was none); it is never kept.
    """

    outputs: dict[str, LedgerLine] = field(default_factory=dict)
    found: str = ""
    shape: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    names: tuple[tuple[tuple[str, ...], bytes], ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    known: bytes = b""
    weights: dict[str, Weight] = field(default_factory=dict)
    summary: Summary = Summary()
    since: int = 0
    next_change: int | None = None
    fault: str = ""

    def holds_at(self, now: int) -> bool:
        """Whether time alone has changed nothing between the build of this ledger and `now`."""
        return self.since <= now and (self.next_change is None or now < self.next_change)
