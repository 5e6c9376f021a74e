"""A text above a list stands above a list that is there."""

from collections.abc import Iterable

from generator.hooks import Check, Site, hookimpl
from generator.kinds.frame import author_views, shelves
from generator.model.problem import Problem


@hookimpl
def clarion_checks() -> Iterable[Check]:
    return (Check("CL708", "A text above a list has its list.", run),)


def run(site: Site) -> Iterable[Problem]:
    """Texts of tags, other taxonomies and authors that nothing published carries."""
    shown = {term.url for shelf in shelves(site) for terms in shelf.terms.values() for term in terms}
    shown |= {view.url for shelf in shelves(site) for view in author_views(site, tuple(shelf.authors), shelf.language)}
    for name, entry in site.library.texts.items():
        folder, _, rest = name.partition("/")
        if not rest or folder not in (*site.config.taxonomies, "authors") or entry.card.url in shown:
            continue
        message = "no list shows this text: nothing that is published belongs to it"
        hint = "Name the file like the tag, term or author it is about, or delete it."
        yield Problem("warning", "CL708", message, entry.path, 1, 1, hint)
