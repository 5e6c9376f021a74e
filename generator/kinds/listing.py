"""Lists that are cut into pages whose old pages never change."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from generator.hooks import hookimpl
from generator.kinds.frame import Above, Frame, page, path_of, structured_cards
from generator.model.document import Card
from generator.model.job import Listed, Output, View
from generator.model.page import FeedLink, Listing

NOTHING = Above()


@hookimpl
def clarion_views() -> Mapping[str, Any]:
    return {"listing": Listing}


def paged(cards: tuple[Card, ...], url: str, size: int) -> Iterator[tuple[str, Listing]]:
    """The pages of a list with their addresses: first the newest `size`, then `page/N/` with articles
    size·(N−1)+1 to size·N counted from the oldest, written once it is full.

    `cards` are newest first. A page changes at most once after it was written, for the link to the next newer one.
    The listings have neither title nor text yet.
    """
    total = len(cards)
    full = total // size if total > size else 0
    behind = (total - size - 1) // size + 1 if total > size else 0
    yield url, Listing("", cards[:size], number=0, older=f"{url}page/{behind}/" if behind else "")
    for number in range(1, full + 1):
        start = total - number * size
        newer = f"{url}page/{number + 1}/" if number < full else url
        older = f"{url}page/{number - 1}/" if number > 1 else ""
        yield f"{url}page/{number}/", Listing("", cards[start : start + size], number=number, newer=newer, older=older)


def listing_view(title: str, above: Above, listing: Listing) -> View:
    """A listing with its title and the text above it, which stands on its first page only."""
    text = (NOTHING if listing.number else above).body
    return View("listing", (title, listing.cards, text, listing.number, listing.newer, listing.older))


def list_outputs(
    frame: Frame,
    kind: str,
    title: str,
    cards: tuple[Card, ...],
    url: str,
    size: int,
    *,
    above: Above = NOTHING,
    description: str = "",
    feed: FeedLink | None = None,
    template: str = "list.html",
    inputs: dict[str, object] | None = None,
) -> Iterator[Output]:
    """The outputs of a paged list drawn by `template`."""
    for address, listing in paged(cards, url, size):
        yield Output(
            path=path_of(address),
            kind=kind,
            language=frame.language,
            template=template,
            inputs=partial(_inputs, frame, kind, title, address, above, description, feed, listing, inputs or {}),
            source=above.source,
            texts=() if listing.number else above.texts,
            directives=() if listing.number else above.directives,
            listed=None if listing.number else Listed(address),
        )


def _inputs(
    frame: Frame,
    kind: str,
    title: str,
    address: str,
    above: Above,
    description: str,
    feed: FeedLink | None,
    listing: Listing,
    more: dict[str, object],
) -> dict[str, Any]:
    return {
        "page": page(
            frame,
            kind,
            title,
            address,
            description=description or above.summary,
            feeds=(feed,) if feed else (),
            structured_data=structured_cards(frame, title, address, listing.cards),
        ),
        "listing": listing_view(title, above, listing),
        "feed": feed.url if feed else "",
        **more,
    }
