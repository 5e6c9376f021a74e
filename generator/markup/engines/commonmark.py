"""The CommonMark engine: pulldown-cmark, in native code."""

from functools import lru_cache

from pyromark import Markdown, Options

from generator.markup.engines import Engine
from generator.markup.marks import unsigned

_OPTIONS = Options.ENABLE_TABLES | Options.ENABLE_STRIKETHROUGH | Options.ENABLE_DEFINITION_LIST


@lru_cache(maxsize=4)
def engine(extensions: tuple[str, ...]) -> Engine:
    """The engine; it takes no extensions."""
    problems = tuple(
        (f"the engine commonmark has no extensions, so not “{name}” either", 'Use engine = "python-markdown".')
        for name in extensions
    )
    convert = Markdown(options=_OPTIONS).html

    def render(text: str) -> str:
        return unsigned(convert(text))

    return Engine(render, closing_tags=False, tidy=True, braces=None, flanked=True, problems=problems)
