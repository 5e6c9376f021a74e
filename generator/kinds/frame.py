"""What every HTML page says of itself, and the views several kinds share."""

from msgspec import Struct

from generator.config import Config, MenuItem
from generator.hooks import Site
from generator.model.body import Body
from generator.model.document import Card, Document, Moment
from generator.model.library import Shelf, Term
from generator.model.page import Alternate, AuthorView, FeedLink, Page, SocialImage, TermLink
from generator.text.addresses import absolute, language_root
from generator.text.dates import last_changed, rfc3339
from generator.text.languages import direction, own_name
from generator.theme import catalogue

CONTENT = "content/"
ATOM = "application/atom+xml"
RSS = "application/rss+xml"
JSON_FEED = "application/feed+json"


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
    site: Site,
    kind: str,
    title: str,
    url: str,
    language: str,
    *,
    description: str = "",
    robots: str = "",
    feeds: tuple[FeedLink, ...] = (),
    alternates: tuple[Alternate, ...] = (),
    image: SocialImage | None = None,
    created_by: str = "",
    published: str = "",
    modified: str = "",
    structured_data: str = "",
    draft: bool = False,
) -> Page:
    """The page value; its canonical address is given unless search engines are to stay away."""
    return Page(
        kind=kind,
        title=title,
        url=url,
        language=language,
        direction=direction(language),
        description=description,
        canonical="" if "noindex" in robots else absolute(site.config.site.base_url, url),
        robots=robots,
        feeds=(*feeds, *site_feeds(site, language)),
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
    document: Document,
    kind: str,
    *,
    image: SocialImage | None,
    structured_data: str,
    feeds: tuple[FeedLink, ...] = (),
    created_by: str = "",
    published: str = "",
    modified: str = "",
) -> Page:
    """The page value of a document's own page."""
    card = document.entry.card
    return page(
        site,
        kind,
        card.title,
        card.url,
        card.language,
        description=card.summary,
        robots=_robots(document),
        feeds=feeds,
        alternates=alternates(site, card),
        image=image,
        created_by=created_by,
        published=published,
        modified=modified,
        structured_data=structured_data,
        draft=card.status == "draft",
    )


def _robots(document: Document) -> str:
    """What search engines are told: a full repost is left to its original (Google, canonicalisation advice)."""
    card = document.entry.card
    if card.repost:
        return "noindex,follow"
    if card.status != "published":
        return "noindex"
    return document.entry.matter.robots


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


def social_image(site: Site, card: Card) -> SocialImage | None:
    """The picture other sites may show: never one that the content note is about."""
    flagged = card.content_note is not None and card.content_note.level in ("graphic", "images")
    if card.image is None or card.image.picture is None or flagged:
        return None
    picture = card.image.picture
    url = absolute(site.config.site.base_url, picture.url)
    return SocialImage(url, picture.width, picture.height, card.image.alt)


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


def taxonomy_title(site: Site, name: str, language: str) -> str:
    """What a taxonomy is called: as the settings say, else tags by the catalogue and others by their name."""
    own = site.config.taxonomies[name].title
    return own or (text(site, "tags", language) if name == "tags" else name.capitalize())


def term_links(terms: tuple[Term, ...]) -> tuple[TermLink, ...]:
    """Terms with how many articles carry each."""
    return tuple(TermLink(term.label, term.url, len(term.cards)) for term in terms)


def stamp(moment: Moment | None, config: Config) -> str:
    """A moment as RFC 3339, '' for none."""
    return rfc3339(moment, config.content.date_precision) if moment else ""


def modified(card: Card, config: Config) -> str:
    """The last time readers should look again, as RFC 3339: publication, update, correction or retraction."""
    return last_changed(card, config.content.date_precision)


def whole_body(site: Site, document: Document) -> Body:
    """A document's text with the targets of its slots; nothing of it when it was retracted."""
    if document.entry.card.status == "retracted":
        return Body()
    return Body(document.body.parts, site.library.targets[document.entry.path])


class Above(Struct, frozen=True):
    """The text an author put above a generated list, as a list shows it; all empty when there is none."""

    title: str = ""
    summary: str = ""
    body: Body = Body()
    source: str = ""


def text_above(site: Site, language: str, *names: str) -> Above:
    """The first of the texts `names` there is, in the language of the list."""
    own = "" if language == site.config.site.language else f".{language}"
    for name in names:
        for key in (f"{name}{own}", f"{name}/index{own}"):
            document = site.library.texts.get(key)
            if document is not None:
                card = document.entry.card
                return Above(card.title, card.summary, whole_body(site, document), card.path)
    return Above()


def shelves(site: Site) -> tuple[Shelf, ...]:
    """All languages of the site in which there is something to list, in order of their codes."""
    return tuple(shelf for language, shelf in sorted(site.library.shelves.items()) if has_home(site, language))


def has_home(site: Site, language: str) -> bool:
    """Whether a language has a front page: not when all there is in it is unlisted, for it would tell of that."""
    shelf = site.library.shelves[language]
    if language == site.config.site.language or shelf.articles or shelf.pages or shelf.campaigns:
        return True
    cards = (document.entry.card for document in site.library.documents.values())
    return any(card.language == language and card.status != "unlisted" for card in cards)


def home(site: Site, language: str) -> str:
    """The front page of a language from the root; that of the site where it has none."""
    return language_root(language if has_home(site, language) else site.config.site.language, site.config)


def menu_document(site: Site, item: MenuItem) -> Document | None:
    """The document an item of the menu names by its file, or the text above a list; None for an address."""
    path = item.page.removeprefix(CONTENT)
    return site.library.documents.get(f"{CONTENT}{path}") or site.library.texts.get(path.removesuffix(".md"))
