"""`~~text~~`: struck out, as on code hosts."""

import re
import xml.etree.ElementTree as Tree

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor


class _Strike(InlineProcessor):
    def handleMatch(  # type: ignore[override]  # noqa: N802  # the base class names it so, and takes more kinds of results
        self, m: re.Match[str], data: str
    ) -> tuple[Tree.Element, int, int]:
        del data
        element = Tree.Element("del")
        element.text = m[1]
        return element, m.start(), m.end()


class StrikeExtension(Extension):
    """Two tildes around text that neither begins nor ends with a space."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # the base class names it so
        """Add the pattern before emphasis, so that either may stand inside the other."""
        md.inlinePatterns.register(
            _Strike(r"(?<!~)~~(?=[^\s~])((?:[^~]|~(?!~)){1,5000}?)(?<!\s)~~(?!~)", md), "strike", 65
        )
