"""The page of an article."""

from collections.abc import Iterable, Mapping
from heapq import nsmallest

from msgspec import Struct

from generator.hooks import Site, hookimpl
from generator.kinds.frame import (
    ATOM,
    author_views,
    document_page,
    modified,
    path_of,
    social_image,
    stamp,
    term_links,
    whole_body,
)
from generator.model.document import Card, Document
from generator.model.job import Output
from generator.model.library import Shelf, Term
from generator.model.page import Contents, FeedLink, Neighbours, SeriesPlace, ShareRow
from generator.share.links import share_row
from generator.share.reply import reply_link
from generator.share.structured import structured_article
from generator.share.targets import ShareTarget, load_targets
from generator.text.addresses import absolute, language_root

FEEDS = 3
RELATED = 3


class Order(Struct, frozen=True):
    """Where each article of a language stands, by its path: its number in the shelf, its terms, its section's order."""

    shelf: Shelf
    numbers: dict[str, int]
    terms: dict[str, tuple[Term, ...]]
    sections: dict[str, tuple[Card, ...]]
    places: dict[str, int]


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    targets, _ = load_targets(site.library.data.get("share_targets"))
    orders = {language: order_of(shelf) for language, shelf in site.library.shelves.items()}
    for document in site.library.documents.values():
        if document.entry.type == "article":
            yield _article(site, document, orders[document.entry.card.language], targets)


def order_of(shelf: Shelf) -> Order:
    """The order of a shelf, worked out once for all its articles."""
    terms: dict[str, list[Term]] = {}
    for name in sorted(shelf.terms, key=lambda name: (name != "tags", name)):
        for term in shelf.terms[name]:
            for card in term.cards:
                terms.setdefault(card.path, []).append(term)
    sections: dict[str, list[Card]] = {}
    places: dict[str, int] = {}
    for card in shelf.articles:
        cards = sections.setdefault(card.section, [])
        places[card.path] = len(cards)
        cards.append(card)
    return Order(
        shelf,
        {card.path: number for number, card in enumerate(shelf.articles)},
        {path: tuple(found) for path, found in terms.items()},
        {name: tuple(cards) for name, cards in sections.items()},
        places,
    )


def _article(site: Site, document: Document, order: Order, targets: Mapping[str, ShareTarget]) -> Output:
    entry = document.entry
    card = entry.card
    config = site.config
    shelf = order.shelf
    address = absolute(config.site.base_url, card.url)
    image = social_image(site, card)
    authors = author_views(site, card.authors, card.language)
    terms = order.terms.get(card.path, ())
    retracted = card.status == "retracted"
    row = ShareRow(address)
    if not retracted:
        row, _ = share_row(
            card,
            entry.matter.share,
            address=address,
            settings=config.share,
            targets=targets,
            image=image.url if image else "",
        )
    reply = ""
    if "@" in config.site.contact and (entry.matter.replies or config.replies) == "email":
        reply = reply_link(config.site.contact, card.title, card.language)
    return Output(
        path=path_of(card.url),
        kind="article",
        language=card.language,
        template=entry.matter.template or "article.html",
        inputs={
            "page": document_page(
                site,
                document,
                "article",
                feeds=tuple(
                    FeedLink(term.label, f"{term.url}feed.xml", ATOM)
                    for term in terms[:FEEDS]
                    if config.taxonomies[term.taxonomy].feed
                ),
                image=image,
                created_by=next((author.fediverse for author in authors if author.fediverse), ""),
                published=stamp(card.date, config),
                modified=modified(card, config),
                structured_data=structured_article(card, entry.matter, config, authors, image),
            ),
            "article": card,
            "matter": entry.matter,
            "body": whole_body(site, document),
            "contents": Contents(() if retracted else document.headings),
            "neighbours": neighbours(order, card),
            "related": related(order, card),
            "series": series_place(shelf, card),
            "share": None if retracted else row,
            "reply": reply,
            "terms": term_links(terms),
            "authors": authors,
            "campaign": campaign_of(site, shelf, card),
        },
        source=entry.path,
    )


def neighbours(order: Order, card: Card) -> Neighbours:
    """The next older and newer article of the same section."""
    here = order.places.get(card.path)
    if here is None:
        return Neighbours()
    cards = order.sections[card.section]
    return Neighbours(
        older=cards[here + 1] if here + 1 < len(cards) else None,
        newer=cards[here - 1] if here else None,
    )


def related(order: Order, card: Card) -> tuple[Card, ...]:
    """Articles that share most terms with this one, rarer terms counting more; newer ones first on a tie."""
    weights: dict[str, float] = {}
    found: dict[str, Card] = {}
    for term in order.terms.get(card.path, ()):
        weight = 1.0 / len(term.cards)
        for other in term.cards:
            if other.path != card.path:
                found[other.path] = other
                weights[other.path] = weights.get(other.path, 0.0) + weight
    best = nsmallest(RELATED, found, key=lambda path: (-weights[path], order.numbers[path]))
    return tuple(found[path] for path in best)


def series_place(shelf: Shelf, card: Card) -> SeriesPlace | None:
    """Where an article stands in its series."""
    if card.series is None:
        return None
    for series in shelf.series:
        if card in series.cards:
            return SeriesPlace(series.name, series.url, series.cards, series.cards.index(card))
    return None


def campaign_of(site: Site, shelf: Shelf, card: Card) -> Card | None:
    """The campaign an article belongs to."""
    wanted = f"{language_root(shelf.language, site.config)}campaigns/{card.campaign}/"
    return next((each for each in shelf.campaigns if card.campaign and each.url == wanted), None)
