"""The beginning of a text, for lists and feeds."""

from collections.abc import Sequence

from generator.markup.footnotes import REFERENCE_CLASS
from generator.markup.items import Item, More
from generator.markup.tokens import Begin, End, Finish, Mark, Start, Text, Token, plain_text

_TAKEN_OUT = frozenset({"footnotes", "footnote-back"})


def lead_of(tokens: Sequence[Token], items: Sequence[Item]) -> list[Token]:
    """What stands before `<!--more-->`, to the end of the block it stands in; without one the first paragraph.

    No ids and no references to footnotes: a list shows many leads on one page.
    """
    end = _end_of_more(tokens, items)
    if end >= 0:
        return readable(tokens[:end], ids=False)
    start, end = _first_paragraph(tokens)
    return readable(tokens[start:end], ids=False)


def without_more(tokens: Sequence[Token], items: Sequence[Item]) -> list[Token]:
    """The tokens without the place where the lead ends."""
    return [token for token in tokens if not (isinstance(token, Mark) and isinstance(items[token.number], More))]


def readable(tokens: Sequence[Token], *, ids: bool = True) -> list[Token]:
    """The tokens without footnotes and references to them, and without `ids` where they are not wanted."""
    kept: list[Token] = []
    skipped = 0
    opened: list[bool] = []
    for token in tokens:
        if isinstance(token, Start) and not token.is_void:
            skipped += _is_reference(token)
            if not skipped:
                kept.append(token if ids else _without_id(token))
            opened.append(_is_reference(token))
        elif isinstance(token, End):
            if not skipped:
                kept.append(token)
            skipped -= opened.pop() if opened else 0
        elif isinstance(token, Begin):
            gone = token.call.name in _TAKEN_OUT
            skipped += gone
            opened.append(gone)
            if not skipped:
                kept.append(token)
        elif isinstance(token, Finish):
            if not skipped:
                kept.append(token)
            skipped -= opened.pop() if opened else 0
        elif not skipped:
            kept.append(_without_id(token) if isinstance(token, Start) and not ids else token)
    return [token for token in kept if not isinstance(token, Mark)]


def _is_reference(token: Start) -> bool:
    return token.name == "sup" and token.attributes.get("class") == REFERENCE_CLASS


def _without_id(token: Start) -> Start:
    if "id" not in token.attributes:
        return token
    return Start(token.name, {name: value for name, value in token.attributes.items() if name != "id"})


def _end_of_more(tokens: Sequence[Token], items: Sequence[Item]) -> int:
    """The index behind the outermost block that holds the first `<!--more-->`; -1 without one."""
    depth = 0
    seen = False
    for index, token in enumerate(tokens):
        if isinstance(token, Mark) and isinstance(items[token.number], More):
            seen = True
        elif isinstance(token, Begin) or (isinstance(token, Start) and not token.is_void):
            depth += 1
        elif isinstance(token, End | Finish):
            depth -= 1
        if seen and not depth:
            return index + 1
    return -1


def _first_paragraph(tokens: Sequence[Token]) -> tuple[int, int]:
    """Where the first paragraph with words begins and ends: an outermost one, else any."""
    depth = 0
    starts: list[tuple[int, int]] = []
    inner: tuple[int, int] | None = None
    for index, token in enumerate(tokens):
        if isinstance(token, Begin) or (isinstance(token, Start) and not token.is_void):
            if isinstance(token, Start) and token.name == "p":
                starts.append((index, depth))
            depth += 1
        elif isinstance(token, End | Finish):
            depth -= 1
            if not isinstance(token, End) or token.name != "p" or not starts:
                continue
            start, level = starts.pop()
            has_words = any(isinstance(piece, Text) and not piece.text.isspace() for piece in tokens[start:index])
            if has_words and not level:
                return start, index + 1
            if has_words and inner is None:
                inner = (start, index + 1)
    return inner or (0, 0)


def summary_of(lead: Sequence[Token]) -> str:
    """The words of a lead in one line."""
    return " ".join(plain_text(lead).split())

