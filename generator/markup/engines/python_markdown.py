"""The default engine: Python-Markdown, with what its `extra` family gives and code hosts have."""

import re
from collections.abc import Sequence
from functools import lru_cache

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.tables import TableExtension

from generator.markup.engines import Engine
from generator.markup.engines.shortcuts import take_shortcuts
from generator.markup.engines.strike import StrikeExtension

# Read by us already, with places; without them the engine is a third faster and stays linear on hostile brackets.
_LIFTED_PATTERNS = (
    "backtick", "reference", "link", "image_link", "image_reference", "short_reference", "short_image_ref",
    "autolink", "automail",
)  # fmt: skip
# Further extensions have braces of their own, `{++so++}`: what is in them is theirs.
_BRACES, _WORDS_IN_BRACES = re.compile(r"\{(?!:)"), re.compile(r"\{[ ]*(?=\w)")


def _own_extensions() -> list[str | Extension]:
    # `align` becomes a class later: a style attribute would break the policy of a site.
    tables = TableExtension(use_align_attribute=True)
    return ["attr_list", "def_list", "md_in_html", "sane_lists", tables, StrikeExtension()]


@lru_cache(maxsize=8)
def engine(extensions: tuple[str, ...]) -> Engine:
    """The engine with further extensions by name; one that cannot be loaded is a problem and left out."""
    loaded: list[str] = []
    problems: list[tuple[str, str]] = []
    for name in extensions:
        reason = _refusal(name)
        if reason:
            problems.append(
                (f"the Markdown extension “{name}” cannot be loaded: {reason}", "See [markdown] extensions.")
            )
        else:
            loaded.append(name)
    markdown = markdown_with(loaded) if loaded else take_shortcuts(markdown_with(()))

    def render(text: str) -> str:
        return markdown.reset().convert(text)

    braces = _WORDS_IN_BRACES if loaded else _BRACES
    return Engine(render, closing_tags=True, tidy=not loaded, braces=braces, flanked=False, problems=tuple(problems))


def markdown_with(names: Sequence[str]) -> Markdown:
    """An instance with our extensions and those named, without what is read before."""
    markdown = Markdown(extensions=[*_own_extensions(), *names], output_format="html")
    for pattern in _LIFTED_PATTERNS:
        if pattern in markdown.inlinePatterns:
            markdown.inlinePatterns.deregister(pattern)
    if "reference" in markdown.parser.blockprocessors:
        markdown.parser.blockprocessors.deregister("reference")
    return markdown


def _refusal(name: str) -> str:
    try:
        Markdown(extensions=[name])
    except Exception as error:  # noqa: BLE001  # code of others, named by the author: whatever it raises is the author's to mend
        return str(error) or type(error).__name__
    return ""
