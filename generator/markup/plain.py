"""A short piece of Markdown as plain text."""

import re

from generator.markup.urls import decoded

_EMPHASIS = re.compile(r"(?<!\\)(?:\*{1,3}|~~|`+|(?<!\w)_{1,3}|_{1,3}(?!\w))")


def plain_words(text: str) -> str:
    """The words of a title, a label or an alternative text: no emphasis, escapes and entities decoded, in one line."""
    if text.replace(" ", "").isalnum():
        # Nothing but words, as most titles are.
        return " ".join(text.split())
    return " ".join(decoded(_EMPHASIS.sub("", text)).split())
