"""What a template is given: the contract between output kinds and themes (`docs/themes.md` explains each name)."""

from msgspec import Struct

from generator.model.body import Body, Heading
from generator.model.document import Action, Card, Change, Outcome, Source


class Link(Struct, frozen=True, gc=False):
    """A text that leads somewhere: an address from the site root, or an absolute one."""

    text: str
    url: str


class FeedLink(Struct, frozen=True, gc=False):
    """A feed that a page announces: title, address from the root, media type."""

    title: str
    url: str
    type: str


class Alternate(Struct, frozen=True, gc=False):
    """The same page in another language: its code, its name in itself, direction, address from the root."""

    language: str
    name: str
    direction: str
    url: str


class SocialImage(Struct, frozen=True, gc=False):
    """The picture other sites may show with a link here; `url` is absolute."""

    url: str
    width: int
    height: int
    alt: str


class Page(Struct, frozen=True, gc=False):
    """What every HTML page says of itself.

    `kind` is the output kind: `article`, `page`, `home`, `list`, `section`, `terms`, `term`, `archive`, `year`,
    `series`, `campaign`, `author`, `act`, `corrections`, `feeds`, `not-found` or `redirect`. `url` is the address from
    the root; `canonical` the absolute one, '' when the page has none; `robots` '' or a robots value such as `noindex`.
    `structured_data` is JSON-LD, safe in a script element. `created_by` is the fediverse handle of the author or ''.
    """

    kind: str
    title: str
    url: str
    language: str
    direction: str
    description: str = ""
    canonical: str = ""
    robots: str = ""
    feeds: tuple[FeedLink, ...] = ()
    alternates: tuple[Alternate, ...] = ()
    image: SocialImage | None = None
    created_by: str = ""
    published: str = ""
    modified: str = ""
    structured_data: str = ""
    draft: bool = False


class AuthorView(Struct, frozen=True, gc=False):
    """An author as readers may see one: the pen name where there is one. `url` is the author's page from the root."""

    id: str
    name: str
    bio: str = ""
    url: str = ""
    website: str = ""
    fediverse: str = ""


class Neighbours(Struct, frozen=True, gc=False):
    """The older and the newer article, as cards: an edit of a neighbour's body must not reach this page."""

    older: Card | None = None
    newer: Card | None = None


class SeriesPlace(Struct, frozen=True, gc=False):
    """Where an article stands in its series: name, address of the series, all parts in order, this one's index.

    On the page of the series itself `index` is -1.
    """

    name: str
    url: str
    cards: tuple[Card, ...]
    index: int


class ShareLink(Struct, frozen=True, gc=False):
    """One way to pass an article on. `key` names the label in the catalogue (`share_whatsapp`), `name` is its own."""

    id: str
    name: str
    href: str


class ShareRow(Struct, frozen=True, gc=False):
    """The share links of an article: the address to copy, the row, and those under "More ways"."""

    address: str
    row: tuple[ShareLink, ...] = ()
    more: tuple[ShareLink, ...] = ()


class Contents(Struct, frozen=True, gc=False):
    """The table of contents: headings in order (level 2 to 6)."""

    headings: tuple[Heading, ...] = ()


class Listing(Struct, frozen=True, gc=False):
    """A list of articles. `number` is 0 on the first page of a list (the newest), N on `/page/N/`.

    `newer` and `older` are addresses from the root or ''. `text` stands above the list.
    """

    title: str
    cards: tuple[Card, ...]
    text: Body = Body()
    number: int = 0
    newer: str = ""
    older: str = ""


class TermLink(Struct, frozen=True, gc=False):
    """A tag or other term by its label, its address from the root, how many articles carry it."""

    label: str
    url: str
    count: int = 0


class Group(Struct, frozen=True, gc=False):
    """Cards under a heading: a year of the archive, a topic of the front page.

    `count` is how many there are; where they are too many for one page, `cards` are the newest of them.
    """

    title: str
    url: str
    cards: tuple[Card, ...]
    count: int = 0


class OpenAction(Struct, frozen=True, gc=False):
    """An action with the card of the article or page that asks for it; in lists of what is over, one that was open."""

    action: Action
    card: Card


class CampaignEnd(Struct, frozen=True, gc=False):
    """How a campaign ended: `state` is `won` or `lost`, `outcome` what was told of it last."""

    state: str
    outcome: Outcome | None = None


class Corrected(Struct, frozen=True, gc=False):
    """A correction or a retraction, with the card of the text it is about. `id` is what feeds know it by."""

    change: Change
    card: Card
    id: str


class FeedEntry(Struct, frozen=True, gc=False):
    """One entry of a feed: `published` and `updated` in RFC 3339, `body` is the full text (then `full`) or the lead.

    `only` is the id of the one action of its card that it is about; '' where it is about the whole article.
    """

    card: Card
    url: str
    published: str
    updated: str
    body: Body
    authors: tuple[AuthorView, ...] = ()
    terms: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    full: bool = False
    only: str = ""


class Feed(Struct, frozen=True, gc=False):
    """A feed: `url` its own absolute address, `home` the absolute address of the page it belongs to."""

    id: str
    title: str
    url: str
    home: str
    language: str
    updated: str
    entries: tuple[FeedEntry, ...]
    subtitle: str = ""


class SitemapEntry(Struct, frozen=True, gc=False):
    """One address of the sitemap, absolute; `modified` is a day or ''."""

    url: str
    modified: str = ""
    alternates: tuple[Alternate, ...] = ()


class Asset(Struct, frozen=True, gc=False):
    """A file of `/assets/`: its address from the root and its Subresource Integrity value."""

    url: str
    integrity: str


class NamedFile(Struct, frozen=True, gc=False):
    """A file that a directive names: its address as the output writes it, a picture's size in pixels (else 0).

    `waits` says that a picture is to be loaded only when a reader comes near it; `closed` that it stands in what
    readers open themselves, so that nothing of it may be loaded before.
    """

    url: str
    width: int = 0
    height: int = 0
    waits: bool = False
    closed: bool = False
