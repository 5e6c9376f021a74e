"""Feeds (Atom, RSS, JSON Feed) and the page that explains them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from generator.hooks import Site, hookimpl
from generator.kinds.frame import (
    Frame,
    author_views,
    authors_of,
    frame_of,
    modified,
    page,
    path_of,
    shelves,
    site_feeds,
    stamp,
    text,
    text_of,
    words,
)
from generator.kinds.sections import has_list, section_title, section_url
from generator.model.body import Body
from generator.model.document import MOVES, Card, Moment, Source, Text
from generator.model.job import Listed, Output, View
from generator.model.page import AuthorView, Feed, FeedEntry
from generator.text.addresses import absolute, language_root
from generator.text.dates import last_told, rfc3339

_NEVER = "1970-01-01T00:00:00Z"
Order = Callable[[tuple[Card, ...], Sequence[Card]], tuple[Card, ...]]
_FORMATS = (("feed.xml", "atom.xml"), ("rss.xml", "rss.xml"), ("feed.json", "feed.json"))


@hookimpl
def clarion_views() -> Mapping[str, Any]:
    return {"feed": _feed, "feed_entry": _entry}


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    for shelf in shelves(site):
        frame = frame_of(site, shelf.language)
        language = shelf.language
        root = language_root(language, site.config)
        said = words(site, language)
        gone = _retracted(site, language)
        told = gone or any(change.type in MOVES for card in shelf.articles for change in card.history)
        order: Order = partial(_as_told, frame.precision) if told else _as_they_are
        cards = order(shelf.articles, gone)
        for name, template in _FORMATS:
            yield _output(site, frame, said["title"], root, name, template, cards, said["tagline"])
        for name, listed in shelf.sections.items():
            section = site.library.sections.get(name)
            if listed and has_list(site, name) and (section is None or section.feed):
                title = f"{said['title']}: {section_title(site, name, language)}"
                cards = order(listed, [card for card in gone if card.section == name])
                yield _output(site, frame, title, section_url(site, name, language), "feed.xml", "atom.xml", cards)
        for taxonomy, terms in shelf.terms.items():
            if not site.config.taxonomies[taxonomy].feed:
                continue
            for term in terms:
                title = f"{said['title']}: {term.label}"
                cards = order(term.cards, site.library.withdrawn.get(term.url, ()))
                yield _output(site, frame, title, term.url, "feed.xml", "atom.xml", cards)
        for author, found in shelf.authors.items():
            (view,) = author_views(site, (author,), language)
            cards = order(found, [card for card in gone if author in card.authors])
            yield _output(site, frame, f"{said['title']}: {view.name}", view.url, "feed.xml", "atom.xml", cards)
        yield _explained(site, frame)


def _retracted(site: Site, language: str) -> tuple[Card, ...]:
    """What is left of the retracted articles of a language: readers' copies must learn of it."""
    return tuple(
        entry.card
        for entry in site.library.entries.values()
        if entry.card.status == "retracted" and entry.type == "article" and entry.card.language == language
    )


def _as_they_are(cards: tuple[Card, ...], _: Sequence[Card]) -> tuple[Card, ...]:
    return cards


def _as_told(precision: str, cards: tuple[Card, ...], retracted: Sequence[Card]) -> tuple[Card, ...]:
    """Articles with retracted ones, newest first. What was corrected or withdrawn counts from that day on.

    So an old article is in the feed once more, and replaces the copies that feed readers keep under its id.
    """
    return tuple(sorted((*cards, *retracted), key=lambda card: last_told(card, precision), reverse=True))


def _output(
    site: Site,
    frame: Frame,
    title: str,
    home: str,
    name: str,
    template: str,
    cards: tuple[Card, ...],
    subtitle: str = "",
) -> Output:
    shown = cards[: site.config.feeds.limit]
    full = site.config.feeds.content == "full"
    entries = [site.library.entries[card.path] for card in shown]
    return Output(
        path=f"{home.lstrip('/')}{name}",
        kind="feed",
        language=frame.language,
        template=template,
        inputs=partial(_inputs, site, frame, title, home, name, subtitle, shown),
        texts=tuple(card.path for card in shown if full and card.status != "retracted"),
        directives=tuple({name: None for entry in entries for name in entry.directives}) if full else (),
    )


def _inputs(
    site: Site, frame: Frame, title: str, home: str, name: str, subtitle: str, cards: tuple[Card, ...]
) -> dict[str, Any]:
    full = site.config.feeds.content == "full"
    entries = []
    for card in cards:
        entry = site.library.entries[card.path]
        retracted = card.status == "retracted"
        entries.append(
            View(
                "feed_entry",
                (
                    card,
                    frame.base_url,
                    frame.precision,
                    text_of(site, entry) if full else Body() if card.content_note else card.lead,
                    authors_of(frame, card),
                    () if retracted else entry.matter.sources,
                ),
            )
        )
    return {"feed": View("feed", (title, frame.base_url, home, name, frame.language, subtitle, tuple(entries)))}


def _feed(
    title: str, base_url: str, home: str, name: str, language: str, subtitle: str, entries: tuple[FeedEntry, ...]
) -> Feed:
    return Feed(
        id=absolute(base_url, home + name),
        title=title,
        url=absolute(base_url, home + name),
        home=absolute(base_url, home),
        language=language,
        updated=max((entry.updated for entry in entries), default=_NEVER) or _NEVER,
        entries=entries,
        subtitle=subtitle,
    )


def _entry(
    card: Card,
    base_url: str,
    precision: str,
    text: Text | Body | None,
    authors: tuple[AuthorView, ...],
    sources: tuple[Source, ...],
) -> FeedEntry:
    body = text.body if isinstance(text, Text) else text
    return FeedEntry(
        card=card,
        url=absolute(base_url, card.url),
        published=stamp(card.date, precision) or _NEVER,
        updated=_last_moved(card, precision) or _NEVER,
        body=body or Body(),
        authors=authors,
        sources=sources,
        terms=tuple(label for labels in card.taxonomies.values() for label in labels),
        full=isinstance(text, Text),
    )


def _last_moved(card: Card, precision: str) -> str:
    """When readers should look at an entry again: at its last change, or when an action of it closed by itself."""
    closed = (
        rfc3339(Moment(date.min, action.until), "minute")
        for action in card.actions
        if action.until is not None and action.state == "closed" and action.status != "closed"
    )
    return max((modified(card, precision), *closed))


def _explained(site: Site, frame: Frame) -> Output:
    language = frame.language
    url = f"{language_root(language, site.config)}feeds/"
    return Output(
        path=path_of(url),
        kind="feeds",
        language=language,
        template="feeds.html",
        inputs={
            "page": page(frame, "feeds", text(site, "feeds", language), url),
            "feeds": site_feeds(site, language),
        },
        listed=Listed(url),
    )
