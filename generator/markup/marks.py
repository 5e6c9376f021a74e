"""Marks: the private-use characters that carry a number through a Markdown engine."""

import re
from functools import lru_cache
from typing import Literal

MarkKind = Literal["open", "close", "point"]

_KINDS: dict[MarkKind, str] = {"open": "\ue8f0", "close": "\ue8f1", "point": "\ue8f2"}
_NAMES: dict[str, MarkKind] = {character: kind for kind, character in _KINDS.items()}
_END = "\ue8f3"
_FIRST_DIGIT = 0xE8F4
_TO_DIGITS = {ord(str(digit)): chr(_FIRST_DIGIT + digit) for digit in range(10)}
_FROM_DIGITS = {_FIRST_DIGIT + digit: str(digit) for digit in range(10)}

RESERVED = re.compile("[\ue8f0-\ue8fd]")
"""The characters that no text of an author may hold: U+E8F0 to U+E8FD."""

RESERVED_REFERENCE = re.compile(r"&#(?:0*5963[2-9]|0*5964[0-5]|[xX]0*[eE]8[fF][0-9a-dA-D])(?![0-9a-fA-F]);?")
"""The same characters written as numbers."""

MARK = re.compile("[\ue8f0-\ue8f2][\ue8f4-\ue8fd]+\ue8f3")
REPLACEMENT = "\ufffd"
_SIGNED = re.compile("&#x(E8F[0-3]);")


@lru_cache(maxsize=4096)
def mark(kind: MarkKind, number: int) -> str:
    """The mark of a number: where something opens, where it closes, or where it stands whole."""
    return f"{_KINDS[kind]}{str(number).translate(_TO_DIGITS)}{_END}"


def signed(text: str, *, before: bool, behind: bool) -> str:
    """A text of marks of which the first character or the last counts as a sign, not as a letter, beside emphasis."""
    if before and text[:1] in _NAMES:
        text = f"&#x{ord(text[0]):X};{text[1:]}"
    if behind and text.endswith(_END):
        text = f"{text[:-1]}&#x{ord(_END):X};"
    return text


def unsigned(html: str) -> str:
    """What an engine made of signed marks, with those it has not read (in raw HTML) as they were."""
    if "&#xE8F" not in html:
        return html
    return _SIGNED.sub(lambda match: chr(int(match[1], 16)), html)


def read_mark(written: str) -> tuple[MarkKind, int]:
    """Kind and number of what `MARK` matches."""
    return _NAMES[written[0]], int(written[1:-1].translate(_FROM_DIGITS))


def without_marks(text: str) -> str:
    """A text without marks and without stray pieces of them."""
    if text.isascii() or not RESERVED.search(text):
        return text
    return RESERVED.sub("", MARK.sub("", text))
