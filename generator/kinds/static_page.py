"""The page of a static page (`content/pages/`)."""

from collections.abc import Iterable

from generator.hooks import Site, hookimpl
from generator.kinds.frame import document_page, path_of, social_image, stamp, whole_body
from generator.model.job import Output
from generator.model.page import Contents
from generator.share.structured import structured_page


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    pages = [document for document in site.library.documents.values() if document.entry.type == "page"]
    above_lists = _above_lists(site)
    alone = [
        document
        for name, document in site.library.texts.items()
        if name.startswith("pages/") and name.partition(".")[0] not in above_lists
    ]
    for document in (*pages, *alone):
        entry = document.entry
        card = entry.card
        yield Output(
            path=path_of(card.url),
            kind="page",
            language=card.language,
            template=entry.matter.template or "page.html",
            inputs={
                "page": document_page(
                    site,
                    document,
                    "page",
                    image=social_image(site, card),
                    published=stamp(card.date, site.config),
                    modified=stamp(card.updated, site.config),
                    structured_data=structured_page(card, site.config),
                ),
                "article": card,
                "matter": entry.matter,
                "body": whole_body(site, document),
                "contents": Contents(document.headings),
            },
            source=entry.path,
        )


def _above_lists(site: Site) -> set[str]:
    """Pages that are the text above a list this site has; one named like a page that has no list is a page itself."""
    return {"pages/archive", *(f"pages/{name}" for name in site.config.taxonomies)}
