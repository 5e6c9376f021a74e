"""The lists of sections (`content/NAME/`)."""

from collections.abc import Iterable

from generator.hooks import Site, hookimpl
from generator.kinds.frame import ATOM, prefix, shelves, text_above, whole_body
from generator.kinds.listing import list_outputs
from generator.model.body import Body
from generator.model.document import Section
from generator.model.job import Output
from generator.model.page import FeedLink


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    for shelf in shelves(site):
        for name, cards in shelf.sections.items():
            section = site.library.sections.get(name, Section(name))
            if not section.listing or not (cards or shelf.language == site.config.site.language):
                continue
            above = text_above(site, shelf.language, name, f"sections/{name}")
            title = (above.entry.card.title if above else "") or section.title or name.replace("-", " ").capitalize()
            url = f"{prefix(shelf.language, site.config)}{name}/"
            yield from list_outputs(
                site,
                "section",
                shelf.language,
                title,
                cards,
                url,
                text=whole_body(site, above) if above else Body(),
                description=above.entry.card.summary if above else "",
                feed=FeedLink(title, f"{url}feed.xml", ATOM) if section.feed else None,
                source=above.entry.path if above else "",
            )
