"""The actions of a language in the order of their urgency, for the page of all actions and for any template."""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from generator.hooks import Fact, Site, hookimpl
from generator.kinds.frame import ATOM, text, text_above, words
from generator.model.document import Card, Moment
from generator.model.library import Shelf
from generator.model.page import FeedLink, OpenAction
from generator.text.addresses import language_root
from generator.text.dates import last_changed, rfc3339

AHEAD = ("upcoming", "open", "paused")
"""States of what may still be taken."""
NEVER = 1 << 62
_DAY = 86_400
_EPOCH = date(1970, 1, 1)


class Acts(Struct, frozen=True):
    """Actions by what can be done about them: `opened` in the order of urgency, `upcoming` the next to open first,
    `paused` as their articles and pages, `ended` the last to end first."""

    opened: tuple[OpenAction, ...] = ()
    upcoming: tuple[OpenAction, ...] = ()
    paused: tuple[OpenAction, ...] = ()
    ended: tuple[OpenAction, ...] = ()

    @property
    def every(self) -> tuple[OpenAction, ...]:
        """All of them, one group behind the other."""
        return (*self.opened, *self.upcoming, *self.paused, *self.ended)


@hookimpl
def clarion_facts() -> Mapping[str, Fact]:
    return {
        "site.actions": lambda site, language: open_actions(asking(site.library.shelves[language])),
        "site.has_actions": lambda site, language: has_actions(site.library.shelves[language]),
    }


def asking(shelf: Shelf) -> tuple[Card, ...]:
    """What asks its readers for something, or once did: articles, newest first, and behind them pages."""
    return tuple(card for card in (*shelf.articles, *shelf.pages) if card.actions)


def has_actions(shelf: Shelf) -> bool:
    """Whether some article or page of a language asks for something, or once did."""
    return any(card.actions for card in (*shelf.articles, *shelf.pages))


def act_url(site: Site, language: str) -> str:
    """The page of all actions in a language, from the root."""
    return f"{language_root(language, site.config)}act/"


def act_title(site: Site, language: str) -> str:
    """What the page of all actions is called: by the text above it, or the catalogue."""
    return text_above(site, language, "pages/act").title or text(site, "act_title", language)


def act_feed(site: Site, shelf: Shelf) -> FeedLink | None:
    """The feed of all actions of a language; None where there is none."""
    if not has_actions(shelf):
        return None
    title = f"{words(site, shelf.language)['title']}: {act_title(site, shelf.language)}"
    return FeedLink(title, f"{act_url(site, shelf.language)}feed.xml", ATOM)


def place_of(asked: OpenAction) -> str:
    """Where an action stands: its place in its article or page, from the root."""
    return f"{asked.card.url}#act-{asked.action.id}"


def open_actions(cards: Iterable[Card]) -> tuple[OpenAction, ...]:
    """What can be done now, most urgent first: what closes soonest, then what has no deadline in the order of cards."""
    return tuple(sorted(_of_state(cards, ("open",)), key=lambda each: _or_never(each.action.until)))


def acts_of(shelf: Shelf) -> Acts:
    """The actions of a language."""
    cards = asking(shelf)
    return Acts(
        opened=open_actions(cards),
        upcoming=tuple(sorted(_of_state(cards, ("upcoming",)), key=_opening)),
        paused=tuple(_of_state(cards, ("paused",))),
        ended=tuple(sorted(_of_state(cards, ("closed", "delivered", "won", "lost")), key=_last_to_end)),
    )


def last_move(asked: OpenAction, precision: str) -> str:
    """When readers should look at an action again, as RFC 3339: when its text last changed, it opened or it closed.

    What time did is seen from its state; what the author did is told by `updated` and `history` of the text. '' for
    one of a page without a date, of which nothing more is known.
    """
    action = asked.action
    moves = [last_changed(asked.card, precision)]
    if action.status == "open" and action.state != "upcoming" and action.opens is not None:
        moves.append(rfc3339(action.opens, "minute"))
    if action.status != "closed" and action.state == "closed" and action.until is not None:
        moves.append(rfc3339(Moment(_EPOCH, action.until), "minute"))
    return max(moves)


def _of_state(cards: Iterable[Card], states: tuple[str, ...]) -> list[OpenAction]:
    return [OpenAction(action, card) for card in cards for action in card.actions if action.state in states]


def _or_never(instant: int | None) -> int:
    return NEVER if instant is None else instant


def _opening(asked: OpenAction) -> int:
    return _or_never(asked.action.opens.instant if asked.action.opens else None)


def _last_to_end(asked: OpenAction) -> int:
    """The end of an action as far as it is known, else the day of its article; the last comes first."""
    if asked.action.until is not None:
        return -asked.action.until
    return -(asked.card.date.day - _EPOCH).days * _DAY if asked.card.date else 0
