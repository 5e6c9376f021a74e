"""The lists of sections (`content/NAME/`)."""

from collections.abc import Iterable

from generator.hooks import Site, hookimpl
from generator.kinds.frame import ATOM, Above, frame_of, shelves, text_above
from generator.kinds.listing import list_outputs
from generator.model.document import Section
from generator.model.job import Output
from generator.model.page import FeedLink
from generator.text.addresses import language_root


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    for shelf in shelves(site):
        for name, cards in shelf.sections.items():
            above = _text(site, name, shelf.language)
            # A list of nothing would tell that something is being prepared.
            if not has_list(site, name) or not (cards or above.source):
                continue
            section = site.library.sections.get(name, Section(name))
            title = section_title(site, name, shelf.language)
            url = section_url(site, name, shelf.language)
            yield from list_outputs(
                frame_of(site, shelf.language),
                "section",
                title,
                cards,
                url,
                site.config.content.page_size,
                above=above,
                feed=FeedLink(title, f"{url}feed.xml", ATOM) if section.feed and cards else None,
            )


def has_list(site: Site, name: str) -> bool:
    """Whether a section has a list of its own."""
    section = site.library.sections.get(name)
    return section is None or section.listing


def section_url(site: Site, name: str, language: str) -> str:
    """The address of a section's list from the root."""
    return f"{language_root(language, site.config)}{name}/"


def section_title(site: Site, name: str, language: str) -> str:
    """What a section is called: by the text above its list, its settings, or its folder."""
    above = _text(site, name, language)
    section = site.library.sections.get(name, Section(name))
    return above.title or section.title or name.replace("-", " ").capitalize()


def _text(site: Site, name: str, language: str) -> Above:
    return text_above(site, language, name, f"sections/{name}")
