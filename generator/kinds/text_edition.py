"""The text edition of a long article: `/SLUG/text/`, its words and links, with no picture and no script."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from msgspec import structs

from generator.hooks import Site, hookimpl
from generator.kinds.campaign import campaign_end
from generator.kinds.frame import (
    Frame,
    authors_of,
    body_of,
    contents_of,
    document_page,
    frame_of,
    modified,
    path_of,
    stamp,
)
from generator.model.document import Card, Entry
from generator.model.job import Output, View
from generator.model.page import Page
from generator.templates import TEXT
from generator.text.addresses import absolute, language_root

LONG = 7
"""Minutes of reading from which an article is long: some 1,500 words of English, at the pace `minutes` is counted."""


@hookimpl
def clarion_views() -> Mapping[str, Any]:
    return {"text_page": _page}


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    frames: dict[str, Frame] = {}
    for entry in site.library.entries.values():
        card = entry.card
        address = text_edition(site, card) if entry.type == "article" else ""
        if not address:
            continue
        if card.language not in frames:
            frames[card.language] = frame_of(site, card.language)
        yield Output(
            path=path_of(address),
            kind="text",
            language=card.language,
            template=TEXT,
            inputs=partial(_inputs, site, frames[card.language], entry, address),
            source=entry.path,
            texts=(entry.path,),
            directives=entry.directives,
            round=1,
        )


def text_edition(site: Site, card: Card) -> str:
    """The address of an article's text edition from the root; '' where it has none.

    A theme of the form `plain` shows no pictures anyway: there the article is its own text edition.
    """
    wanted = site.config.editions.text
    if wanted == "none" or site.theme.form == "plain" or card.status == "retracted":
        return ""
    return f"{card.url}text/" if wanted == "all" or card.minutes >= LONG else ""


def _inputs(site: Site, frame: Frame, entry: Entry, address: str) -> dict[str, Any]:
    card = entry.card
    campaign = None
    if card.campaign:
        place = f"{language_root(card.language, site.config)}campaigns/{card.campaign}/"
        campaign = next((each for each in site.library.shelves[card.language].campaigns if each.url == place), None)
    page = document_page(
        site,
        frame,
        entry,
        "text",
        image=None,
        published=stamp(card.date, frame.precision),
        modified=modified(card, frame.precision),
    )
    return {
        "page": View("text_page", (page, address, absolute(frame.base_url, card.url))),
        "article": card,
        "matter": entry.matter,
        "body": body_of(site, entry),
        "contents": contents_of(site, entry),
        "authors": authors_of(frame, card),
        "campaign": campaign,
        "campaign_end": campaign_end(site.library.entries[campaign.path].matter.campaign) if campaign else None,
    }


def _page(article: Page, address: str, canonical: str) -> Page:
    """What the edition says of itself: search engines are told that the article is meant, and to leave this alone."""
    return structs.replace(article, url=address, canonical=canonical, robots="noindex")
