"""Feeds (Atom, RSS, JSON Feed) and the page that explains them."""

from collections.abc import Iterable

from generator.hooks import Site, hookimpl
from generator.kinds.frame import (
    author_views,
    modified,
    page,
    path_of,
    shelves,
    site_feeds,
    stamp,
    text,
    whole_body,
    words,
)
from generator.kinds.sections import has_list, section_title, section_url
from generator.model.document import Card
from generator.model.job import Output
from generator.model.library import Shelf
from generator.model.page import Feed, FeedEntry
from generator.text.addresses import absolute, language_root

_NEVER = "1970-01-01T00:00:00Z"
_FORMATS = (("feed.xml", "atom.xml"), ("rss.xml", "rss.xml"), ("feed.json", "feed.json"))


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    for shelf in shelves(site):
        language = shelf.language
        root = language_root(language, site.config)
        said = words(site, language)
        cards = _with_retracted(site, shelf)
        for name, template in _FORMATS:
            yield _feed(site, said["title"], root, name, template, cards, language, said["tagline"])
        for name, listed in shelf.sections.items():
            section = site.library.sections.get(name)
            if listed and has_list(site, name) and (section is None or section.feed):
                title = f"{said['title']}: {section_title(site, name, language)}"
                yield _feed(site, title, section_url(site, name, language), "feed.xml", "atom.xml", listed, language)
        for taxonomy, terms in shelf.terms.items():
            if not site.config.taxonomies[taxonomy].feed:
                continue
            for term in terms:
                title = f"{said['title']}: {term.label}"
                yield _feed(site, title, term.url, "feed.xml", "atom.xml", term.cards, language)
        for author, found in shelf.authors.items():
            (view,) = author_views(site, (author,), language)
            yield _feed(site, f"{said['title']}: {view.name}", view.url, "feed.xml", "atom.xml", found, language)
        yield _explained(site, language)


def _with_retracted(site: Site, shelf: Shelf) -> tuple[Card, ...]:
    """The articles of a language with those retracted: readers' copies must learn of it."""
    retracted = [
        document.entry.card
        for document in site.library.documents.values()
        if document.entry.type == "article"
        and document.entry.card.status == "retracted"
        and document.entry.card.language == shelf.language
    ]
    if not retracted:
        return shelf.articles
    return tuple(sorted((*shelf.articles, *retracted), key=lambda card: stamp(card.date, site.config), reverse=True))


def _feed(
    site: Site,
    title: str,
    home: str,
    name: str,
    template: str,
    cards: tuple[Card, ...],
    language: str,
    subtitle: str = "",
) -> Output:
    base = site.config.site.base_url
    entries = tuple(_entry(site, card) for card in cards[: site.config.feeds.limit])
    feed = Feed(
        id=absolute(base, home + name),
        title=title,
        url=absolute(base, home + name),
        home=absolute(base, home),
        language=language,
        updated=max((entry.updated for entry in entries), default=_NEVER) or _NEVER,
        entries=entries,
        subtitle=subtitle,
    )
    return Output(
        path=f"{home.lstrip('/')}{name}", kind="feed", language=language, template=template, inputs={"feed": feed}
    )


def _entry(site: Site, card: Card) -> FeedEntry:
    document = site.library.documents[card.path]
    full = site.config.feeds.content == "full"
    return FeedEntry(
        card=card,
        url=absolute(site.config.site.base_url, card.url),
        published=stamp(card.date, site.config) or _NEVER,
        updated=modified(card, site.config) or _NEVER,
        body=whole_body(site, document) if full else card.lead,
        authors=author_views(site, card.authors, card.language),
        sources=() if card.status == "retracted" else document.entry.matter.sources,
        terms=tuple(label for labels in card.taxonomies.values() for label in labels),
    )


def _explained(site: Site, language: str) -> Output:
    url = f"{language_root(language, site.config)}feeds/"
    return Output(
        path=path_of(url),
        kind="feeds",
        language=language,
        template="feeds.html",
        inputs={
            "page": page(site, "feeds", text(site, "feeds", language), url, language),
            "feeds": site_feeds(site, language),
        },
    )
