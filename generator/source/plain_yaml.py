"""The YAML that most front matter is, read line by line without a parser."""

import re
from typing import Any, NamedTuple

from generator.source.core_schema import meaning
from generator.source.places import MAXIMUM_DEPTH, KeyPath, Place

_KEY = re.compile(r"([A-Za-z_][A-Za-z0-9_-]{0,79}):(?: +|\Z)")
_QUOTED = re.compile(r""""([^"\\]*)"|'([^']*)'""")
# Between brackets a colon or a question mark means something in one version of YAML and nothing in another.
_BETWEEN_BRACKETS = re.compile(rf"(?:(?:{_QUOTED.pattern}) *|([^\W_][^,:?\[\]{{}}]*))(?:, *|(?=[\]}}]))")
_UNQUOTED = 3
_BEHIND_BRACKETS = re.compile(r" *(?:, *|(?=[\]}]))")
# Letters and digits may begin an unquoted text, and these.
_MAY_BEGIN = frozenset("/._(+$")
_BLOCKS = {">-": (" ", ""), ">": (" ", "\n"), "|-": ("\n", ""), "|": ("\n", "\n")}


class PlainYaml(NamedTuple):
    """The value of a text, and where its keys and values stand."""

    value: dict[str, Any]
    keys: dict[KeyPath, Place]
    values: dict[KeyPath, Place]


class _BeyondError(Exception):
    """The text is more than plain: only the full reader can tell what it means."""


# A line that is not empty: its number, how many spaces it begins with, the whole of it.
_Row = tuple[int, int, str]

# What the walk meets behind the last line: it belongs to nothing.
_END: _Row = (0, -1, "")


def read_plain_yaml(text: str, first_line: int) -> PlainYaml | None:
    """What `read_yaml` finds in a text without any problem, or None when it takes the full reader to be sure.

    Plain are `key: value` lines and `- value` lines at any depth, where a value stands on one line, unquoted, in quotes
    without escapes or in brackets, or is a block (`>-`, `|`) of one indentation. There are no comments, no tabs, no
    characters that cannot be seen.
    """
    if " #" in text or "\n#" in text or not text.replace("\n", "").isprintable():
        return None
    walk = _Walk(text, first_line)
    try:
        return PlainYaml(walk.whole(), walk.keys, walk.values)
    except (_BeyondError, OverflowError):
        return None


class _Walk:
    """Goes down the lines once; whatever is not plain ends it."""

    def __init__(self, text: str, first_line: int) -> None:
        self.ends_with_a_break = text.endswith("\n")
        self.keys: dict[KeyPath, Place] = {}
        self.values: dict[KeyPath, Place] = {}
        self.rows: list[_Row] = [
            (number, len(line) - len(line.lstrip(" ")), line)
            for number, line in enumerate(text.split("\n"), first_line)
            if line
        ]
        self.rows.append(_END)
        self.at = 0

    def whole(self) -> dict[str, Any]:
        number, indent, _ = self.rows[0]
        if indent != 0:
            raise _BeyondError
        self.values[()] = number, 1
        value = self.mapping((), 0)
        if self.rows[self.at] is not _END:
            raise _BeyondError
        return value

    def mapping(self, path: KeyPath, column: int) -> dict[str, Any]:
        """The pairs whose keys begin in a column (from 0), from the line at hand on."""
        items: dict[str, Any] = {}
        number, indent, line = self.rows[self.at]
        while indent == column:
            match = _KEY.match(line, column)
            if match is None or match[1] in items:
                raise _BeyondError
            name = match[1]
            here = (*path, name)
            self.keys[here] = number, column + 1
            start = match.end()
            if start < len(line):
                items[name] = self.value(here, start, column)
            else:
                items[name] = self.below(here, match.end(1) + 1, column)
            number, indent, line = self.rows[self.at]
        if indent > column:
            raise _BeyondError
        return items

    def below(self, path: KeyPath, end: int, column: int) -> Any:
        """What stands under a key whose own line ends at the column `end`: null when nothing does."""
        above = self.rows[self.at][0]
        self.at += 1
        number, indent, line = self.rows[self.at]
        is_list = line.startswith("- ", indent)
        if indent < column or (indent == column and not is_list):
            self.values[path] = above, end + 1
            return None
        if len(path) >= MAXIMUM_DEPTH:
            raise _BeyondError
        self.values[path] = number, indent + 1
        return self.sequence(path, indent) if is_list else self.mapping(path, indent)

    def sequence(self, path: KeyPath, column: int) -> list[Any]:
        """The items whose dashes stand in a column (from 0), from the line at hand on."""
        items: list[Any] = []
        number, indent, line = self.rows[self.at]
        while indent == column and line.startswith("- ", column):
            here = (*path, len(items))
            start = len(line) - len(line[column + 1 :].lstrip(" "))
            if _KEY.match(line, start):
                self.values[here] = number, start + 1
                self.rows[self.at] = number, start, line
                items.append(self.mapping(here, start))
            else:
                items.append(self.value(here, start, -1))
            number, indent, line = self.rows[self.at]
        if indent > column:
            raise _BeyondError
        return items

    def value(self, path: KeyPath, start: int, column: int) -> Any:
        """A value that begins in column `start` of the line at hand; a block may stand under a key in `column`."""
        number, _, line = self.rows[self.at]
        if len(path) >= MAXIMUM_DEPTH:
            raise _BeyondError
        self.values[path] = number, start + 1
        self.at += 1
        line = line.rstrip(" ")
        text = line[start:]
        first = text[:1]
        if first.isalnum() or first in _MAY_BEGIN:
            if ": " in text or text[-1] == ":":
                raise _BeyondError
            return meaning(text)
        if first in ('"', "'"):
            match = _QUOTED.fullmatch(text)
            if match is None:
                raise _BeyondError
            return match[match.lastindex or 1]
        if text in _BLOCKS and column >= 0:
            return self.block(text, number, column)
        found, end = self.bracketed(path, number, line, start)
        if end != len(line):
            raise _BeyondError
        return found

    def bracketed(self, path: KeyPath, number: int, line: str, at: int) -> tuple[Any, int]:
        """A list or a mapping in brackets that opens at an offset, and the offset behind it."""
        if line.startswith("[", at):
            return self.listed(path, number, line, _behind_spaces(line, at + 1))
        if line.startswith("{", at):
            return self.mapped(path, number, line, _behind_spaces(line, at + 1))
        raise _BeyondError

    def listed(self, path: KeyPath, number: int, line: str, at: int) -> tuple[list[Any], int]:
        items: list[Any] = []
        while not line.startswith("]", at):
            item, at = self.between_brackets((*path, len(items)), number, line, at)
            items.append(item)
        return items, at + 1

    def mapped(self, path: KeyPath, number: int, line: str, at: int) -> tuple[dict[str, Any], int]:
        items: dict[str, Any] = {}
        while not line.startswith("}", at):
            match = _KEY.match(line, at)
            if match is None or match[1] in items:
                raise _BeyondError
            here = (*path, match[1])
            self.keys[here] = number, at + 1
            items[match[1]], at = self.between_brackets(here, number, line, match.end())
        return items, at + 1

    def between_brackets(self, path: KeyPath, number: int, line: str, at: int) -> tuple[Any, int]:
        """A value that begins at an offset, and the offset of what comes next: another one, or the closing bracket."""
        if len(path) > MAXIMUM_DEPTH:
            raise _BeyondError
        self.values[path] = number, at + 1
        match = _BETWEEN_BRACKETS.match(line, at)
        if match is not None:
            written = match[match.lastindex or 1]
            return meaning(written.rstrip(" ")) if match.lastindex == _UNQUOTED else written, match.end()
        value, at = self.bracketed(path, number, line, at)
        match = _BEHIND_BRACKETS.match(line, at)
        if match is None:
            raise _BeyondError
        return value, match.end()

    def block(self, style: str, number: int, column: int) -> str:
        """The lines of one indentation that follow a line with `>` or `|` under a key in `column`, as one text."""
        between, after = _BLOCKS[style]
        following, first_indent, line = self.rows[self.at]
        indent = first_indent
        if indent <= column or following != number + 1 or not self.ends_with_a_break:
            raise _BeyondError
        text = ""
        while indent > column:
            content = line[first_indent:]
            if indent != first_indent or not content:
                raise _BeyondError
            empty = following - number - 1
            if text:
                # An empty line is a line break; where lines are folded, it stands for the blank between them.
                text += "\n" * empty + (between if between == "\n" or not empty else "")
            text += content
            number = following
            self.at += 1
            following, indent, line = self.rows[self.at]
        return text + after


def _behind_spaces(line: str, at: int) -> int:
    while line.startswith(" ", at):
        at += 1
    return at
