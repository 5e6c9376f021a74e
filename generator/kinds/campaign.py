"""The page of a campaign (`content/campaigns/`) and its feed."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from html import escape
from typing import Any

from msgspec import structs

from generator.hooks import Site, hookimpl
from generator.kinds.actions import asking, open_actions
from generator.kinds.feeds import entry_of
from generator.kinds.frame import (
    ATOM,
    Frame,
    body_of,
    document_page,
    frame_of,
    listed,
    path_of,
    social_image,
    stamp,
    words,
)
from generator.model.body import Body, Html
from generator.model.document import Campaign, Card, Day, Entry, Moment, Outcome
from generator.model.job import Output, View
from generator.model.library import Shelf
from generator.model.page import CampaignEnd, FeedEntry, FeedLink, OpenAction
from generator.text.addresses import absolute, language_root
from generator.text.dates import last_told


@hookimpl
def clarion_views() -> Mapping[str, Any]:
    return {"outcome_entry": _outcome}


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    entries = [entry for entry in site.library.entries.values() if entry.type == "campaign"]
    if not entries:
        return
    articles, askers = _by_campaign(site, lambda shelf: shelf.articles), _by_campaign(site, asking)
    for entry in entries:
        card = entry.card
        cards = articles.get(card.url, ())
        actions = open_actions(askers.get(card.url, ()))
        frame = frame_of(site, card.language)
        feed = FeedLink(f"{words(site, card.language)['title']}: {card.title}", f"{card.url}feed.xml", ATOM)
        yield Output(
            path=path_of(card.url),
            kind="campaign",
            language=card.language,
            template="campaign.html",
            inputs=partial(_inputs, site, frame, entry, cards, actions, feed),
            source=entry.path,
            texts=(entry.path,),
            directives=entry.directives,
            listed=listed(site, entry),
        )
        yield _feed(site, frame, entry, cards, feed)


def campaign_end(campaign: Campaign | None) -> CampaignEnd | None:
    """How a campaign ended, with what was told of it last; None while it goes on."""
    if campaign is None or campaign.state not in ("won", "lost"):
        return None
    return CampaignEnd(campaign.state, max(reversed(campaign.outcomes), key=lambda outcome: outcome.date, default=None))


def _by_campaign(site: Site, cards: Callable[[Shelf], Iterable[Card]]) -> dict[str, tuple[Card, ...]]:
    """Those of the `cards` of each language that name a campaign, by its address and in their order."""
    found: dict[str, list[Card]] = {}
    for language, shelf in site.library.shelves.items():
        root = f"{language_root(language, site.config)}campaigns/"
        for card in cards(shelf):
            if card.campaign:
                found.setdefault(f"{root}{card.campaign}/", []).append(card)
    return {url: tuple(named) for url, named in found.items()}


def _inputs(
    site: Site, frame: Frame, entry: Entry, cards: tuple[Card, ...], actions: tuple[OpenAction, ...], feed: FeedLink
) -> dict[str, Any]:
    card = entry.card
    return {
        "page": document_page(
            site,
            frame,
            entry,
            "campaign",
            image=social_image(frame.base_url, card),
            structured_data=View("structured_page", (card, frame.settings)),
            feeds=(feed,),
        ),
        "article": card,
        "matter": entry.matter,
        "body": body_of(site, entry),
        "cards": cards,
        "actions": actions,
        "feed": feed.url,
    }


def _feed(site: Site, frame: Frame, entry: Entry, cards: tuple[Card, ...], feed: FeedLink) -> Output:
    """Its articles and what came of it, newest first."""
    card, campaign = entry.card, entry.matter.campaign or Campaign()
    limit = site.config.feeds.limit
    gone = site.library.withdrawn.get(card.url, ())
    told: list[tuple[str, Card | View]] = [(last_told(each, frame.precision), each) for each in (*cards, *gone)]
    days: Counter[Day] = Counter()
    for outcome in campaign.outcomes:
        days[outcome.date] += 1
        when = stamp(Moment(outcome.date), frame.precision)
        told.append((when, View("outcome_entry", (card, outcome, days[outcome.date], frame.base_url, when))))
    shown = [each for _, each in sorted(told, key=lambda pair: pair[0], reverse=True)[:limit]]
    entries = tuple(entry_of(site, frame, each) if isinstance(each, Card) else each for each in shown)
    full = site.config.feeds.content == "full"
    texts = [each for each in shown if full and isinstance(each, Card) and each.status != "retracted"]
    articles = [site.library.entries[each.path] for each in texts]
    made = (feed.title, frame.base_url, card.url, "feed.xml", frame.language, card.summary, entries)
    return Output(
        path=feed.url.lstrip("/"),
        kind="feed",
        language=frame.language,
        template="atom.xml",
        inputs={"feed": View("feed", made)},
        texts=tuple(article.path for article in articles),
        directives=tuple({name: None for article in articles for name in article.directives}),
    )


def _outcome(card: Card, outcome: Outcome, number: int, base_url: str, when: str) -> FeedEntry:
    """What came of a campaign as an entry of its feed, known by its day and its number on it."""
    text = f"<p>{escape(outcome.text)}</p>"
    if outcome.url:
        text += f'\n<p><a href="{escape(outcome.url)}">{escape(outcome.url)}</a></p>'
    suffix = f"-{number}" if number > 1 else ""
    return FeedEntry(
        card=structs.replace(
            card,
            id=f"{card.id}#outcome-{outcome.date.isoformat()}{suffix}",
            kind="article",
            summary=outcome.text,
            lead=Body(),
            image=None,
            content_note=None,
        ),
        url=absolute(base_url, card.url),
        published=when,
        updated=when,
        body=Body((Html(text),)),
    )
