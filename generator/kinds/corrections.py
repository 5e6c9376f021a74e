"""`/corrections/`: all that was wrong on the site, and all that was withdrawn, with its feed."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from generator.hooks import Site, hookimpl
from generator.kinds.frame import (
    ATOM,
    Above,
    Frame,
    authors_of,
    frame_of,
    list_page,
    page,
    shelves,
    structured_cards,
    text,
    text_above,
    words,
)
from generator.model.body import Body
from generator.model.document import MOVES, Card, Moment
from generator.model.job import Output, View
from generator.model.page import Corrected, FeedLink
from generator.text.addresses import language_root

TEXT = "pages/corrections"


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    for shelf in shelves(site):
        language = shelf.language
        above = text_above(site, language, TEXT)
        changes = corrections(site, language)
        if not changes and not above.source:
            continue
        frame = frame_of(site, language)
        root = corrections_url(site, language)
        title = above.title or text(site, "corrections", language)
        yield list_page("corrections", language, root, above, partial(_inputs, frame, root, title, above, changes))
        yield Output(
            path=f"{root.lstrip('/')}feed.xml",
            kind="feed",
            language=language,
            template="atom.xml",
            inputs=partial(_feed, site, frame, root, title, changes[: site.config.feeds.limit]),
        )


def corrections_url(site: Site, language: str) -> str:
    """Where the corrections of a language stand, if there are any."""
    return f"{language_root(language, site.config)}corrections/"


def corrections(site: Site, language: str) -> tuple[Corrected, ...]:
    """The corrections and retractions in a language, newest first; none of what only those see who know its address."""
    found = []
    for entry in site.library.entries.values():
        card = entry.card
        if not card.history or card.language != language or card.status == "unlisted":
            continue
        given: dict[str, int] = {}
        for change in card.history:
            if change.type not in MOVES:
                continue
            name = f"{change.type}-{change.date.isoformat()}"
            given[name] = given.get(name, 0) + 1
            number = f"-{given[name]}" if given[name] > 1 else ""
            found.append(Corrected(change, card, f"{card.id}#{name}{number}"))
    return tuple(sorted(found, key=lambda each: (each.change.date, each.card.path), reverse=True))


def _inputs(frame: Frame, root: str, title: str, above: Above, changes: tuple[Corrected, ...]) -> dict[str, Any]:
    feed = f"{root}feed.xml"
    cards = {each.card.path: each.card for each in changes}
    return {
        "page": page(
            frame,
            "corrections",
            title,
            root,
            description=above.summary,
            feeds=(FeedLink(title, feed, ATOM),),
            structured_data=structured_cards(frame, title, root, tuple(cards.values())),
        ),
        "changes": changes,
        "text": above.body,
        "feed": feed,
    }


def _feed(site: Site, frame: Frame, root: str, title: str, changes: tuple[Corrected, ...]) -> dict[str, Any]:
    heading = f"{words(site, frame.language)['title']}: {title}"
    entries = tuple(_entry(site, frame, each) for each in changes)
    return {"feed": View("feed", (heading, frame.base_url, root, "feed.xml", frame.language, "", entries))}


def _entry(site: Site, frame: Frame, each: Corrected) -> View:
    """A change as an entry of its own: the feed's templates show it as that of an article without a text."""
    card, change = each.card, each.change
    withdrawn = change.type == "retraction"
    told = Card(
        path=card.path,
        url=card.url,
        id=each.id,
        title=card.title if withdrawn else text(site, "corrected_title", card.language).replace("{title}", card.title),
        language=card.language,
        status="retracted" if withdrawn else "published",
        date=Moment(change.date),
        history=(change,),
    )
    return View("feed_entry", (told, frame.base_url, frame.precision, Body(), authors_of(frame, card), ()))
