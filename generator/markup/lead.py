"""The beginning of a text, for lists and feeds."""

from collections.abc import Sequence

from msgspec.structs import replace

from generator.markup.footnotes import without_notes
from generator.markup.items import Item, More, holds
from generator.markup.quotations import is_of_others, without_others
from generator.markup.tokens import Begin, End, Finish, Mark, Start, Text, Token, depth_change, plain_text

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def lead_of(tokens: Sequence[Token], items: Sequence[Item]) -> list[Token]:
    """What stands before `<!--more-->`, to the end of the block it stands in; without one the first own paragraph.

    No ids and no footnotes: a list shows many leads on one page.
    """
    end = _end_of_more(tokens, items) if holds(items, More) else -1
    if end >= 0:
        return _bare(tokens[:end])
    start, end = _first_paragraph(tokens)
    return _bare(tokens[start:end])


def without_more(tokens: Sequence[Token], items: Sequence[Item]) -> list[Token]:
    """The tokens without the place where the lead ends."""
    if not holds(items, More):
        return list(tokens)
    return [token for token in tokens if not (type(token) is Mark and type(items[token.number]) is More)]


def _bare(tokens: Sequence[Token]) -> list[Token]:
    return [
        _without_id(token) if type(token) is Start else token
        for token in without_notes(tokens, texts=False)
        if type(token) is not Mark
    ]


def _without_id(token: Start) -> Start:
    if "id" not in token.attributes:
        return token
    return replace(token, attributes={name: value for name, value in token.attributes.items() if name != "id"})


def _end_of_more(tokens: Sequence[Token], items: Sequence[Item]) -> int:
    """The index behind the outermost block that holds the first `<!--more-->`; -1 without one."""
    depth = 0
    seen = False
    for index, token in enumerate(tokens):
        if type(token) is Mark and type(items[token.number]) is More:
            seen = True
        else:
            depth += depth_change(token)
        if seen and not depth:
            return index + 1
    return -1


def _first_paragraph(tokens: Sequence[Token]) -> tuple[int, int]:
    """Where the first paragraph with words of the author's begins and ends: an outermost one, else any."""
    depth = 0
    voices = [False]
    starts: list[tuple[int, int]] = []
    inner: tuple[int, int] | None = None
    for index, token in enumerate(tokens):
        if type(token) is Start and token.name == "p":
            starts.append((index, depth))
        depth += depth_change(token)
        if type(token) is Begin:
            theirs = is_of_others(token.call)
            voices.append(voices[-1] if theirs is None else theirs)
        elif type(token) is Finish:
            voices.pop()
        elif type(token) is End and token.name == "p" and starts:
            start, level = starts.pop()
            said = any(type(piece) is Text and not piece.text.isspace() for piece in tokens[start:index])
            has_words = said and not voices[-1]
            if has_words and not level:
                return start, index + 1
            if has_words and inner is None:
                inner = (start, index + 1)
    return inner or (0, 0)


def summary_of(lead: Sequence[Token], said: str) -> str:
    """The words of a lead in one line, without its headings and without words of others, which no mark would tell.

    `said` is what `plain_text` gives for the lead, which is enough for most: they are one paragraph.
    """
    has_call = any(type(token) is Begin for token in lead)
    if not has_call and _HEADINGS.isdisjoint([token.name for token in lead if type(token) is Start]):
        return " ".join(said.split())
    kept: list[Token] = []
    heading = 0
    for token in without_others(lead):
        if (type(token) is Start or type(token) is End) and token.name in _HEADINGS:
            heading += 1 if type(token) is Start else -1
        if not heading:
            kept.append(token)
    return " ".join(plain_text(kept).split())
