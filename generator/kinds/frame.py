"""What every HTML page says of itself, and the views several kinds share."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct, structs

from generator.config import Config, MenuItem
from generator.engine.digest import digest_value
from generator.hooks import Site, hookimpl
from generator.model.body import Body
from generator.model.document import Card, Entry, Moment, Text
from generator.model.job import Listed, Output, Shared, TextOf, View
from generator.model.library import Shelf, Term
from generator.model.page import Alternate, AuthorView, Contents, FeedLink, Page, SocialImage, TermLink
from generator.share.structured import structured_article, structured_list, structured_page, structured_site
from generator.text.addresses import absolute, language_root
from generator.text.dates import last_changed, rfc3339
from generator.text.languages import direction, own_name
from generator.theme import catalogue

CONTENT = "content/"
ATOM = "application/atom+xml"
RSS = "application/rss+xml"
JSON_FEED = "application/feed+json"


@hookimpl
def clarion_views() -> Mapping[str, Any]:
    return {
        "page": _page,
        "body": _body,
        "contents": _contents,
        "structured_article": structured_article,
        "structured_page": structured_page,
        "structured_list": structured_list,
        "structured_site": structured_site,
    }


class Frame(Struct, frozen=True):
    """What all pages of a site in one language say alike.

    `settings` are those that structured data reads, and no others; `feeds` the feeds every page announces; `authors`
    all of the site as readers may see them.
    """

    language: str
    direction: str
    base_url: str
    precision: str
    feeds: Shared
    settings: Shared
    authors: dict[str, AuthorView]


def shared(value: Any) -> Shared:
    """A value that many outputs read."""
    return Shared(digest_value(value), value)


def frame_of(site: Site, language: str) -> Frame:
    """The frame of the pages in a language."""
    config = site.config
    told = Config(
        site=structs.replace(config.site, id="", tagline="", timezone="UTC", authors=(), contact="", repository="none"),
        content=structs.replace(config.content, page_size=0),
        languages={code: structs.replace(own, tagline="") for code, own in config.languages.items()},
    )
    return Frame(
        language=language,
        direction=direction(language),
        base_url=config.site.base_url,
        precision=config.content.date_precision,
        feeds=shared(site_feeds(site, language)),
        settings=shared(told),
        authors={each: author_views(site, (each,), language)[0] for each in config.authors},
    )


def path_of(url: str) -> str:
    """The output that answers an address."""
    return f"{url.lstrip('/')}index.html"


def words(site: Site, language: str) -> dict[str, str]:
    """Title, tagline and description of the site in a language."""
    settings = site.config.site
    own = site.config.languages.get(language)
    return {
        "title": (own.title if own else "") or settings.title,
        "tagline": (own.tagline if own else "") or settings.tagline,
        "description": (own.description if own else "") or settings.description,
    }


def text(site: Site, key: str, language: str) -> str:
    """A text of the catalogue that a kind itself needs, such as the title of a generated page."""
    found = catalogue(site.theme, language).get(key)
    return found if isinstance(found, str) else key


def site_feeds(site: Site, language: str) -> tuple[FeedLink, ...]:
    """The feeds every page announces."""
    root = home(site, language)
    title = words(site, language)["title"]
    return (
        FeedLink(title, f"{root}feed.xml", ATOM),
        FeedLink(f"{title} (RSS)", f"{root}rss.xml", RSS),
        FeedLink(f"{title} (JSON)", f"{root}feed.json", JSON_FEED),
    )


def page(
    frame: Frame,
    kind: str,
    title: str,
    url: str,
    *,
    description: str = "",
    robots: str = "",
    feeds: tuple[FeedLink, ...] = (),
    alternates: tuple[Alternate, ...] = (),
    image: SocialImage | None = None,
    created_by: str = "",
    published: str = "",
    modified: str = "",
    structured_data: View | str = "",
    draft: bool = False,
) -> View:
    """What a page says of itself, as a view that gives a `Page`."""
    own = (kind, title, url, frame.language, description, robots, alternates, image, created_by, published, modified)
    return View("page", (*own, draft, structured_data, frame.direction, frame.base_url, feeds, frame.feeds))


def _page(
    kind: str,
    title: str,
    url: str,
    language: str,
    description: str,
    robots: str,
    alternates: tuple[Alternate, ...],
    image: SocialImage | None,
    created_by: str,
    published: str,
    modified: str,
    draft: bool,
    structured_data: str,
    way: str,
    base_url: str,
    feeds: tuple[FeedLink, ...],
    everywhere: tuple[FeedLink, ...],
) -> Page:
    """The page value; its canonical address is given unless search engines are to stay away."""
    return Page(
        kind=kind,
        title=title,
        url=url,
        language=language,
        direction=way,
        description=description,
        canonical="" if "noindex" in robots else absolute(base_url, url),
        robots=robots,
        feeds=(*feeds, *everywhere),
        alternates=alternates,
        image=image,
        created_by=created_by,
        published=published,
        modified=modified,
        structured_data=structured_data,
        draft=draft,
    )


def document_page(
    site: Site,
    frame: Frame,
    entry: Entry,
    kind: str,
    *,
    image: SocialImage | None,
    structured_data: View | str = "",
    feeds: tuple[FeedLink, ...] = (),
    created_by: str = "",
    published: str = "",
    modified: str = "",
) -> View:
    """What a document's own page says of itself."""
    card = entry.card
    title = card.title
    if card.status == "retracted":
        title = text(site, "retracted_title", card.language).replace("{title}", title)
    return page(
        frame,
        kind,
        title,
        card.url,
        description=card.summary,
        robots=robots(entry),
        feeds=feeds,
        alternates=alternates(site, card),
        image=image,
        created_by=created_by,
        published=published,
        modified=modified,
        structured_data=structured_data,
        draft=card.status == "draft",
    )


def robots(entry: Entry) -> str:
    """What search engines are told: a full repost is left to its original (Google, canonicalisation advice)."""
    card = entry.card
    if card.repost:
        return "noindex,follow"
    if card.status != "published":
        return "noindex"
    return entry.matter.robots


def listed(site: Site, entry: Entry, changed: str = "") -> Listed | None:
    """How the sitemap tells of a document; `changed` is its last change as RFC 3339 or ''."""
    if "noindex" in robots(entry):
        return None
    return Listed(entry.card.url, changed[:10], alternates(site, entry.card))


def alternates(site: Site, card: Card) -> tuple[Alternate, ...]:
    """All languages of a document, itself among them; empty when there is but one. Unlisted ones are not told of."""
    cards = site.library.translations.get(card.translation_key, ())
    shown = [each for each in cards if each.status != "unlisted" or each.path == card.path]
    if len(shown) < 2:
        return ()
    return tuple(
        Alternate(each.language, own_name(each.language), direction(each.language), each.url)
        for each in sorted(shown, key=lambda found: found.language)
    )


def social_image(base_url: str, card: Card) -> SocialImage | None:
    """The picture other sites may show: never one that the content note is about."""
    flagged = card.content_note is not None and card.content_note.level in ("graphic", "images")
    if card.image is None or card.image.picture is None or flagged:
        return None
    picture = card.image.picture
    return SocialImage(absolute(base_url, picture.url), picture.width, picture.height, card.image.alt)


def author_views(site: Site, ids: tuple[str, ...], language: str) -> tuple[AuthorView, ...]:
    """Authors as readers may see them: the pen name hides the name."""
    shelf = site.library.shelves.get(language)
    views = []
    for author_id in ids:
        author = site.config.authors.get(author_id)
        if author is None:
            views.append(AuthorView(author_id, author_id))
            continue
        has_page = shelf is not None and author_id in shelf.authors
        url = f"{language_root(language, site.config)}authors/{author_id}/" if has_page else ""
        views.append(AuthorView(author_id, author.shown, author.bio, url, author.url, author.fediverse))
    return tuple(views)


def authors_of(frame: Frame, card: Card) -> tuple[AuthorView, ...]:
    """The authors of an article as its readers may see them."""
    return tuple(frame.authors.get(each) or AuthorView(each, each) for each in card.authors)


def taxonomy_title(site: Site, name: str, language: str) -> str:
    """What a taxonomy is called: as the settings say, else tags by the catalogue and others by their name."""
    own = site.config.taxonomies[name].title
    return own or (text(site, "tags", language) if name == "tags" else name.capitalize())


def term_links(terms: tuple[Term, ...]) -> tuple[TermLink, ...]:
    """Terms with how many articles carry each."""
    return tuple(TermLink(term.label, term.url, len(term.cards)) for term in terms)


def stamp(moment: Moment | None, precision: str) -> str:
    """A moment as RFC 3339, '' for none."""
    return rfc3339(moment, precision) if moment else ""


def modified(card: Card, precision: str) -> str:
    """The last time readers should look again, as RFC 3339: publication, update, correction or retraction."""
    return last_changed(card, precision)


def text_of(site: Site, entry: Entry) -> TextOf | None:
    """A document's text with the targets of its slots; None when it was retracted."""
    if entry.card.status == "retracted":
        return None
    return TextOf(entry.path, site.library.targets[entry.path])


def body_of(site: Site, entry: Entry) -> View:
    """The text of a document, as a view that gives a `Body`."""
    return View("body", (text_of(site, entry),))


def _body(document: Text | None) -> Body:
    return document.body if document else Body()


def contents_of(site: Site, entry: Entry) -> View:
    """The contents of a document, as a view that gives `Contents`."""
    return View("contents", (text_of(site, entry),))


def _contents(document: Text | None) -> Contents:
    return Contents(document.headings if document else ())


class Above(Struct, frozen=True):
    """The text an author put above a generated list, as a list shows it; all empty when there is none."""

    title: str = ""
    summary: str = ""
    text: TextOf | None = None
    source: str = ""
    directives: tuple[str, ...] = ()

    @property
    def body(self) -> View:
        """Its text, as a view that gives a `Body`."""
        return View("body", (self.text,))

    @property
    def texts(self) -> tuple[str, ...]:
        """The paths of the documents whose text is read: one or none."""
        return (self.source,) if self.source else ()


def text_above(site: Site, language: str, *names: str) -> Above:
    """The first of the texts `names` there is, in the language of the list."""
    own = "" if language == site.config.site.language else f".{language}"
    for name in names:
        for key in (f"{name}{own}", f"{name}/index{own}"):
            entry = site.library.texts.get(key)
            if entry is not None:
                card = entry.card
                return Above(card.title, card.summary, text_of(site, entry), card.path, entry.directives)
    return Above()


def list_page(
    kind: str, language: str, url: str, above: Above, inputs: dict[str, Any] | Callable[[], dict[str, Any]]
) -> Output:
    """The page of a generated list at `url` from the root, drawn by the template of its kind, below that text."""
    return Output(
        path=path_of(url),
        kind=kind,
        language=language,
        template=f"{kind}.html",
        inputs=inputs,
        source=above.source,
        texts=above.texts,
        directives=above.directives,
        listed=Listed(url),
    )


def shelves(site: Site) -> tuple[Shelf, ...]:
    """All languages of the site in which there is something to list, in order of their codes."""
    return tuple(shelf for language, shelf in sorted(site.library.shelves.items()) if has_home(site, language))


def has_home(site: Site, language: str) -> bool:
    """Whether a language has a front page: not when all there is in it is unlisted, for it would tell of that."""
    shelf = site.library.shelves[language]
    if language == site.config.site.language or shelf.articles or shelf.pages or shelf.campaigns:
        return True
    cards = (entry.card for entry in site.library.entries.values())
    return any(card.language == language and card.status != "unlisted" for card in cards)


def home(site: Site, language: str) -> str:
    """The front page of a language from the root; that of the site where it has none."""
    return language_root(language if has_home(site, language) else site.config.site.language, site.config)


def menu_document(site: Site, item: MenuItem) -> Entry | None:
    """The document an item of the menu names by its file, or the text above a list; None for an address."""
    path = item.page.removeprefix(CONTENT)
    return site.library.entries.get(f"{CONTENT}{path}") or site.library.texts.get(path.removesuffix(".md"))


def structured_cards(frame: Frame, title: str, url: str, cards: Sequence[Card]) -> View:
    """The structured data of a list, as a view that gives text."""
    return View("structured_list", (title, url, frame.settings, frame.language, tuple(cards)))
