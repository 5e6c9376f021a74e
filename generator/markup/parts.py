"""Tokens as the parts of a body."""

from collections.abc import Iterable, Mapping
from html import escape

import msgspec

from generator.markup.tokens import (
    BLOCKS,
    LINE_END,
    Begin,
    End,
    Finish,
    Hole,
    Markup,
    Start,
    Text,
    Token,
    attributes_text,
    plain_markup,
    start_html,
)
from generator.model.body import Body, Call, Html, Part, Slot


class _Level:
    """What is being put together: the whole body, or the inside of a call."""

    def __init__(self, call: Call | None) -> None:
        self.call = call
        self.parts: list[Part] = []
        self.html: list[str] = []

    def add(self, part: Part) -> None:
        self.end_html()
        self.parts.append(part)

    def end_html(self) -> None:
        text = "".join(self.html)
        if text:
            self.parts.append(Html(text))
        self.html.clear()


def body_and_text(tokens: Iterable[Token]) -> tuple[Body, str]:
    """The body of some tokens, and what `plain_text` gives for them: for a whole text one look at each is enough.

    Neighbouring HTML is one part, white space at either end of the body or a call is gone.
    """
    said: list[str] = []
    levels = [_Level(None)]
    level = levels[0]
    html = level.html
    for token in tokens:
        if token is LINE_END:
            html.append("\n")
            said.append(" ")
        elif type(token) is Text:
            said.append(token.text.replace("\n", " "))
            html.append(token.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
        elif type(token) is Start:
            name = token.name
            if name in BLOCKS:
                said.append("\n")
            elif name == "br":
                said.append(" ")
            if token.pieces:
                _add_slotted(level, token, token.pieces)
            else:
                html.append(start_html(token) if token.attributes else f"<{name}>")
        elif type(token) is End:
            name = token.name
            if name in BLOCKS:
                said.append("\n")
            html.append(f"</{name}>")
        elif type(token) is Hole:
            level.add(token.slot)
        elif type(token) is Markup:
            html.append(token.html)
            said.append(plain_markup(token))
        elif type(token) is Begin:
            if token.plain:
                said.append(f"\n{token.plain}\n")
            level = _Level(token.call)
            levels.append(level)
            html = level.html
        elif type(token) is Finish and level.call is not None:
            level.end_html()
            call = msgspec.structs.replace(level.call, inner=_trimmed(level.parts))
            levels.pop()
            level = levels[-1]
            level.add(call)
            html = level.html
    levels[0].end_html()
    return Body(_trimmed(levels[0].parts)), "".join(said)


def _add_slotted(level: _Level, start: Start, pieces: Mapping[str, tuple[str | Slot, ...]]) -> None:
    level.html.append(f"<{start.name}")
    for attribute, value in start.attributes.items():
        if attribute not in pieces:
            level.html.append(attributes_text({attribute: value}))
            continue
        level.html.append(f' {attribute}="')
        for piece in pieces[attribute]:
            if isinstance(piece, Slot):
                level.add(piece)
            else:
                level.html.append(escape(piece))
        level.html.append('"')
    level.html.append(">")


def _trimmed(parts: list[Part]) -> tuple[Part, ...]:
    kept = list(parts)
    if kept and type(kept[0]) is Html:
        kept[0] = Html(kept[0].text.lstrip("\n"))
    if kept and type(kept[-1]) is Html:
        kept[-1] = Html(kept[-1].text.rstrip("\n"))
    return tuple(part for part in kept if not (type(part) is Html and not part.text))
