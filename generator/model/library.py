"""The whole site as small values: what gather makes and plan reads."""

from typing import Any

from msgspec import Struct, field

from generator.model.body import Targets
from generator.model.document import Card, Entry, File, Media, Section
from generator.model.problem import Problem


class Parsed(Struct, frozen=True):
    """What parse made of everything found: entries of documents; sections and data by name, other files by path.

    `outlines` are digests, by path, of all of a document but its text. `refused` says what is wrong with some of those
    files, which is told where a document names one. `unnamed` are pictures that no text names, which nobody looked at.
    """

    entries: tuple[Entry, ...] = ()
    outlines: dict[str, str] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    refused: dict[str, Problem] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    unnamed: tuple[str, ...] = ()


class LeftOut(Struct, frozen=True):
    """A document that this build does not publish, why, and the UTC second when that changes (None: never)."""

    path: str
    reason: str
    until: int | None = None


class Term(Struct, frozen=True):
    """One tag, or one value of another taxonomy, in one language: its cards newest first."""

    taxonomy: str
    slug: str
    label: str
    url: str
    cards: tuple[Card, ...] = ()


class SeriesList(Struct, frozen=True):
    """A series in one language: its cards in the order of their parts."""

    name: str
    slug: str
    url: str
    cards: tuple[Card, ...] = ()


class PictureOrder(Struct, frozen=True):
    """A picture to make: from which file, for which output, in which size and format (avif, webp, jpg, png, svg).

    `widest` is the largest size it is ordered in, from which the others are made. `cover` are regions of the upright
    original that are covered: x, y, width, height in pixels. `credit` and `licence` are written into it.
    """

    source: Media
    path: str
    width: int
    height: int
    form: str
    widest: tuple[int, int]
    cover: tuple[tuple[int, int, int, int], ...] = ()
    credit: str = ""
    licence: str = ""


class RecordingOrder(Struct, frozen=True):
    """A sound recording or a video that a published document names, and its place in the output."""

    source: File
    path: str


class CopyOrder(Struct, frozen=True):
    """A file that a published document names, and its place in the output."""

    source: File
    path: str


class Shelf(Struct, frozen=True):
    """Everything listed in one language, newest first, pinned or not."""

    language: str
    articles: tuple[Card, ...] = ()
    pages: tuple[Card, ...] = ()
    campaigns: tuple[Card, ...] = ()
    sections: dict[str, tuple[Card, ...]] = field(default_factory=dict)
    terms: dict[str, tuple[Term, ...]] = field(default_factory=dict)
    series: tuple[SeriesList, ...] = ()
    authors: dict[str, tuple[Card, ...]] = field(default_factory=dict)
    years: dict[str, tuple[Card, ...]] = field(default_factory=dict)


class Library(Struct, frozen=True):
    """What is published, and how it hangs together.

    `entries` by source path holds what has a page (unlisted and retracted included), cards completed for `now`;
    `texts` the texts above lists by (kind, name), written `tags/water`; `targets` the resolved references of each
    document, by its path; `translations` by translation key the cards of all languages; `absent` the outputs this site
    has at another time; `unseen` the paths of texts above lists that no page shows; `withdrawn` what is left of
    retracted articles and pages, by the addresses of the terms and campaigns they carried, and of all actions.
    """

    entries: dict[str, Entry] = field(default_factory=dict)
    texts: dict[str, Entry] = field(default_factory=dict)
    shelves: dict[str, Shelf] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    targets: dict[str, Targets] = field(default_factory=dict)
    translations: dict[str, tuple[Card, ...]] = field(default_factory=dict)
    pictures: tuple[PictureOrder, ...] = ()
    copies: tuple[CopyOrder, ...] = ()
    recordings: tuple[RecordingOrder, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()
    withdrawn: dict[str, tuple[Card, ...]] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    next_change: int | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def shown(self) -> tuple[Entry, ...]:
        """Everything of which something is shown: what has a page, and the texts above lists."""
        return (*self.entries.values(), *self.texts.values())
