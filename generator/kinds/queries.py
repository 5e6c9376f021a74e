"""What a query of a theme or a site finds: listed articles of a language, as cards."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from generator.hooks import Site
from generator.model.document import Card, Moment
from generator.model.library import Shelf
from generator.model.query import Query
from generator.source.expression import holds, read_condition
from generator.source.queries import rules_of, sort_keys
from generator.text.sorting import sort_key

FIELDS: Mapping[str, Callable[[Card], Any]] = {
    "kind": lambda card: card.kind,
    "section": lambda card: card.section,
    "language": lambda card: card.language,
    "title": lambda card: card.title,
    "summary": lambda card: card.summary,
    "path": lambda card: card.path,
    "date": lambda card: _day(card.date),
    "updated": lambda card: _day(card.updated),
    "authors": lambda card: card.authors,
    "series.name": lambda card: card.series.name if card.series else "",
    "series.part": lambda card: card.series.part if card.series else 0,
    "campaign": lambda card: card.campaign,
    "pinned": lambda card: card.pinned,
    "order": lambda card: card.order,
    "minutes": lambda card: card.minutes,
    "image": lambda card: card.image is not None,
    "repost": lambda card: card.repost,
    "actions.kind": lambda card: tuple(action.kind for action in card.actions),
    "actions.state": lambda card: tuple(action.state for action in card.actions),
    "content_note.level": lambda card: card.content_note.level if card.content_note else "",
    "content_note.topics": lambda card: card.content_note.topics if card.content_note else (),
}


def answer(site: Site, language: str, query: Query) -> tuple[Card, ...]:
    """The cards that a query finds among the articles listed in a language. It was checked with the settings."""
    shelf = site.library.shelves.get(language, Shelf(language))
    rules = rules_of(site.config.taxonomies)
    fields = {**FIELDS, **{name: _terms(shelf, name) for name in site.config.taxonomies if name in query.where}}
    cards = list(shelf.articles)
    if query.where:
        condition = read_condition(query.where, rules)
        cards = [card for card in cards if holds(condition, partial(_read, fields, card))]
    for name, falls in reversed(sort_keys(query.sort, rules)):
        cards = _sorted(cards, fields[name], language, falls=falls)
    return tuple(cards[: query.limit])


def _read(fields: Mapping[str, Callable[[Card], Any]], card: Card, name: str) -> Any:
    return fields[name](card)


def _terms(shelf: Shelf, taxonomy: str) -> Callable[[Card], tuple[str, ...]]:
    """What gives the terms of a card, each by its label, as the article writes it, and by its piece of the address."""
    names: dict[str, list[str]] = {}
    for term in shelf.terms.get(taxonomy, ()):
        for card in term.cards:
            names.setdefault(card.path, []).extend((term.label, term.slug))
    return lambda card: (*card.taxonomies.get(taxonomy, ()), *names.get(card.path, ()))


def _sorted(cards: Iterable[Card], read: Callable[[Card], Any], language: str, *, falls: bool) -> list[Card]:
    """The cards by a field, those without a value last; equal ones stay in their order."""

    def key(card: Card) -> Any:
        value = read(card)
        return sort_key(value, language) if isinstance(value, str) else value

    in_order = sorted(cards, key=key, reverse=falls)
    return sorted(in_order, key=lambda card: read(card) == "")


def _day(moment: Moment | None) -> str:
    return moment.day.isoformat() if moment else ""
