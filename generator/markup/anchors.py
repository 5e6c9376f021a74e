"""Headings that lead to themselves, so that their place can be passed on without a script."""

import re

from markupsafe import Markup

# Headings as `headings` makes them. Ids of ours, in blocks of directives, have an underscore; slugs never do.
_HEADINGS = {f'<{name} id="': re.compile(rf'<{name} id="([^"_]+)">(.*?)</{name}>', re.DOTALL) for name in ("h2", "h3")}


def with_anchors(text: Markup) -> Markup:
    """The HTML of a text whose chapters and their parts (h2, h3) are links to their own places.

    A heading that holds a link already stays as it is: a link cannot stand in another.
    """
    linked = str(text)
    for beginning, heading in _HEADINGS.items():
        if beginning in linked:
            linked = heading.sub(_linked, linked)
    return Markup(linked)  # noqa: S704 (what was checked before, and ids out of it)


def _linked(heading: re.Match[str]) -> str:
    id_, words = heading.groups()
    if "<a" in words or not words.strip():
        return heading[0]
    name = heading[0][1:3]
    return f'<{name} id="{id_}"><a href="#{id_}">{words}</a></{name}>'
