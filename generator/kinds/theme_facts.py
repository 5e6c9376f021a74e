"""The settings of a theme as templates read them: pages and links by their address, pictures as assets."""

from collections.abc import Iterable, Mapping
from typing import Any

from generator.config import MenuItem
from generator.hooks import Site
from generator.kinds.frame import menu_document
from generator.model.page import Asset, Link, NamedFile
from generator.text.addresses import output_path
from generator.theme import Picture


def setting_value(site: Site, name: str, language: str, assets: Mapping[str, Asset]) -> Any:
    """The value of `theme.NAME` on pages in a language.

    A page that is not published now is None. Like the menu, pages and links are those of the site's own language. A
    picture has its hashed address.
    """
    value = site.theme.settings[name]
    if isinstance(value, Picture):
        return NamedFile(assets[value.name].url, value.width, value.height)
    if isinstance(value, MenuItem):
        return next(iter(links(site, (value,), language)), None)
    return links(site, value, language) if isinstance(value, tuple) else value


def named_pages(site: Site) -> Iterable[tuple[str, MenuItem]]:
    """The pages that settings of the theme name, each with the dotted name of its setting."""
    for name, value in site.theme.settings.items():
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, MenuItem):
                yield f"theme.settings.{name}", item


def links(site: Site, items: Iterable[MenuItem], language: str) -> tuple[Link, ...]:
    """Items of a menu with addresses from the root, without those whose page is not published now.

    They are those of the site's own language: in others there are none.
    """
    if language != site.config.site.language:
        return ()
    found = []
    for item in items:
        document = menu_document(site, item)
        url = document.card.url if document else item.page
        if (document or not item.page.endswith(".md")) and output_path(url) not in site.library.absent:
            title = item.title or (document.card.title if document else "")
            found.append(Link(title, url))
    return tuple(found)
