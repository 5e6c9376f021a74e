"""The page of all actions of a language (`/act/`), its feed, and the same for programs."""

import json
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from msgspec import structs

from generator.hooks import Producer, Site, hookimpl
from generator.kinds.actions import Acts, act_feed, act_title, act_url, acts_of, last_move, place_of
from generator.kinds.calendar import calendar_url
from generator.kinds.feeds import NEVER
from generator.kinds.frame import (
    Above,
    Frame,
    authors_of,
    frame_of,
    list_page,
    page,
    shelves,
    stamp,
    structured_cards,
    text_above,
)
from generator.model.body import Body
from generator.model.document import Action, Card, Moment
from generator.model.job import Output, View
from generator.model.page import AuthorView, FeedEntry, FeedLink, OpenAction
from generator.text.addresses import absolute
from generator.text.dates import iso, last_changed

MOST_ENDED = 100
"""Actions that are over and stand on the page; `actions.json` has all of them."""


@hookimpl
def clarion_views() -> Mapping[str, Any]:
    return {"act_entry": _entry}


@hookimpl
def clarion_producers() -> Mapping[str, Producer]:
    return {"actions": _actions}


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    for shelf in shelves(site):
        feed = act_feed(site, shelf)
        if feed is None:
            continue
        language = shelf.language
        frame = frame_of(site, language)
        root = act_url(site, language)
        above = text_above(site, language, "pages/act")
        acts = acts_of(shelf)
        title, calendar = act_title(site, language), calendar_url(site, shelf)
        yield list_page("act", language, root, above, partial(_inputs, frame, title, root, above, acts, feed, calendar))
        yield Output(
            path=feed.url.lstrip("/"),
            kind="feed",
            language=language,
            template="atom.xml",
            inputs=partial(_feed, site, frame, feed, root, acts),
        )
        yield Output(
            path=f"{root.lstrip('/')}actions.json",
            kind="actions",
            language=language,
            producer="actions",
            inputs=partial(_for_programs, frame, feed, root, acts),
        )


def _inputs(
    frame: Frame, title: str, root: str, above: Above, acts: Acts, feed: FeedLink, calendar: str
) -> dict[str, Any]:
    cards = {asked.card.path: asked.card for asked in acts.opened}
    return {
        "page": page(
            frame,
            "act",
            title,
            root,
            description=above.summary,
            feeds=(feed,),
            structured_data=structured_cards(frame, title, root, tuple(cards.values())),
        ),
        "text": above.body,
        "opened": acts.opened,
        "upcoming": acts.upcoming,
        "paused": acts.paused,
        "ended": acts.ended[:MOST_ENDED],
        "older": max(len(acts.ended) - MOST_ENDED, 0),
        "feed": feed.url,
        "calendar": calendar,
    }


def _feed(site: Site, frame: Frame, feed: FeedLink, root: str, acts: Acts) -> dict[str, Any]:
    """Actions in the order of their last move: what opened or closed comes to those who follow, too.

    So does what was withdrawn with its article.
    """
    base_url, precision = frame.base_url, frame.precision
    moved = [
        (last_move(asked, precision), View("act_entry", (asked, base_url, precision, authors_of(frame, asked.card))))
        for asked in acts.every
    ]
    for card in site.library.withdrawn.get(root, ()):
        gone = View("feed_entry", (card, base_url, precision, None, authors_of(frame, card), ()))
        moved.append((last_changed(card, precision), gone))
    moved.sort(key=lambda pair: pair[0], reverse=True)
    entries = tuple(view for _, view in moved[: site.config.feeds.limit])
    return {"feed": View("feed", (feed.title, base_url, root, "feed.xml", frame.language, "", entries))}


def _entry(asked: OpenAction, base_url: str, precision: str, authors: tuple[AuthorView, ...]) -> FeedEntry:
    """An action as a feed has articles: with its article's content note, and nothing else that the article says."""
    action, card = asked.action, asked.card
    alone = structs.replace(
        card,
        id=f"{card.id}#act-{action.id}",
        title=action.title or card.title,
        kind="article",
        summary="",
        lead=Body(),
        image=None,
        history=(),
        repost=False,
    )
    return FeedEntry(
        card=alone,
        url=absolute(base_url, place_of(asked)),
        published=stamp(card.date, precision) or NEVER,
        updated=last_move(asked, precision) or NEVER,
        body=Body(),
        authors=authors,
        terms=tuple(label for labels in card.taxonomies.values() for label in labels),
        only=action.id,
    )


def _for_programs(frame: Frame, feed: FeedLink, root: str, acts: Acts) -> dict[str, Any]:
    return {
        "title": feed.title,
        "url": root,
        "language": frame.language,
        "base_url": frame.base_url,
        "precision": frame.precision,
        "actions": acts.every,
    }


def _actions(inputs: Mapping[str, Any]) -> bytes:
    """All actions as JSON; the keys are those of the front matter, what is empty is left out."""
    base_url: str = inputs["base_url"]
    home: str = inputs["url"]
    told = {
        "title": inputs["title"],
        "url": absolute(base_url, home),
        "feed": absolute(base_url, f"{home}feed.xml"),
        "language": inputs["language"],
        "actions": [_told(asked, base_url, inputs["precision"]) for asked in inputs["actions"]],
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _told(asked: OpenAction, base_url: str, precision: str) -> dict[str, Any]:
    action, card = asked.action, asked.card
    found = {
        "id": action.id,
        "kind": action.kind,
        "state": action.state,
        "status": action.status,
        "title": action.title,
        "summary": action.summary,
        "page": absolute(base_url, place_of(asked)),
        "updated": last_move(asked, precision),
        "url": action.url,
        "platform": action.platform,
        "organiser": _filled({"name": action.organiser.name, "url": action.organiser.url}) if action.organiser else {},
        "relation": action.relation,
        "recipients": _recipients(action),
        "opens": _time(action.opens),
        "closes": _time(action.closes),
        "outcome": action.outcome if action.state != "open" else "",
        "goal": _goal(action),
        "asks_for": action.asks_for,
        "public_signature": action.public_signature,
        "safety_note": action.safety_note,
        "effort": action.effort,
        "languages": action.languages,
        "alternatives": [_alternative(each, card, base_url) for each in action.alternatives],
        "subject": action.subject,
        "letter": action.letter,
        "script": action.script,
        "location": action.location,
        "starts": _time(action.starts),
        "ends": _time(action.ends),
        "calendar": absolute(base_url, action.calendar) if action.calendar else "",
        "article": _article(card, base_url, precision),
    }
    return _filled(found)


def _article(card: Card, base_url: str, precision: str) -> dict[str, Any]:
    note = card.content_note
    return _filled(
        {
            "id": card.id,
            "title": card.title,
            "url": absolute(base_url, card.url),
            "date": iso(card.date, precision) if card.date else "",
            "updated": last_changed(card, precision),
            "campaign": card.campaign,
            "content_note": {"topics": note.topics, "level": note.level} if note else {},
        }
    )


def _recipients(action: Action) -> list[dict[str, Any]]:
    """Whom it addresses; how to reach them only while it is open, as on the page."""
    reached = action.state == "open"
    return [
        _filled(
            {
                "name": each.name,
                "title": each.title,
                "organisation": each.organisation,
                "email": each.email if reached else "",
                "phone": each.phone if reached else "",
            }
        )
        for each in action.recipients
    ]


def _goal(action: Action) -> dict[str, Any]:
    goal = action.goal
    if goal is None:
        return {}
    as_of = goal.as_of.isoformat() if goal.as_of else ""
    return _filled(
        {
            "target": goal.target,
            "current": goal.current,
            "unit": goal.unit,
            "as_of": as_of,
            "source": goal.source,
        }
    )


def _alternative(place: str, card: Card, base_url: str) -> str:
    return absolute(base_url, f"{card.url}{place}") if place.startswith("#") else place


def _time(moment: Moment | None) -> str:
    """A day, or a time in UTC to the minute."""
    return iso(moment, "minute") if moment else ""


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """What is not empty; a zero is a number, and stays."""
    return {key: value for key, value in values.items() if value or value == 0}
