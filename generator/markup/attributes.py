"""The grammar of `{key=value .class #id flag}`."""

import re
from collections.abc import Iterable

from msgspec import Struct

_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r"[A-Za-z_][\w:.-]*")
_CLASS_OR_ID = re.compile(r"[.#]([^\s}{.#\"'=]+)")
_BARE = re.compile(r"[^\s}\"'<>`{]+")
# Most attributes: a key with a bare value, or with one in double quotes that holds no backslash.
_PAIR = re.compile(r"""[ \t]*([A-Za-z_][\w:.-]*)=(?:(?![“”„«])([^\s}"'<>`{]+)|"([^"\\\n]*)")""")
_LONGEST = 10_000


class Attribute(Struct, frozen=True):
    """One attribute: key, value (None for a lone key), index of its key and of its value in the text."""

    key: str
    value: str | None
    at: int
    value_at: int


class Malformed(Struct, frozen=True):
    """Why what begins like attributes is none: the words, and the index where it shows."""

    message: str
    at: int


def read_attributes(text: str, start: int) -> tuple[tuple[Attribute, ...], int] | Malformed:
    """The attributes in braces that open at `start`, and the index behind the closing brace.

    Values are bare, or in `"…"` or `'…'` where a backslash keeps the next quote or backslash. `.x` is a class,
    `#x` an id.
    """
    found: list[Attribute] = []
    position = start + 1
    if text.startswith(":", position):
        position += 1
    limit = min(len(text), start + _LONGEST)
    while position < limit:
        pair = _PAIR.match(text, position, limit)
        if pair is not None:
            value = pair[3] if pair[2] is None else pair[2]
            found.append(Attribute(pair[1], value, pair.start(1), pair.end(1) + 1))
            position = pair.end()
            continue
        position = _after(_SPACE, text, position)
        if text.startswith("}", position):
            return tuple(found), position + 1
        short = _CLASS_OR_ID.match(text, position)
        if short:
            found.append(Attribute("class" if text[position] == "." else "id", short[1], position, position + 1))
            position = short.end()
            continue
        key = _KEY.match(text, position)
        if key is None:
            shown = text[position : position + 1].strip()
            what = f"“{shown}” cannot stand here" if shown else "the closing } is missing"
            return Malformed(what, min(position, max(len(text) - 1, 0)))
        position = key.end()
        if not text.startswith("=", position):
            found.append(Attribute(key[0], None, key.start(), key.start()))
            continue
        read = _read_value(text, position + 1, limit)
        if isinstance(read, Malformed):
            return read
        found.append(Attribute(key[0], read[0], key.start(), position + 1))
        position = read[1]
    return Malformed("the closing } is missing", start)


def gives_attributes(found: Iterable[Attribute]) -> bool:
    """Whether there is a class, an id or a value among what was read: words alone, `{a b}`, are text in braces."""
    return any(attribute.value is not None for attribute in found)


def _after(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def _read_value(text: str, start: int, limit: int) -> tuple[str, int] | Malformed:
    quote = text[start : start + 1]
    if quote in ("“", "”", "„", "«"):
        return Malformed(f"a value is written in straight quotes, not in {quote}", start)
    if quote not in ('"', "'") or not quote:
        bare = _BARE.match(text, start, limit)
        return (bare[0], bare.end()) if bare else Malformed("a value is missing after =", start)
    characters: list[str] = []
    position = start + 1
    while position < limit:
        character = text[position]
        if character == quote:
            return "".join(characters), position + 1
        if character == "\\" and text[position + 1 : position + 2] in (quote, "\\"):
            position += 1
            character = text[position]
        if character == "\n":
            break
        characters.append(character)
        position += 1
    return Malformed("a quotation mark is never closed", start)


def bracket_end(text: str, start: int) -> int:
    """The index of the `]` that closes the `[` at `start`; -1 when none does. A backslash keeps a bracket."""
    close = text.find("]", start)
    if close < 0:
        return -1
    if text.find("[", start + 1, close) < 0 and text.find("\\", start, close) < 0:
        return close
    depth = 0
    position = start
    while position < len(text):
        character = text[position]
        if character == "\\":
            position += 1
        elif character == "[":
            depth += 1
        elif character == "]":
            depth -= 1
            if not depth:
                return position
        position += 1
    return -1
