"""Front matter: the block of data at the head of a Markdown file, cut off with exact offsets."""

import re
from typing import Any, ClassVar

import frontmatter
from frontmatter.default_handlers import BaseHandler
from msgspec import Struct, structs

from generator.model.problem import Problem
from generator.source.json import json_end, read_json
from generator.source.places import Place, Places, Reading, place_at
from generator.source.suggest import nearest
from generator.source.toml import read_toml
from generator.source.yaml import missing_space, read_yaml

_BLANK_LINES = r"\A(?:[ \t]*\n)*"
_FIRST_LINE = re.compile(r"(?:[ \t]*\n)*([^\n]*)")
_INVISIBLE = re.compile("[\\s\u200b-\u200f\u2060\ufeff]+")
_DASHES = re.compile(r"[-‐‑‒–—―−]+")
_KEY_LINE = re.compile(r"([A-Za-z_]+):(?:\s|\Z)")
_REST_OF_LINE = re.compile(r"[ \t]*(?:\n|\Z)")


class Block(Struct, frozen=True):
    """Offsets of a block: its data from `start` to `end`, the text of the document from `body`."""

    start: int
    end: int
    body: int


class FrontMatter(Struct, frozen=True):
    """A Markdown file in two: `values` (None when unreadable) with their places, and the body.

    `body_line` is the line of the file that the body begins at. `format` is yaml, toml, json, or '' without a block.
    """

    values: dict[str, Any] | None
    places: Places
    body: str
    body_line: int
    format: str = ""
    problems: tuple[Problem, ...] = ()


class Handler(BaseHandler):
    """A format of front matter: a handler of python-frontmatter that knows its offsets."""

    name: ClassVar[str] = ""
    closing: ClassVar[re.Pattern[str]]

    def block(self, text: str) -> Block | None:
        """Where the block lies; None when it is never closed."""
        opening = self.FM_BOUNDARY.match(text) if self.FM_BOUNDARY else None
        if opening is None:
            return None
        closing = self.closing.search(text, opening.end())
        if closing is None:
            return None
        return Block(opening.end(), closing.start(), min(closing.end() + 1, len(text)))

    def read(self, text: str, path: str, first_line: int) -> Reading:
        """The values of the block's text, with places in the file."""
        raise NotImplementedError

    def split(self, text: str) -> tuple[str, str]:
        """Front matter and body, unchanged.

        Raises: ValueError when the block is never closed, as python-frontmatter expects.
        """
        block = self.block(text)
        if block is None:
            raise ValueError("the front matter is never closed")
        return text[block.start : block.end], text[block.body :]

    def load(self, fm: str) -> dict[str, Any]:
        """The values of a block.

        Raises: ValueError with the first problem when it is no well-formed mapping.
        """
        reading = self.read(fm, "", 1)
        if reading.problems or not isinstance(reading.value or {}, dict):
            raise ValueError(str(reading.problems[0]) if reading.problems else "not a mapping")
        return reading.value or {}


class YamlHandler(Handler):
    """`---` … `---`"""

    name = "yaml"
    FM_BOUNDARY = re.compile(_BLANK_LINES + r"-{3,}[ \t]*(?:\n|\Z)")
    START_DELIMITER = END_DELIMITER = "---"
    closing = re.compile(r"^-{3,}[ \t]*$", re.MULTILINE)

    def read(self, text: str, path: str, first_line: int) -> Reading:
        """See `read_yaml`."""
        return read_yaml(text, path, first_line)


class TomlHandler(Handler):
    """`+++` … `+++`"""

    name = "toml"
    FM_BOUNDARY = re.compile(_BLANK_LINES + r"\+{3,}[ \t]*(?:\n|\Z)")
    START_DELIMITER = END_DELIMITER = "+++"
    closing = re.compile(r"^\+{3,}[ \t]*$", re.MULTILINE)

    def read(self, text: str, path: str, first_line: int) -> Reading:
        """See `read_toml`."""
        return read_toml(text, path, first_line)


class JsonHandler(Handler):
    """`{` … `}`, the closing brace followed by nothing else on its line."""

    name = "json"
    # A brace that opens a mapping; `{% … %}` and `{language=ru}` are text.
    FM_BOUNDARY = re.compile(_BLANK_LINES + r'(?=\{(?:[ \t]*\n|\s*[“”"}]))')
    START_DELIMITER = END_DELIMITER = ""

    def block(self, text: str) -> Block | None:
        """Where the object lies; one that is not well-formed reaches to the end of the text."""
        opening = self.FM_BOUNDARY.match(text)
        if opening is None:
            return None
        end = json_end(text, opening.end())
        rest = _REST_OF_LINE.match(text, end) if end is not None else None
        if end is None or rest is None:
            return Block(opening.end(), len(text), len(text))
        return Block(opening.end(), end, rest.end())

    def read(self, text: str, path: str, first_line: int) -> Reading:
        """See `read_json`."""
        return read_json(text, path, first_line)


HANDLERS: tuple[Handler, ...] = (YamlHandler(), TomlHandler(), JsonHandler())


def read_front_matter(text: str, path: str, names: tuple[str, ...] = ()) -> FrontMatter:
    """A decoded file in two. `names` are keys by which a block without its first rule is known.

    Nothing is ever dropped: what stands in a block and is no mapping is an error, and so is a block without end.
    """
    handler = frontmatter.detect_format(text, HANDLERS)
    if not isinstance(handler, Handler):
        return _without_block(text, path, names)
    block = handler.block(text)
    if block is None:
        line, _ = place_at(text, len(text) - len(text.lstrip()))
        rule = handler.START_DELIMITER
        message = "the front matter that begins here is never closed"
        hint = f"Put a line {rule} below it; if a rule is meant, write ***."
        problem = Problem("error", "CL105", message, path, line, 1, hint)
        return FrontMatter(None, Places(start=(line, 1)), "", line, handler.name, (problem,))
    first_line, _ = place_at(text, block.start)
    data = text[block.start : block.end]
    reading = handler.read(data, path, first_line)
    body_line, _ = place_at(text, block.body)
    opening: Place = (max(first_line - 1, 1), 1) if handler.name != "json" else (first_line, 1)
    places = structs.replace(reading.places, start=opening)
    values, problems = reading.value, reading.problems
    if not reading.readable:
        values = None
    elif values is None:
        values = {}
    elif not isinstance(values, dict):
        values = None
        problems = (*problems, _no_mapping(data, path, first_line, reading))
    return FrontMatter(values, places, text[block.body :], body_line, handler.name, problems)


def _no_mapping(data: str, path: str, first_line: int, reading: Reading) -> Problem:
    glued = missing_space(data, path, first_line)
    if glued is not None:
        return glued
    what = "a list" if isinstance(reading.value, list) else "text"
    hint = "Front matter is one `key: value` a line. If the first line is meant as a rule, write *** instead."
    message = f"between the two rules stands {what}, not front matter"
    return Problem("error", "CL106", message, path, *reading.places.start, hint)


def _without_block(text: str, path: str, names: tuple[str, ...]) -> FrontMatter:
    """A file without front matter; one that nearly has some is told so, lest its data be published as text."""
    match = _FIRST_LINE.match(text)
    line = match[1] if match else ""
    number, _ = place_at(text, match.start(1) if match else 0)
    bare = _INVISIBLE.sub("", line)
    problem = None
    if len(bare) > 0 and _DASHES.fullmatch(bare) and (not bare.isascii() or (len(bare) >= 3 and bare != line.rstrip())):
        message = "this line is nearly the --- that begins front matter"
        hint = "Write three plain hyphens, at the very beginning of the line."
        problem = Problem("error", "CL105", message, path, number, 1, hint)
    key = _KEY_LINE.match(line)
    if problem is None and key is not None and (key[1] in names or nearest(key[1], names) == key[1].lower()):
        message = f"`{key[1]}` stands here as in front matter, but no line --- precedes it"
        problem = Problem("error", "CL105", message, path, number, 1, "Put a line --- above the first key.")
    problems = (problem,) if problem is not None else ()
    values: dict[str, Any] | None = {} if problem is None else None
    return FrontMatter(values, Places(), text, 1, "", problems)
