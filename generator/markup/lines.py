"""Lines of a source file, and where their characters stand in it."""

import re
from collections.abc import Sequence

from msgspec import Struct

from generator.source.places import Place

_LINE_END = re.compile(r"\r\n|\n|\r")
_LEAD = re.compile(r"[\s>]*")


class Line(Struct, frozen=True, gc=False):
    """A line as read (`source`), and with the tabs before its text expanded to stops of four (`text`)."""

    number: int
    source: str
    text: str

    def place(self, index: int) -> Place:
        """Line and column of an index into `text`."""
        return self.number, max(index - (len(self.text) - len(self.source)), 0) + 1

    def after(self, columns: int) -> str:
        """What stands behind a number of columns, with its own tabs kept where they lie behind."""
        if self.text is self.source or "\t" in self.source[:columns]:
            return self.text[columns:]
        return self.source[columns:]


def read_lines(text: str, first_line: int) -> list[Line]:
    """The lines of a text whose first is `first_line` of its file; all three kinds of line ends count."""
    sources = _LINE_END.split(text) if "\r" in text else text.split("\n")
    if "\t" not in text:
        return [Line(number, source, source) for number, source in enumerate(sources, first_line)]
    lines: list[Line] = []
    for number, source in enumerate(sources, first_line):
        if "\t" in source:
            lead = _LEAD.match(source)
            end = lead.end() if lead else 0
            lines.append(Line(number, source, source[:end].expandtabs(4) + source[end:]))
        else:
            lines.append(Line(number, source, source))
    return lines


class Run(Struct):
    """Consecutive lines that an engine reads as one piece of text.

    `prefixes` are what the engine gets before each line; `starts` the indexes where the content of each begins.
    `level` is that of a heading, 0 for other text; `raw` means a block of raw HTML.
    """

    lines: list[Line]
    starts: list[int]
    prefixes: list[str]
    level: int = 0
    raw: bool = False
    before: str = ""
    after: str = ""
    ends: list[int] | None = None

    def keep(self, indexes: Sequence[int]) -> None:
        """Let go of every other line; what an engine gets before the first stays, the marker of an item perhaps."""
        if len(indexes) < len(self.lines):
            self.lines = [self.lines[index] for index in indexes]
            self.starts = [self.starts[index] for index in indexes]
            self.prefixes = [self.prefixes[0], *[self.prefixes[index] for index in indexes[1:]]]

    def contents(self) -> list[str]:
        """The text of each line."""
        if self.ends is None:
            if len(self.lines) == 1:
                return [self.lines[0].text[self.starts[0] :]]
            return [line.text[start:] for line, start in zip(self.lines, self.starts, strict=True)]
        return [line.text[start:end] for line, start, end in zip(self.lines, self.starts, self.ends, strict=True)]
