"""JSON (RFC 8259) with the place of every key; duplicate keys and what is no number are refused."""

import json
import re
from typing import Any

from generator.model.problem import Problem
from generator.source.places import LARGEST_NUMBER, MAXIMUM_DEPTH, KeyPath, Place, Places, Reading, written_twice

_SPACE = re.compile(r"[ \t\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}
_WORD = re.compile(r"[A-Za-z_-]+")
_LONGEST_NUMBER = 40
_CURLY = "“”„‘’"


class _UnreadableError(Exception):
    """The text is not JSON from this character on."""

    def __init__(self, offset: int, message: str, hint: str, code: str = "CL107") -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message
        self.hint = hint
        self.code = code


class _Scan:
    """Reads one value from a text, noting places and duplicate keys on its way."""

    def __init__(self, text: str, path: str, first_line: int) -> None:
        self.text = text
        self.path = path
        self.keys: dict[KeyPath, Place] = {}
        self.values: dict[KeyPath, Place] = {}
        self.problems: list[Problem] = []
        self.line = first_line
        self.line_offset = 0

    def place(self, offset: int) -> Place:
        # Offsets only grow, so counting on from the last one keeps long files linear.
        self.line += self.text.count("\n", self.line_offset, offset)
        self.line_offset = offset
        return self.line, offset - self.text.rfind("\n", 0, offset)

    def skip(self, offset: int) -> int:
        match = _SPACE.match(self.text, offset)
        return match.end() if match else offset

    def value(self, offset: int, path: KeyPath) -> tuple[Any, int]:
        if len(path) > MAXIMUM_DEPTH:
            raise _UnreadableError(offset, f"more than {MAXIMUM_DEPTH} levels of nesting", "Write it flatter.", "CL110")
        self.values[path] = self.place(offset)
        character = self.text[offset : offset + 1]
        if character == "{":
            return self.mapping(offset + 1, path)
        if character == "[":
            return self.sequence(offset + 1, path)
        if character == '"':
            return self.string(offset)
        number = _NUMBER.match(self.text, offset)
        if number is not None:
            return self.number(number), number.end()
        return self.word(offset)

    def word(self, offset: int) -> tuple[Any, int]:
        match = _WORD.match(self.text, offset)
        if match is not None and match[0] in _WORDS:
            return _WORDS[match[0]], match.end()
        if offset >= len(self.text):
            raise _UnreadableError(offset, "the JSON ends too early", "Close every bracket and quotation mark.")
        if self.text[offset] in _CURLY:
            raise _UnreadableError(offset, "curly quotes are not quotes in JSON", 'Use straight ones: "…".')
        if match is not None and match[0].lstrip("-").lower() in ("nan", "infinity", "inf"):
            raise _UnreadableError(offset, f"{match[0]} is not a number", "Leave the value out, or write null.")
        if self.text[offset] in ",]}":
            raise _UnreadableError(offset, "a value is missing here", "Write it, or take the comma before it out.")
        raise _UnreadableError(offset, "text must be in double quotes", 'Write "…".')

    def string(self, offset: int) -> tuple[str, int]:
        match = _STRING.match(self.text, offset)
        if match is None:
            hint = 'Close it on the same line with ", and write a line break as \\n.'
            raise _UnreadableError(offset, "this text is never closed, or holds what must be escaped", hint)
        found: str = json.loads(match[0])
        if any("\ud800" <= character <= "\udfff" for character in found):
            raise _UnreadableError(offset, "half of a character (a lone surrogate)", "Write the character itself.")
        return found, match.end()

    def number(self, match: re.Match[str]) -> Any:
        whole = match[1] is None and match[2] is None
        if whole and len(match[0]) < _LONGEST_NUMBER and abs(int(match[0])) <= LARGEST_NUMBER:
            return int(match[0])
        if not whole and abs(float(match[0])) != float("inf"):
            return float(match[0])
        raise _UnreadableError(match.start(), "this number is too large", 'Quote it if it is a name: "…".', "CL110")

    def sequence(self, offset: int, path: KeyPath) -> tuple[list[Any], int]:
        items: list[Any] = []
        offset = self.skip(offset)
        if self.text.startswith("]", offset):
            return items, offset + 1
        while True:
            item, offset = self.value(self.skip(offset), (*path, len(items)))
            items.append(item)
            offset = self.skip(offset)
            if self.text.startswith("]", offset):
                return items, offset + 1
            offset = self.comma(offset, "]")

    def mapping(self, offset: int, path: KeyPath) -> tuple[dict[str, Any], int]:
        items: dict[str, Any] = {}
        offset = self.skip(offset)
        if self.text.startswith("}", offset):
            return items, offset + 1
        while True:
            offset = self.skip(offset)
            if not self.text.startswith('"', offset):
                self.word(offset)
                raise _UnreadableError(offset, "a key must be text in double quotes", 'Write "key": value.')
            place = self.place(offset)
            name, offset = self.string(offset)
            here = (*path, name)
            if name in items:
                message = written_twice(here, self.keys[here], place)
                self.problems.append(Problem("error", "CL108", message, self.path, *place, "Keep one of them."))
            self.keys.setdefault(here, place)
            offset = self.skip(offset)
            if not self.text.startswith(":", offset):
                raise _UnreadableError(offset, "a colon is missing here", 'Write "key": value.')
            item, offset = self.value(self.skip(offset + 1), here)
            items.setdefault(name, item)
            offset = self.skip(offset)
            if self.text.startswith("}", offset):
                return items, offset + 1
            offset = self.comma(offset, "}")

    def comma(self, offset: int, closing: str) -> int:
        if self.text.startswith(",", offset):
            return offset + 1
        if offset >= len(self.text):
            raise _UnreadableError(offset, "the JSON ends too early", f"Close it with {closing}.")
        raise _UnreadableError(offset, f"a comma or {closing} is missing here", "Separate values with commas.")


def read_json(text: str, path: str = "", first_line: int = 1) -> Reading:
    """The value of a JSON text that begins at the first column of `first_line` of the file at `path`."""
    reading, end = _read(text, path, first_line)
    rest = _SPACE.match(text, end)
    if not reading.readable or (rest is not None and rest.end() == len(text)):
        return reading
    offset = rest.end() if rest else end
    line = text.count("\n", 0, offset) + first_line
    column = offset - text.rfind("\n", 0, offset)
    problem = Problem("error", "CL107", "something follows the end of the JSON", path, line, column, "Take it out.")
    return Reading(None, reading.places, (*reading.problems, problem), readable=False)


def json_end(text: str, offset: int) -> int | None:
    """Where the JSON value that begins at `offset` ends; None when it is not well-formed."""
    reading, end = _read(text[offset:], "", 1)
    return offset + end if reading.readable else None


def _read(text: str, path: str, first_line: int) -> tuple[Reading, int]:
    scan = _Scan(text, path, first_line)
    try:
        value, end = scan.value(scan.skip(0), ())
    except _UnreadableError as error:
        line = text.count("\n", 0, error.offset) + first_line
        column = error.offset - text.rfind("\n", 0, error.offset)
        problem = Problem("error", error.code, error.message, path, line, column, error.hint)
        places = Places(scan.keys, scan.values, (first_line, 1), "json")
        return Reading(None, places, (*scan.problems, problem), readable=False), len(text)
    places = Places(scan.keys, scan.values, scan.values[()], "json")
    return Reading(value, places, tuple(scan.problems)), end
