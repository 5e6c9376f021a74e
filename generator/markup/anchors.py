"""Headings that lead to themselves, so that their place can be passed on without a script."""

import re

from markupsafe import Markup

# A heading as `headings` makes it. Ids of ours, in blocks of directives, have an underscore; slugs never do.
_HEADING = re.compile(r'<(h[23]) id="([^"_]+)">(.*?)</\1>', re.DOTALL)


def with_anchors(text: Markup) -> Markup:
    """The HTML of a text whose chapters and their parts (h2, h3) are links to their own places.

    A heading that holds a link already stays as it is: a link cannot stand in another.
    """
    if "<h2 id=" not in text and "<h3 id=" not in text:
        return text
    return Markup(_HEADING.sub(_linked, str(text)))  # noqa: S704 (what was checked before, and an id out of it)


def _linked(heading: re.Match[str]) -> str:
    name, id_, words = heading.groups()
    if "<a" in words or not words.strip():
        return heading[0]
    return f'<{name} id="{id_}"><a href="#{id_}">{words}</a></{name}>'
