"""Lists that are cut into pages whose old pages never change."""

from collections.abc import Iterator

from generator.hooks import Site
from generator.kinds.frame import page, path_of
from generator.model.body import Body
from generator.model.document import Card
from generator.model.job import Output
from generator.model.page import FeedLink, Listing
from generator.share.structured import structured_list

NO_TEXT = Body()


def paged(
    title: str, cards: tuple[Card, ...], url: str, size: int, text: Body = NO_TEXT
) -> Iterator[tuple[str, Listing]]:
    """The pages of a list with their addresses: first the newest `size`, then `page/N/` with articles
    size·(N−1)+1 to size·N counted from the oldest, written once it is full.

    `cards` are newest first. A page changes at most once after it was written, for the link to the next newer one.
    """
    total = len(cards)
    full = total // size if total > size else 0
    behind = (total - size - 1) // size + 1 if total > size else 0
    yield url, Listing(title, cards[:size], text, 0, "", f"{url}page/{behind}/" if behind else "")
    for number in range(1, full + 1):
        start = total - number * size
        newer = f"{url}page/{number + 1}/" if number < full else url
        older = f"{url}page/{number - 1}/" if number > 1 else ""
        yield f"{url}page/{number}/", Listing(title, cards[start : start + size], Body(), number, newer, older)


def list_outputs(
    site: Site,
    kind: str,
    language: str,
    title: str,
    cards: tuple[Card, ...],
    url: str,
    *,
    text: Body = NO_TEXT,
    description: str = "",
    feed: FeedLink | None = None,
    template: str = "list.html",
    source: str = "",
    inputs: dict[str, object] | None = None,
) -> Iterator[Output]:
    """The outputs of a paged list drawn by `template`."""
    for address, listing in paged(title, cards, url, site.config.content.page_size, text):
        yield Output(
            path=path_of(address),
            kind=kind,
            language=language,
            template=template,
            inputs={
                "page": page(
                    site,
                    kind,
                    title,
                    address,
                    language,
                    description=description,
                    feeds=(feed,) if feed else (),
                    structured_data=structured_list(title, address, site.config, language, listing.cards),
                ),
                "listing": listing,
                "feed": feed.url if feed else "",
                **(inputs or {}),
            },
            source=source,
        )
