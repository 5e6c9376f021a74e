"""TOML with the place of every key, which the standard library does not tell."""

import re
import tomllib
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from generator.model.problem import Problem
from generator.source.places import (
    LARGEST_NUMBER,
    MAXIMUM_DEPTH,
    KeyPath,
    Place,
    Places,
    Reading,
    place_at,
    written_twice,
)

_BLANK = re.compile(r"(?:[ \t\n]+|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_STRING = re.compile(
    """\"{3}(?:[^\\\\]|\\\\.)*?\"{3,5}|'{3}.*?'{3,5}|"(?:[^"\\\\\n]|\\\\.)*"|'[^'\n]*'""",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_QUOTED_KEY = re.compile(r""""(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_PLAIN = re.compile(r"[^,\]}#\n]*")
_REST_OF_LINE = re.compile(r"[^\n]*")
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z")
_DATE_LIKE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_CURLY = "“”„‘’‚"


class _LostError(Exception):
    """The scanner met what is not TOML: the reader itself says what is wrong."""


class _Finder:
    """Walks over a TOML text, noting where keys and values stand; what it cannot follow it leaves."""

    def __init__(self, text: str, first_line: int) -> None:
        self.text = text
        self.first_line = first_line
        self.keys: dict[KeyPath, Place] = {}
        self.values: dict[KeyPath, Place] = {}
        self.value_offsets: list[int] = []
        self.open: list[int] = []
        self.twice: list[tuple[KeyPath, Place, Place]] = []
        self.too_deep: Place | None = None
        self.tables: set[KeyPath] = set()
        self.counts: dict[KeyPath, int] = {}
        self.line_offset = 0
        self.line = first_line

    def place(self, offset: int) -> Place:
        # Offsets only grow, so counting on from the last one keeps long files linear.
        if offset >= self.line_offset:
            self.line += self.text.count("\n", self.line_offset, offset)
            self.line_offset = offset
            return self.line, offset - self.text.rfind("\n", 0, offset)
        return place_at(self.text, offset, self.first_line)

    def run(self) -> None:
        try:
            self.document()
        except _LostError:
            return

    def document(self) -> None:
        prefix: KeyPath = ()
        offset = 0
        while (offset := self.skip(_BLANK, offset)) < len(self.text):
            if self.text[offset] == "[":
                prefix, offset = self.header(offset)
            else:
                offset = self.statement(prefix, offset)
            offset = self.skip(_SPACE, offset)
            if offset < len(self.text) and self.text[offset] not in "#\n":
                raise _LostError

    def skip(self, pattern: re.Pattern[str], offset: int) -> int:
        match = pattern.match(self.text, offset)
        return match.end() if match else offset

    def header(self, offset: int) -> tuple[KeyPath, int]:
        many = self.text.startswith("[[", offset)
        names, end = self.dotted_key(self.skip(_SPACE, offset + (2 if many else 1)))
        closing = "]]" if many else "]"
        if not self.text.startswith(closing, end):
            raise _LostError
        path: KeyPath = ()
        for name, _ in names[:-1]:
            path = (*path, name)
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        last, at = names[-1]
        path = (*path, last)
        self.note_parents(path, names)
        if many:
            self.keys.setdefault(path, at)
            self.values.setdefault(path, at)
            self.counts[path] = self.counts.get(path, 0) + 1
            path = (*path, self.counts[path] - 1)
            self.keys[path] = at
        elif path in self.tables:
            self.twice.append((path, self.keys[path], at))
        else:
            self.tables.add(path)
            self.keys[path] = at
        self.values[path] = at
        self.check_depth(path, at)
        return path, end + len(closing)

    def note_parents(self, path: KeyPath, names: list[tuple[str, Place]]) -> None:
        for length in range(1, len(path)):
            self.keys.setdefault(path[:length], names[0][1])
            self.values.setdefault(path[:length], names[0][1])

    def check_depth(self, path: Sequence[object], place: Place) -> None:
        if len(path) > MAXIMUM_DEPTH:
            self.too_deep = place
            raise _LostError

    def dotted_key(self, offset: int) -> tuple[list[tuple[str, Place]], int]:
        names: list[tuple[str, Place]] = []
        while True:
            match = _BARE_KEY.match(self.text, offset) or _QUOTED_KEY.match(self.text, offset)
            if match is None:
                raise _LostError
            names.append((_key_text(match[0]), self.place(offset)))
            self.check_depth(names, names[-1][1])
            offset = self.skip(_SPACE, match.end())
            if not self.text.startswith(".", offset):
                return names, offset
            offset = self.skip(_SPACE, offset + 1)

    def statement(self, prefix: KeyPath, offset: int) -> int:
        names, offset = self.dotted_key(offset)
        if not self.text.startswith("=", offset):
            raise _LostError
        path = (*prefix, *(name for name, _ in names))
        for length in range(len(prefix) + 1, len(path)):
            self.keys.setdefault(path[:length], names[length - len(prefix) - 1][1])
            self.values.setdefault(path[:length], names[length - len(prefix) - 1][1])
        at = names[-1][1]
        if path in self.keys:
            self.twice.append((path, self.keys[path], at))
        else:
            self.keys[path] = at
        return self.value(path, self.skip(_SPACE, offset + 1))

    def value(self, path: KeyPath, offset: int) -> int:
        place = self.place(offset)
        self.check_depth(path, place)
        self.values.setdefault(path, place)
        self.value_offsets.append(offset)
        if self.text.startswith(("[", "{"), offset):
            inside = self.array if self.text[offset] == "[" else self.inline_table
            self.open.append(offset)
            end = inside(path, offset + 1)
            self.open.pop()
            return end
        match = _STRING.match(self.text, offset) or _PLAIN.match(self.text, offset)
        if match is None or match.end() == offset:
            raise _LostError
        return match.end()

    def array(self, path: KeyPath, offset: int) -> int:
        index = 0
        while True:
            offset = self.skip(_BLANK, offset)
            if self.text.startswith("]", offset):
                return offset + 1
            offset = self.skip(_BLANK, self.value((*path, index), offset))
            index += 1
            if self.text.startswith(",", offset):
                offset += 1
            elif not self.text.startswith("]", offset):
                raise _LostError

    def inline_table(self, path: KeyPath, offset: int) -> int:
        while True:
            offset = self.skip(_BLANK, offset)
            if self.text.startswith("}", offset):
                return offset + 1
            offset = self.skip(_BLANK, self.statement(path, offset))
            if self.text.startswith(",", offset):
                offset += 1
            elif not self.text.startswith("}", offset):
                raise _LostError


def read_toml(text: str, path: str = "", first_line: int = 1) -> Reading:
    """The value of a TOML text that begins at the first column of `first_line` of the file at `path`.

    Dates and times become text in ISO 8601.
    """
    finder = _Finder(text, first_line)
    finder.run()
    places = Places(finder.keys, finder.values, (first_line, 1), "toml")

    def unreadable(message: str, place: Place, hint: str, code: str = "CL107") -> Reading:
        return Reading(None, places, (Problem("error", code, message, path, *place, hint),), readable=False)

    if finder.too_deep is not None:
        message = f"more than {MAXIMUM_DEPTH} levels of nesting"
        return unreadable(message, finder.too_deep, "Write it flatter.", "CL110")
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        if finder.twice:
            return Reading(None, places, tuple(_twice(found, path) for found in finder.twice), readable=False)
        return unreadable(*_explain(str(error), text, finder))
    except (RecursionError, ValueError):
        # An array nested where the finder lost its way, or an integer of thousands of digits.
        return unreadable("this is beyond what TOML may hold", (first_line, 1), "Write it flatter.", "CL110")
    problems: list[Problem] = []
    value = _plain(value, (), places, path, problems)
    return Reading(value, places, tuple(problems), readable=not problems)


def _key_text(written: str) -> str:
    if written[0] == "'":
        return written[1:-1]
    if written[0] != '"' or "\\" not in written:
        return written.strip('"')
    try:
        return str(tomllib.loads(f"key = {written}")["key"])
    except tomllib.TOMLDecodeError:
        return written


def _twice(found: tuple[KeyPath, Place, Place], path: str) -> Problem:
    key, first, second = found
    return Problem("error", "CL108", written_twice(key, first, second), path, *second, "Keep one of them.")


def _explain(message: str, text: str, finder: _Finder) -> tuple[str, Place, str]:
    """A sentence, its place and a hint from what `tomllib` says: "Invalid value (at line 2, column 5)"."""
    match = _AT.search(message)
    bare = message[: match.start()] if match else message
    offset = len(text)
    if match and match[1]:
        lines = text.split("\n")
        before = lines[: int(match[1]) - 1]
        offset = min(len(text), sum(len(line) + 1 for line in before) + int(match[2]) - 1)
    place = place_at(text, offset, finder.first_line)
    starts = [start for start in finder.value_offsets if start <= offset]
    if starts:
        rest = _REST_OF_LINE.match(text, starts[-1])
        value = rest[0].strip() if rest else ""
        where = place_at(text, starts[-1], finder.first_line)
        if _DATE_LIKE.match(value):
            return f"there is no such date: {value}", where, "Dates are written 2026-05-01."
        if value[:1] and value[0] in _CURLY:
            return "curly quotes are not quotes in TOML", where, f'Use straight ones: "{value.strip(_CURLY)}".'
        if "nterminated string" in bare:
            return "this text is never closed", where, "Close it with the quotation mark it begins with."
        if finder.open and ("nclosed" in bare or offset >= len(text)):
            where = place_at(text, finder.open[-1], finder.first_line)
            return "the bracket that opens here is not closed", where, "Close it."
        if value[:1] in ("", "#"):
            return "a value is missing here", where, "Write one `key = value` on each line."
        if value and (value[0].isalpha() or "Invalid value" in bare) and value[0] not in "\"'[{":
            return "text must be quoted", where, f'Write "{value}".'
    if text[offset : offset + 1] and text[offset] in _CURLY:
        return "curly quotes are not quotes in TOML", place, "Use straight ones."
    if "Expected '=' after a key" in bare and text[offset : offset + 1] == ":":
        return "a colon in place of =", place, "TOML is written `key = value`."
    return f"this is not TOML: {bare[:1].lower()}{bare[1:]}", place, "Write one `key = value` on each line."


def _plain(value: Any, path: KeyPath, places: Places, file: str, problems: list[Problem]) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item, (*path, key), places, file, problems) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, (*path, index), places, file, problems) for index, item in enumerate(value)]
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, bool | str):
        return value
    if abs(value) <= LARGEST_NUMBER:
        return value
    hint = "Quote it if it is a name; infinity and NaN have no place in a text."
    problems.append(Problem("error", "CL110", "this number is too large", file, *places.value(path), hint))
    return None
