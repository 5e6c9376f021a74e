"""The page of an article."""

from collections.abc import Iterable, Mapping
from functools import partial
from itertools import combinations
from typing import Any

from msgspec import Struct, structs

from generator.config import ShareSettings
from generator.hooks import Site, hookimpl
from generator.kinds.campaign import campaign_end
from generator.kinds.frame import (
    ATOM,
    Frame,
    authors_of,
    body_of,
    contents_of,
    document_page,
    frame_of,
    listed,
    modified,
    path_of,
    shared,
    stamp,
    text_of,
)
from generator.kinds.kit import kit_url
from generator.kinds.share_images import Studio, article_image, studio_of
from generator.kinds.text_edition import text_edition
from generator.model.document import Card, Entry, Share
from generator.model.job import Output, Shared, View
from generator.model.library import SeriesList, Shelf, Term
from generator.model.page import FeedLink, Neighbours, SeriesPlace, ShareRow, TermLink
from generator.share.links import share_row
from generator.share.reply import reply_link
from generator.share.structured import QUOTING
from generator.share.targets import ShareTarget, load_targets
from generator.text.addresses import absolute, language_root

FEEDS = 3
RELATED = 3
# Of articles with more terms each single one is compared: the ways to choose some of them grow too many.
_MANY_TERMS = 8


@hookimpl
def clarion_views() -> Mapping[str, Any]:
    return {"share": _share, "reply": reply_link, "neighbours": Neighbours, "series_place": SeriesPlace}


class Order(Struct, frozen=True):
    """Where each article of a language stands, by its path: its number in the shelf, its terms, its section's order.

    `newest` holds by a set of terms (their addresses, sorted) the newest articles that carry all of them: one more
    than are ever shown beside one of them. `marks` are the addresses of an article's terms. `near` remembers, by a set
    of terms, the articles nearest to all that carry just these.
    """

    shelf: Shelf
    numbers: dict[str, int]
    terms: dict[str, tuple[Term, ...]]
    marks: dict[str, tuple[str, ...]]
    sections: dict[str, tuple[Card, ...]]
    places: dict[str, int]
    newest: dict[tuple[str, ...], list[Card]]
    series: dict[str, tuple[SeriesList, int]]
    campaigns: dict[str, Card]
    near: dict[tuple[str, ...], list[Card]]


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    targets, _ = load_targets(site.library.data.get("share_targets"))
    # What is drawn for an article is in its own values: of those that share links read it is no part.
    sharing = shared((structs.replace(site.config.share, kit="", images="", fonts=()), targets))
    orders = {language: order_of(shelf) for language, shelf in site.library.shelves.items()}
    frames = {language: frame_of(site, language) for language in orders}
    studios = {language: studio_of(site, language) for language in orders}
    for entry in site.library.entries.values():
        if entry.type != "article":
            continue
        language = entry.card.language
        yield _article(site, frames[language], orders[language], sharing, studios[language], entry)


def _article(site: Site, frame: Frame, order: Order, sharing: Shared, studio: Studio, entry: Entry) -> Output:
    card = entry.card
    return Output(
        path=path_of(card.url),
        kind="article",
        language=card.language,
        template=entry.matter.template or "article.html",
        inputs=partial(_inputs, site, frame, order, sharing, studio, entry),
        source=entry.path,
        texts=(entry.path,),
        directives=entry.directives,
        listed=listed(site, entry, modified(card, frame.precision)),
    )


def _inputs(site: Site, frame: Frame, order: Order, sharing: Shared, studio: Studio, entry: Entry) -> dict[str, Any]:
    card = entry.card
    image = article_image(site, studio, entry)
    authors = authors_of(frame, card)
    campaign = None
    if card.campaign:
        campaign = order.campaigns.get(f"{language_root(card.language, site.config)}campaigns/{card.campaign}/")
    terms = order.terms.get(card.path, ())
    told: tuple[Any, ...] = (card, entry.matter, frame.settings, authors, image)
    if not QUOTING.isdisjoint(entry.directives):
        told = (*told, (), text_of(site, entry))
    share = None
    if card.status != "retracted":
        told_image, kit = image.url if image else "", kit_url(site, entry)
        share = View("share", (card, entry.matter.share, frame.base_url, sharing, told_image, kit))
    reply: View | str = ""
    contact = site.config.site.contact
    if "@" in contact and (entry.matter.replies or site.config.replies) == "email":
        reply = View("reply", (contact, card.title, card.language))
    return {
        "page": document_page(
            site,
            frame,
            entry,
            "article",
            feeds=tuple(
                FeedLink(term.label, f"{term.url}feed.xml", ATOM)
                for term in terms[:FEEDS]
                if site.config.taxonomies[term.taxonomy].feed
            ),
            image=image,
            created_by=next((author.fediverse for author in authors if author.fediverse), ""),
            published=stamp(card.date, frame.precision),
            modified=modified(card, frame.precision),
            structured_data=View("structured_article", told),
        ),
        "article": card,
        "matter": entry.matter,
        "body": body_of(site, entry),
        "contents": contents_of(site, entry),
        "neighbours": View("neighbours", neighbours(order, card)),
        "related": related(order, card),
        "series": series_place(order, card),
        "share": share,
        "reply": reply,
        "terms": tuple(TermLink(term.label, term.url) for term in terms),
        "authors": authors,
        "text_edition": text_edition(site, card),
        "campaign": campaign,
        "campaign_end": campaign_end(site.library.entries[campaign.path].matter.campaign) if campaign else None,
    }


def _share(
    card: Card,
    share: Share,
    base_url: str,
    sharing: tuple[ShareSettings, dict[str, ShareTarget]],
    image: str,
    kit: str,
) -> ShareRow:
    settings, targets = sharing
    address = absolute(base_url, card.url)
    row, _ = share_row(card, share, address=address, settings=settings, targets=targets, image=image)
    return structs.replace(row, kit=kit) if kit else row


def order_of(shelf: Shelf) -> Order:
    """The order of a shelf, worked out once for all its articles."""
    terms: dict[str, list[Term]] = {}
    for name in sorted(shelf.terms, key=lambda name: (name != "tags", name)):
        for term in shelf.terms[name]:
            for card in term.cards:
                terms.setdefault(card.path, []).append(term)
    sections: dict[str, list[Card]] = {}
    places: dict[str, int] = {}
    newest: dict[tuple[str, ...], list[Card]] = {}
    marks: dict[str, tuple[str, ...]] = {}
    alike: dict[tuple[str, ...], tuple[str, ...]] = {}
    for card in shelf.articles:
        cards = sections.setdefault(card.section, [])
        places[card.path] = len(cards)
        cards.append(card)
        urls = tuple(term.url for term in terms.get(card.path, ()))
        marks[card.path] = alike.setdefault(urls, urls)
        for chosen in _choices(urls):
            first = newest.setdefault(chosen, [])
            if len(first) <= RELATED:
                first.append(card)
    return Order(
        shelf,
        {card.path: number for number, card in enumerate(shelf.articles)},
        {path: tuple(found) for path, found in terms.items()},
        marks,
        {name: tuple(cards) for name, cards in sections.items()},
        places,
        newest,
        {card.path: (series, index) for series in shelf.series for index, card in enumerate(series.cards)},
        {card.url: card for card in shelf.campaigns},
        {},
    )


def _choices(terms: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    """Every way to choose some of the terms, by their addresses."""
    urls = sorted(terms)
    if len(urls) > _MANY_TERMS:
        return ((url,) for url in urls)
    return (chosen for size in range(1, len(urls) + 1) for chosen in combinations(urls, size))


def neighbours(order: Order, card: Card) -> tuple[Card | None, Card | None]:
    """The next older and newer article of the same section."""
    here = order.places.get(card.path)
    if here is None:
        return (None, None)
    cards = order.sections[card.section]
    return (cards[here + 1] if here + 1 < len(cards) else None, cards[here - 1] if here else None)


def related(order: Order, card: Card) -> tuple[Card, ...]:
    """Articles that share most terms with this one, rarer terms counting more; newer ones first on a tie.

    Whoever shares just the terms S with it and is among the best is among the newest that carry all of S: the others
    of those share S at least, so they count no less. So a few cards are weighed, however large the site.
    """
    marks = order.marks.get(card.path, ())
    if not marks:
        return ()
    nearest = order.near.get(marks)
    if nearest is None:
        nearest = order.near[marks] = _nearest(order, order.terms[card.path], marks)
    return tuple([other for other in nearest if other.path != card.path][:RELATED])


def _nearest(order: Order, terms: tuple[Term, ...], marks: tuple[str, ...]) -> list[Card]:
    """The articles nearest to those with just these terms: one more than are ever shown beside one of them."""
    if len(terms) > _MANY_TERMS:
        found = {other.path: other for term in terms for other in term.cards}
    else:
        found = {other.path: other for chosen in _choices(marks) for other in order.newest.get(chosen, ())}
    weights = [(term.url, 1.0 / len(term.cards)) for term in terms]

    def rank(path: str) -> tuple[float, int]:
        theirs = order.marks[path]
        return (-sum([weight for url, weight in weights if url in theirs]), order.numbers[path])

    return [found[path] for path in sorted(found, key=rank)[: RELATED + 1]]


def series_place(order: Order, card: Card) -> View | None:
    """Where an article stands in its series, as a view that gives a `SeriesPlace`."""
    found = order.series.get(card.path)
    if found is None:
        return None
    series, index = found
    return View("series_place", (series.name, series.url, series.cards, index))
