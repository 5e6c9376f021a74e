"""One unit of content: what its own file says, and the card that is all other pages may know of it."""

import datetime
from typing import Any, Literal

from msgspec import Struct, field, msgpack

from generator.model.body import Body, Heading, PictureTarget, References
from generator.model.problem import Problem

Day = datetime.date
DocumentType = Literal["article", "page", "campaign", "text"]
Status = Literal["draft", "published", "unlisted", "retracted"]
ActionState = Literal["upcoming", "open", "paused", "closed", "delivered", "won", "lost"]
KINDS = ("article", "shared", "appeal", "statement", "report", "press", "event", "tribute", "page")


MOVES = ("correction", "retraction")
"""The changes for which readers have to look again: they stand above the text and move its date of change."""


class File(Struct, frozen=True, array_like=True, gc=False):
    """A file of the site: path relative to the site root with `/`, digest of its bytes, size in bytes."""

    path: str
    digest: str
    size: int


class Moment(Struct, frozen=True, array_like=True, gc=False):
    """A day in the site's zone, and the UTC second when the author gave a time."""

    day: Day
    instant: int | None = None


class Named(Struct, frozen=True, array_like=True, gc=False):
    """Somebody or something with a name and perhaps an address."""

    name: str
    url: str = ""


class Recipient(Struct, frozen=True, array_like=True, gc=False):
    """Whom an action addresses."""

    name: str
    title: str = ""
    organisation: str = ""
    email: str = ""
    phone: str = ""


class Goal(Struct, frozen=True, array_like=True, gc=False):
    """How far an action has come: never an invented number, so it carries its date and source."""

    target: int
    current: int | None = None
    unit: str = ""
    as_of: Day | None = None
    source: str = ""


class Action(Struct, frozen=True, array_like=True, gc=False):
    """Something a reader can do. `status` is as written; `state` is what `now` makes of it (set by gather).

    `script` are the steps of a call, a single one when it is a text. `until` is the UTC second at which it is over by
    itself: its deadline, or the end of its event. `placed` says that the text itself shows it somewhere. `calendar`
    is the address from the root of an event as a file for calendars, '' where there is none (set by gather).
    `event_over` is the UTC second at which an event ends, `coming` that it has not (set by gather): those who signed up
    before its deadline still go there.
    """

    id: str
    kind: str
    title: str = ""
    summary: str = ""
    url: str = ""
    platform: str = ""
    organiser: Named | None = None
    relation: str = ""
    recipients: tuple[Recipient, ...] = ()
    opens: Moment | None = None
    closes: Moment | None = None
    status: str = "open"
    outcome: str = ""
    goal: Goal | None = None
    asks_for: tuple[str, ...] = ()
    public_signature: str = ""
    safety_note: str = ""
    effort: str = ""
    languages: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    subject: str = ""
    letter: str = ""
    script: tuple[str, ...] = ()
    location: str = ""
    starts: Moment | None = None
    ends: Moment | None = None
    state: ActionState = "open"
    until: int | None = None
    placed: bool = False
    calendar: str = ""
    event_over: int | None = None
    coming: bool = False


class ArchivedCopy(Struct, frozen=True, array_like=True, gc=False):
    """A copy of a source kept elsewhere, and the day it was made."""

    url: str
    date: Day | None = None


class Source(Struct, frozen=True, array_like=True, gc=False):
    """What an article rests on. `published` is `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, as exact as the author knows it.

    Of a source that the text cites, `number` is its number in the order of first citation, from 1 (0: not cited), and
    `marks` are the ids of the places that cite it.
    """

    id: str
    role: str = "cited"
    title: str = ""
    url: str = ""
    publisher: str = ""
    author: str = ""
    published: str = ""
    accessed: Day | None = None
    language: str = ""
    archived: tuple[ArchivedCopy, ...] = ()
    licence: str = ""
    permission: str = ""
    number: int = 0
    marks: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What readers are told it is."""
        return self.publisher or self.author or self.title


class Citation(Struct, frozen=True, array_like=True, gc=False):
    """A source that a text names: its id; its number and the ids of the marks that cite it, 0 and () without any."""

    source: str
    number: int = 0
    marks: tuple[str, ...] = ()


class Image(Struct, frozen=True, array_like=True, gc=False):
    """The picture that stands for a document. `picture` is set by gather."""

    file: str
    alt: str = ""
    decorative: bool = False
    caption: str = ""
    credit: str = ""
    licence: str = ""
    consent: str = ""
    cover: str = ""
    line: int = 0
    column: int = 0
    picture: PictureTarget | None = None


class ContentNote(Struct, frozen=True, array_like=True, gc=False):
    """What a reader should know before reading on."""

    topics: tuple[str, ...] = ()
    level: str = "described"
    text: str = ""
    support: tuple[str, ...] = ()


class Change(Struct, frozen=True, array_like=True, gc=False):
    """A correction, an update, a clarification or a retraction."""

    date: Day
    type: str
    text: str
    was: str = ""


class Share(Struct, frozen=True, array_like=True, gc=False):
    """What the author wants said when the article is passed on; `texts` by target, `email` as subject and body."""

    text: str = ""
    hashtags: tuple[str, ...] = ()
    kit: bool | None = None
    texts: dict[str, str] = field(default_factory=dict)
    email_subject: str = ""
    email_body: str = ""
    places: dict[str, tuple[int, int]] = field(default_factory=dict)


class Outcome(Struct, frozen=True, array_like=True, gc=False):
    """One step in the life of a campaign."""

    date: Day
    text: str
    url: str = ""


class Campaign(Struct, frozen=True, array_like=True, gc=False):
    """What a campaign's own front matter says besides title, summary and image."""

    state: str = "open"
    goal: Goal | None = None
    outcomes: tuple[Outcome, ...] = ()


class SeriesPart(Struct, frozen=True, array_like=True, gc=False):
    """The series an article belongs to, by name, and its part in it."""

    name: str
    part: int = 0


class Card(Struct, frozen=True, array_like=True, gc=False):
    """All that other pages may know of a document.

    `url` is the address from the site root (`/water/`); `path` the source file. `taxonomies` maps the taxonomy's
    name to labels as written (`tags` among them). `minutes` is the reading time.
    `unredacted` is the digest of the source file as long as text that is redacted still stands in it, '' otherwise.
    """

    path: str
    url: str
    id: str
    title: str
    language: str
    kind: str = "article"
    section: str = ""
    status: Status = "published"
    translation_key: str = ""
    summary: str = ""
    lead: Body = Body()
    date: Moment | None = None
    updated: Moment | None = None
    taxonomies: dict[str, tuple[str, ...]] = field(default_factory=dict)
    authors: tuple[str, ...] = ()
    series: SeriesPart | None = None
    campaign: str = ""
    pinned: bool = False
    order: int = 0
    image: Image | None = None
    content_note: ContentNote | None = None
    actions: tuple[Action, ...] = ()
    history: tuple[Change, ...] = ()
    repost: bool = False
    minutes: int = 0
    unredacted: str = ""


class Matter(Struct, frozen=True, array_like=True, gc=False):
    """The rest of the front matter: what only the document's own outputs read.

    `borrowed` are the sources that the text names and the front matter does not; gather puts those that the site
    shares among the `sources`. `ignore` maps the codes of warnings and notes the author has answered to the reasons.
    """

    sources: tuple[Source, ...] = ()
    borrowed: tuple[Citation, ...] = ()
    share: Share = Share()
    replies: str = ""
    quick_exit: bool | None = None
    robots: str = ""
    aliases: tuple[str, ...] = ()
    template: str = ""
    backstory: str = ""
    slug: str = ""
    campaign: Campaign | None = None
    ignore: dict[str, str] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


class Spots(Struct, frozen=True, array_like=True, gc=False):
    """Line and column of values by name, packed until they are asked for, which is when something is wrong."""

    packed: bytes = b""

    @classmethod
    def of(cls, places: dict[str, tuple[int, int]]) -> "Spots":
        """These places, packed."""
        return cls(msgpack.encode(places, order="deterministic")) if places else cls()

    def get(self, name: str, otherwise: tuple[int, int] = (0, 0)) -> tuple[int, int]:
        """The place of a value; `otherwise` when it is not known."""
        return _spots.decode(self.packed).get(name, otherwise) if self.packed else otherwise

    def __getitem__(self, name: str) -> tuple[int, int]:
        return _spots.decode(self.packed)[name]


_spots = msgpack.Decoder(dict[str, tuple[int, int]])


class Entry(Struct, frozen=True, array_like=True, gc=False):
    """The small record of a document.

    `type` is the folder's word (article, page, campaign, text above a list), `card.kind` the author's. `starts` and
    `ends` are the UTC seconds from and until which it may be seen (None: always); `places` has line and column of
    front matter keys that later stages may complain about (`slug`, `aliases.0`, `image.file`, `template`, …).
    `bundle` is the folder whose files belong to this document, '' when it is a lone file.
    """

    path: str
    type: DocumentType
    card: Card
    matter: Matter = Matter()
    starts: int | None = None
    ends: int | None = None
    bundle: str = ""
    body_digest: str = ""
    ids: tuple[str, ...] = ()
    references: References = References()
    directives: tuple[str, ...] = ()
    places: Spots = Spots()
    problems: tuple[Problem, ...] = ()


class Text(Struct, frozen=True, array_like=True, gc=False):
    """What only the outputs that show a document's text read: the text and its headings in order."""

    body: Body = Body()
    headings: tuple[Heading, ...] = ()


class Document(Struct, frozen=True, array_like=True, gc=False):
    """A parsed document: its entry, its text and its headings in order."""

    entry: Entry
    body: Body = Body()
    headings: tuple[Heading, ...] = ()


class Media(Struct, frozen=True, array_like=True, gc=False):
    """What is known of a picture before it is encoded: upright size in pixels and the format it will have.

    `removed` names in words what the original carries besides pixels, which the rebuilt picture does not.
    """

    path: str
    digest: str
    width: int
    height: int
    format: str
    animated: bool = False
    removed: tuple[str, ...] = ()


class Section(Struct, frozen=True, array_like=True, gc=False):
    """A folder of content with an address of its own, as its `_section.toml` says.

    `url` is the pattern of its articles' addresses (`/news/{slug}/`); `listing` says whether it has a list; `feed`
    whether it has a feed; `defaults` are front matter for its articles.
    """

    name: str
    title: str = ""
    kind: str = "article"
    url: str = ""
    listing: bool = True
    feed: bool = True
    defaults: dict[str, Any] = field(default_factory=dict)
