"""The page of a static page (`content/pages/`)."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from generator.hooks import Site, hookimpl
from generator.kinds.actions import has_actions
from generator.kinds.frame import (
    Frame,
    body_of,
    contents_of,
    document_page,
    frame_of,
    listed,
    path_of,
    social_image,
    stamp,
)
from generator.model.document import Entry
from generator.model.job import Output, View


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    pages = [entry for entry in site.library.entries.values() if entry.type == "page"]
    alone = [
        entry
        for name, entry in site.library.texts.items()
        if name.startswith("pages/") and not _is_above_a_list(site, name, entry.card.language)
    ]
    for entry in (*pages, *alone):
        card = entry.card
        frame = frame_of(site, card.language)
        yield Output(
            path=path_of(card.url),
            kind="page",
            language=card.language,
            template=entry.matter.template or "page.html",
            inputs=partial(_inputs, site, frame, entry),
            source=entry.path,
            texts=(entry.path,),
            directives=entry.directives,
            listed=listed(site, entry, stamp(card.updated, frame.precision)),
        )


def _inputs(site: Site, frame: Frame, entry: Entry) -> dict[str, Any]:
    card = entry.card
    return {
        "page": document_page(
            site,
            frame,
            entry,
            "page",
            image=social_image(frame.base_url, card),
            published=stamp(card.date, frame.precision),
            modified=stamp(card.updated, frame.precision),
            structured_data=View("structured_page", (card, frame.settings)),
        ),
        "article": card,
        "matter": entry.matter,
        "body": body_of(site, entry),
        "contents": contents_of(site, entry),
    }


def _is_above_a_list(site: Site, name: str, language: str) -> bool:
    """Whether a page is the text above a list this site has; one named like a page that has no list is a page."""
    named = name.partition(".")[0].removesuffix("/index").removeprefix("pages/")
    if named == "act":
        shelf = site.library.shelves.get(language)
        return shelf is not None and has_actions(shelf)
    return named == "archive" or named in site.config.taxonomies
