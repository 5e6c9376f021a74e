"""Deadlines and events for calendars: all of a language (`/act/calendar.ics`), and each event."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from generator.hooks import Producer, Site, hookimpl
from generator.kinds.actions import AHEAD, act_title, act_url, asking, place_of
from generator.kinds.feeds import NEVER
from generator.kinds.frame import shelves, words
from generator.model.document import Card
from generator.model.job import Output
from generator.model.library import Shelf
from generator.model.page import OpenAction
from generator.share.calendar import CalendarEntry, calendar, point, span
from generator.source.moments import end_second
from generator.text.addresses import absolute
from generator.text.catalogue import Catalogue, say
from generator.text.dates import last_changed, rfc3339
from generator.theme import catalogue

_CANCELLED = ("closed", "delivered", "won", "lost")


@hookimpl
def clarion_producers() -> Mapping[str, Producer]:
    return {"calendar": lambda inputs: calendar(inputs["title"], inputs["entries"])}


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    for shelf in shelves(site):
        language = shelf.language
        url = calendar_url(site, shelf)
        if url:
            yield _output(language, url, partial(_all, site, shelf))
        for asked in _every(shelf):
            if asked.action.calendar:
                yield _output(language, asked.action.calendar, partial(_one, site, asked), asked.card.path)


def calendar_url(site: Site, shelf: Shelf) -> str:
    """The calendar of a language from the root; '' where nothing has a day."""
    dated = any(map(_is_dated, _every(shelf)))
    return f"{act_url(site, shelf.language)}calendar.ics" if dated else ""


def _output(language: str, url: str, inputs: Any, source: str = "") -> Output:
    return Output(
        path=url.lstrip("/"), kind="calendar", language=language, producer="calendar", inputs=inputs, source=source
    )


def _every(shelf: Shelf) -> Iterator[OpenAction]:
    """All actions of a language, in the order of their articles and pages."""
    return (OpenAction(action, card) for card in asking(shelf) for action in card.actions)


def _is_dated(asked: OpenAction) -> bool:
    return asked.action.closes is not None or bool(asked.action.calendar)


def _all(site: Site, shelf: Shelf) -> dict[str, Any]:
    """What is ahead, in the order of time; when nothing is, what was last: a calendar is never without an entry
    (RFC 5545, section 3.6), nor does its address vanish because time goes by."""
    language = shelf.language
    dated = sorted(filter(_is_dated, _every(shelf)), key=lambda asked: asked.action.until or 0)
    ahead = [asked for asked in dated if asked.action.state in AHEAD or asked.action.coming]
    shown = ahead or dated[-1:]
    entries = tuple(entry for asked in shown for entry in _entries(site, asked))
    title = f"{words(site, language)['title']}: {act_title(site, language)}"
    # The cards say of which documents it is made, to those who explain it and to those who look for redacted words.
    return {
        "title": title,
        "entries": entries,
        "cards": tuple({asked.card.path: asked.card for asked in shown}.values()),
    }


def _one(site: Site, asked: OpenAction) -> dict[str, Any]:
    return {"title": "", "entries": tuple(_events(site, asked))}


def _entries(site: Site, asked: OpenAction) -> Iterable[CalendarEntry]:
    """The deadline of an action, and the event it may be."""
    if asked.action.closes is not None:
        yield _deadline(site, asked)
    yield from _events(site, asked)


def _deadline(site: Site, asked: OpenAction) -> CalendarEntry:
    action, card = asked.action, asked.card
    words_of = Catalogue(card.language, catalogue(site.theme, card.language))
    title = say(words_of, "calendar_deadline", title=action.title or card.title)
    cancelled = action.status in _CANCELLED
    status = "CANCELLED" if cancelled else "TENTATIVE" if action.status == "paused" else "CONFIRMED"
    begins = point(action.until or 0)
    return _entry(site, asked, "-closes", title, status, (begins, ""), busy=False)


def _events(site: Site, asked: OpenAction) -> Iterable[CalendarEntry]:
    action = asked.action
    if action.starts is None or not action.calendar:
        return
    status = {"paused": "TENTATIVE", "lost": "CANCELLED"}.get(action.status, "CONFIRMED")
    end = end_second(action.ends, ZoneInfo(site.config.site.timezone)) if action.ends else None
    when = span(action.starts, action.ends, end)
    yield _entry(site, asked, "", action.title or asked.card.title, status, when, busy=True)


def _entry(
    site: Site, asked: OpenAction, suffix: str, title: str, status: str, when: tuple[str, str], *, busy: bool
) -> CalendarEntry:
    action, card = asked.action, asked.card
    url = absolute(site.config.site.base_url, place_of(asked))
    stamp = last_changed(card, site.config.content.date_precision) or NEVER
    return CalendarEntry(
        uid=f"{card.id}#act-{action.id}{suffix}",
        stamp=stamp,
        sequence=_minutes_between(card, stamp, site.config.content.date_precision),
        status=status,
        begins=when[0],
        ends=when[1],
        title=title,
        text="\n\n".join(filter(None, (action.summary, url))),
        location=action.location,
        url=url,
        busy=busy,
    )


def _minutes_between(card: Card, changed: str, precision: str) -> int:
    """From publication to the last change: it grows with each, and is the same in every build."""
    published = rfc3339(card.date, precision) if card.date else changed
    return int((datetime.fromisoformat(changed) - datetime.fromisoformat(published)).total_seconds()) // 60
