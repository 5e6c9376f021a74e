"""The front page and `/page/N/`."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from msgspec import structs

from generator.hooks import Site, hookimpl
from generator.kinds.actions import open_actions
from generator.kinds.frame import Above, Frame, frame_of, page, path_of, shelves, term_links, text_above, words
from generator.kinds.listing import listing_view, paged
from generator.kinds.sections import has_list
from generator.kinds.trust import trust_pages
from generator.model.document import Card
from generator.model.job import Listed, Output, View
from generator.model.library import Shelf
from generator.model.page import Listing
from generator.text.addresses import language_root


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    for shelf in shelves(site):
        yield from _pages(site, shelf)


def _pages(site: Site, shelf: Shelf) -> Iterable[Output]:
    language = shelf.language
    frame = frame_of(site, language)
    root = language_root(language, site.config)
    title = words(site, language)["title"]
    above = text_above(site, language, "index")
    listed = tuple(card for card in shelf.articles if has_list(site, card.section))
    for url, listing in paged(listed, root, site.config.content.page_size):
        first = not listing.number
        yield Output(
            path=path_of(url),
            kind="home" if first else "list",
            language=language,
            template="home.html" if first else "list.html",
            inputs=partial(_home, site, frame, shelf, above, listed, listing)
            if first
            else partial(_list, frame, title, url, f"{root}feed.xml", listing),
            source=above.source if first else "",
            texts=above.texts if first else (),
            directives=above.directives if first else (),
            listed=Listed(url) if first else None,
        )


def _list(frame: Frame, title: str, url: str, feed: str, listing: Listing) -> dict[str, Any]:
    return {"page": page(frame, "list", title, url), "listing": listing_view(title, Above(), listing), "feed": feed}


def _home(
    site: Site, frame: Frame, shelf: Shelf, above: Above, listed: tuple[Card, ...], listing: Listing
) -> dict[str, Any]:
    language = shelf.language
    said = words(site, language)
    trust = {name: link.url for name, link in trust_pages(site, language).items()}
    lead = next((card for card in listed if card.pinned), listed[0] if listed else None)
    rest = tuple(card for card in listing.cards if card is not lead)
    return {
        "page": page(
            frame,
            "home",
            said["title"],
            language_root(language, site.config),
            description=said["description"] or said["tagline"],
            structured_data=View("structured_site", (frame.settings, language, trust)),
        ),
        "listing": listing_view(said["title"], above, structs.replace(listing, cards=rest)),
        "lead": lead,
        "urgent": next(iter(open_actions((*listed, *shelf.pages))), None),
        "topics": term_links(shelf.terms.get("tags", ())),
    }
