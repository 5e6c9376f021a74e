"""The front page and `/page/N/`."""

from collections.abc import Iterable

from msgspec import structs

from generator.hooks import Site, hookimpl
from generator.kinds.frame import page, path_of, shelves, term_links, text_above, words
from generator.kinds.listing import paged
from generator.kinds.sections import has_list
from generator.model.document import Card
from generator.model.job import Output
from generator.model.library import Shelf
from generator.model.page import OpenAction
from generator.share.structured import structured_site
from generator.text.addresses import language_root


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    for shelf in shelves(site):
        yield from _home(site, shelf)


def _home(site: Site, shelf: Shelf) -> Iterable[Output]:
    language = shelf.language
    root = language_root(language, site.config)
    said = words(site, language)
    above = text_above(site, language, "index")
    size = site.config.content.page_size
    listed = tuple(card for card in shelf.articles if has_list(site, card.section))
    lead = next((card for card in listed if card.pinned), listed[0] if listed else None)
    for url, listing in paged(said["title"], listed, root, size, above.body):
        if listing.number:
            yield Output(
                path=path_of(url),
                kind="list",
                language=language,
                template="list.html",
                inputs={
                    "page": page(site, "list", said["title"], url, language),
                    "listing": listing,
                    "feed": f"{root}feed.xml",
                },
            )
            continue
        rest = tuple(card for card in listing.cards if card is not lead)
        yield Output(
            path=path_of(url),
            kind="home",
            language=language,
            template="home.html",
            inputs={
                "page": page(
                    site,
                    "home",
                    said["title"],
                    url,
                    language,
                    description=said["description"] or said["tagline"],
                    structured_data=structured_site(site.config, language),
                ),
                "listing": structs.replace(listing, cards=rest),
                "lead": lead,
                "urgent": most_urgent(listed),
                "topics": term_links(shelf.terms.get("tags", ())),
            },
            source=above.source,
        )


def most_urgent(cards: tuple[Card, ...]) -> OpenAction | None:
    """The open action whose deadline comes first; those without one come last, newest article first."""
    found = [OpenAction(action, card) for card in cards for action in card.actions if action.state == "open"]
    far = 1 << 62
    return min(
        found,
        key=lambda each: (each.action.closes.instant or far) if each.action.closes is not None else far,
        default=None,
    )
