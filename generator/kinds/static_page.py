"""The page of a static page (`content/pages/`)."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from generator.hooks import Site, hookimpl
from generator.kinds.frame import (
    Frame,
    body_of,
    contents_of,
    document_page,
    frame_of,
    listed,
    modified,
    path_of,
    social_image,
    stamp,
)
from generator.model.document import Entry
from generator.model.job import Output, View


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    pages = [entry for entry in site.library.entries.values() if entry.type == "page"]
    above_lists = _above_lists(site)
    alone = [
        entry
        for name, entry in site.library.texts.items()
        if name.startswith("pages/") and name.partition(".")[0] not in above_lists
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
            listed=listed(site, entry, modified(card, frame.precision)),
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
            modified=modified(card, frame.precision),
            structured_data=View("structured_page", (card, frame.settings)),
        ),
        "article": card,
        "matter": entry.matter,
        "body": body_of(site, entry),
        "contents": contents_of(site, entry),
    }


def _above_lists(site: Site) -> set[str]:
    """Pages that are the text above a list this site has; one named like a page that has no list is a page itself."""
    return {"pages/archive", "pages/corrections", *(f"pages/{name}" for name in site.config.taxonomies)}
