"""The engines that make HTML of Markdown text in canonical form."""

import re
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from generator.config import MarkdownSettings
from generator.source.suggest import did_you_mean


class Engine(Struct, frozen=True):
    """`render` makes HTML of text; `closing_tags` says where raw HTML blocks end (see `read_blocks`).

    `tidy`: text without raw HTML becomes HTML that a browser understands as it is written. `braces` matches those of
    text in which the engine would look for attributes; None when it looks in none. `flanked`: what stands beside a sign
    of emphasis, letters or signs, decides what it is (CommonMark 0.31 §6.2). `problems` are sentences about the
    settings, each with a hint.
    """

    render: Callable[[str], str]
    closing_tags: bool
    tidy: bool
    braces: re.Pattern[str] | None
    flanked: bool
    problems: tuple[tuple[str, str], ...] = ()


def engine_for(settings: MarkdownSettings) -> Engine:
    """The engine that the settings name; the default one, with a problem, when they name none."""
    if settings.engine == "commonmark":
        from generator.markup.engines.commonmark import engine

        return engine(settings.extensions)
    from generator.markup.engines.python_markdown import engine as default

    found = default(settings.extensions)
    if settings.engine == "python-markdown":
        return found
    names = ("python-markdown", "commonmark")
    hint = did_you_mean(settings.engine, names) or f"There are: {', '.join(names)}."
    problem = (f"there is no Markdown engine “{settings.engine}”", hint)
    return replace(found, problems=(problem, *found.problems))
