"""The work that makes outputs, and what comes of it."""

from typing import Any

from msgspec import Struct, field

from generator.model.problem import Problem


class Output(Struct, frozen=True):
    """What an output kind asks for: a file of the site and everything its template may read.

    `path` is relative to the output folder. `template` is a name of the theme's chain, '' when `producer` (the name
    of an output kind that makes bytes itself) does the work. `inputs` are values by name. `source` is the content
    file a reader of a message should look at. `round` as in docs/architecture.md.
    """

    path: str
    kind: str
    language: str
    template: str = ""
    producer: str = ""
    inputs: dict[str, Any] = field(default_factory=dict)
    source: str = ""
    round: int = 2


class Job(Struct, frozen=True):
    """One output to make, with the digest of everything that can influence it.

    `inputs` maps each name (`input body`, `fact site.title`, `template article.html`) to a digest, and versions and
    settings (`version Jinja2`, `setting urls.links`) to their values; `key` is the digest of them all. The values of
    facts travel beside it, by digest; `theme` is the digest of the theme that draws it.
    """

    output: Output
    theme: str
    inputs: dict[str, str]
    facts: dict[str, str] = field(default_factory=dict)
    key: str = ""


class Artifact(Struct, frozen=True):
    """A made output: its place, its bytes (or a finished file of the artifact store), problems found in it."""

    path: str
    key: str
    digest: str
    content: bytes = b""
    file: str = ""
    problems: tuple[Problem, ...] = ()


class Stat(Struct, frozen=True):
    """What tells that a file was not touched since we wrote it."""

    size: int
    mtime_ns: int
    inode: int


class LedgerLine(Struct, frozen=True):
    """What is known of one output: the key it was made from, the digest of its bytes, its stat, its problems."""

    key: str
    digest: str
    stat: Stat
    problems: tuple[Problem, ...] = ()


class Ledger(Struct, frozen=True):
    """The outputs of one output folder, the digest of everything found for them, and when they change by time.

    `seen_ns` is the file system's time when the stats were taken: a file changed shortly before or after it is not
    believed by its stat. `fault` says why a kept ledger could not be used ('' when it could); it is never kept.
    """

    outputs: dict[str, LedgerLine] = field(default_factory=dict)
    found: str = ""
    next_change: int | None = None
    seen_ns: int = 0
    fault: str = ""
