"""Tags and other taxonomies: the index of each, and the list of each term."""

from collections.abc import Iterable

from generator.hooks import Site, hookimpl
from generator.kinds.frame import (
    ATOM,
    Frame,
    frame_of,
    list_page,
    page,
    shelves,
    taxonomy_title,
    term_links,
    text_above,
)
from generator.kinds.listing import list_outputs
from generator.model.job import Output
from generator.model.page import FeedLink
from generator.text.addresses import language_root


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    for shelf in shelves(site):
        frame = frame_of(site, shelf.language)
        for name, terms in shelf.terms.items():
            if terms:
                yield _index(site, frame, name)
            taxonomy = site.config.taxonomies[name]
            for term in terms:
                above = text_above(site, shelf.language, f"{name}/{term.slug}")
                title = above.title or term.label
                yield from list_outputs(
                    frame,
                    "term",
                    title,
                    term.cards,
                    term.url,
                    site.config.content.page_size,
                    above=above,
                    feed=FeedLink(title, f"{term.url}feed.xml", ATOM) if taxonomy.feed else None,
                )


def _index(site: Site, frame: Frame, name: str) -> Output:
    language = frame.language
    url = f"{language_root(language, site.config)}{name}/"
    above = text_above(site, language, f"pages/{name}")
    title = above.title or taxonomy_title(site, name, language)
    inputs = {
        "page": page(frame, "terms", title, url),
        "terms": term_links(site.library.shelves[language].terms[name]),
        "text": above.body,
    }
    return list_page("terms", language, url, above, inputs)
