"""The page of an article."""

from collections.abc import Iterable, Mapping

from generator.hooks import Site, hookimpl
from generator.kinds.frame import (
    alternates,
    author_views,
    modified,
    page,
    path_of,
    prefix,
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
from generator.text.addresses import absolute

RELATED = 3


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    targets, _ = load_targets(site.library.data.get("share_targets"))
    for document in site.library.documents.values():
        if document.entry.type == "article":
            yield _article(site, document, targets)


def _article(site: Site, document: Document, targets: Mapping[str, ShareTarget]) -> Output:
    entry = document.entry
    card = entry.card
    config = site.config
    shelf = site.library.shelves[card.language]
    address = absolute(config.site.base_url, card.url)
    image = social_image(site, card)
    authors = author_views(site, card.authors, card.language)
    terms = terms_of(shelf, card)
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
            "page": page(
                site,
                "article",
                card.title,
                card.url,
                card.language,
                description=card.summary,
                robots=robots(document),
                feeds=tuple(FeedLink(term.label, f"{term.url}feed.xml", "application/atom+xml") for term in terms[:3]),
                alternates=alternates(site, card),
                image=image,
                created_by=next((author.fediverse for author in authors if author.fediverse), ""),
                published=stamp(card.date, config),
                modified=modified(card, config),
                structured_data=structured_article(card, entry.matter, config, authors, image),
                draft=is_preview(document),
            ),
            "article": card,
            "matter": entry.matter,
            "body": whole_body(site, document),
            "contents": Contents(() if retracted else document.headings),
            "neighbours": neighbours(shelf, card),
            "related": related(shelf, card),
            "series": series_place(shelf, card),
            "share": None if retracted else row,
            "reply": reply,
            "terms": term_links(terms),
            "authors": authors,
            "campaign": campaign_of(site, shelf, card),
        },
        source=entry.path,
    )


def robots(document: Document) -> str:
    """What search engines are told: a full repost is left to its original (Google, canonicalisation advice)."""
    card = document.entry.card
    if card.repost:
        return "noindex,follow"
    if card.status != "published":
        return "noindex"
    return document.entry.matter.robots


def is_preview(document: Document) -> bool:
    """Whether only a preview shows this document."""
    return document.entry.card.status == "draft"


def terms_of(shelf: Shelf, card: Card) -> tuple[Term, ...]:
    """The terms an article carries, tags first."""
    names = sorted(shelf.terms, key=lambda name: (name != "tags", name))
    return tuple(term for name in names for term in shelf.terms[name] if card in term.cards)


def neighbours(shelf: Shelf, card: Card) -> Neighbours:
    """The next older and newer article of the same section."""
    cards = [each for each in shelf.articles if each.section == card.section]
    if card not in cards:
        return Neighbours()
    here = cards.index(card)
    return Neighbours(
        older=cards[here + 1] if here + 1 < len(cards) else None,
        newer=cards[here - 1] if here else None,
    )


def related(shelf: Shelf, card: Card) -> tuple[Card, ...]:
    """Articles that share most terms with this one, rarer terms counting more; newer ones first on a tie."""
    weights: dict[str, float] = {}
    found: dict[str, Card] = {}
    for term in terms_of(shelf, card):
        for other in term.cards:
            if other.path != card.path:
                found[other.path] = other
                weights[other.path] = weights.get(other.path, 0.0) + 1.0 / len(term.cards)
    order = {each.path: number for number, each in enumerate(shelf.articles)}
    ranked = sorted(found, key=lambda path: (-weights[path], order.get(path, 0)))
    return tuple(found[path] for path in ranked[:RELATED])


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
    wanted = f"{prefix(shelf.language, site.config)}campaigns/{card.campaign}/"
    return next((each for each in shelf.campaigns if card.campaign and each.url == wanted), None)
