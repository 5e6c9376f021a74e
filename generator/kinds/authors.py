"""The page of an author (`/authors/ID/`)."""

from collections.abc import Iterable

from generator.hooks import Site, hookimpl
from generator.kinds.frame import ATOM, author_views, frame_of, shelves, text_above
from generator.kinds.listing import list_outputs
from generator.model.job import Output
from generator.model.page import FeedLink


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    for shelf in shelves(site):
        for author_id, cards in shelf.authors.items():
            above = text_above(site, shelf.language, f"authors/{author_id}")
            (author,) = author_views(site, (author_id,), shelf.language)
            yield from list_outputs(
                frame_of(site, shelf.language),
                "author",
                author.name,
                cards,
                author.url,
                site.config.content.page_size,
                above=above,
                description=author.bio,
                feed=FeedLink(author.name, f"{author.url}feed.xml", ATOM),
                template="author.html",
                inputs={"author": author},
            )
