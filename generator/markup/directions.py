"""Characters that turn the direction of a text without being seen."""

import re
from collections.abc import Sequence

from generator.markup.complaints import Complaints
from generator.markup.lines import Line
from generator.source.places import Place

# Embeddings, overrides, isolates and their ends: Unicode Standard Annex 9, §2.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_OVERRIDES = frozenset("\u202d\u202e")
_EMBEDDINGS = frozenset("\u202a\u202b") | _OVERRIDES
_ISOLATES = frozenset("\u2066\u2067\u2068")
_END_OF_EMBEDDING, _END_OF_ISOLATE = "\u202c", "\u2069"

OVERRIDE_REFERENCE = re.compile(r"&#(?:0*823[78]|[xX]0*202[dDeE])(?![0-9a-fA-F]);?")
"""An override written as a number."""


def tell_turns(text: str, lines: Sequence[Line], complaints: Complaints) -> None:
    """Warns of overrides, and of embeddings and isolates that their paragraph does not close or that nothing opened.

    `lines` are those of `text`.
    """
    if text.isascii() or not _TURNING.search(text):
        return
    paragraph = _Paragraph(complaints)
    for line in lines:
        if not line.source.strip():
            paragraph.end()
        for match in _TURNING.finditer(line.source):
            paragraph.read(match[0], (line.number, match.start() + 1))
    paragraph.end()


def tell_override(shown: str, place: Place, complaints: Complaints) -> None:
    """Warns of an override."""
    _tell(shown, "shows letters in another order than they are written", place, complaints)


class _Paragraph:
    """What is open in a paragraph."""

    def __init__(self, complaints: Complaints) -> None:
        self.complaints = complaints
        self.open: list[tuple[str, Place]] = []

    def read(self, character: str, place: Place) -> None:
        if character in _OVERRIDES:
            tell_override(_named(character), place, self.complaints)
        if character in _EMBEDDINGS or character in _ISOLATES:
            self.open.append((character, place))
        elif not self.closed(character):
            _tell(_named(character), "ends a direction that nothing began", place, self.complaints)

    def closed(self, end: str) -> bool:
        if end == _END_OF_EMBEDDING:
            if self.open and self.open[-1][0] in _EMBEDDINGS:
                self.open.pop()
                return True
            return False
        while self.open:
            character, place = self.open.pop()
            if character in _ISOLATES:
                return True
            self.unclosed(character, place)
        return False

    def unclosed(self, character: str, place: Place) -> None:
        if character not in _OVERRIDES:
            _tell(_named(character), "turns the direction of a text and is never closed", place, self.complaints)

    def end(self) -> None:
        for character, place in self.open:
            self.unclosed(character, place)
        self.open.clear()


def _named(character: str) -> str:
    return f"U+{ord(character):04X}"


def _tell(shown: str, what: str, place: Place, complaints: Complaints) -> None:
    hint = "Delete it; words of the other direction can stand in <bdi>…</bdi>."
    complaints.warning("CL235", f"{shown}, which nobody sees, {what}", place, hint)
