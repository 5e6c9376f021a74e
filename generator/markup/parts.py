"""Tokens as the parts of a body."""

from collections.abc import Iterable
from html import escape

import msgspec

from generator.markup.tokens import (
    Begin,
    End,
    Finish,
    Hole,
    Markup,
    SlottedStart,
    Start,
    Text,
    Token,
    attributes_text,
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


def body_of(tokens: Iterable[Token]) -> Body:
    """The body: neighbouring HTML is one part, white space at either end of the body or a call is gone."""
    levels = [_Level(None)]
    for token in tokens:
        level = levels[-1]
        match token:
            case Text(text):
                level.html.append(escape(text, quote=False))
            case SlottedStart():
                _add_slotted(level, token)
            case Start():
                level.html.append(start_html(token))
            case End(name):
                level.html.append(f"</{name}>")
            case Markup(html):
                level.html.append(html)
            case Hole(slot):
                level.add(slot)
            case Begin(call):
                levels.append(_Level(call))
            case Finish() if level.call is not None:
                levels.pop()
                level.end_html()
                levels[-1].add(msgspec.structs.replace(level.call, inner=_trimmed(level.parts)))
            case _:
                continue
    levels[0].end_html()
    return Body(_trimmed(levels[0].parts))


def _add_slotted(level: _Level, start: SlottedStart) -> None:
    level.html.append(f"<{start.name}")
    for attribute, value in start.attributes.items():
        if attribute not in start.pieces:
            level.html.append(attributes_text({attribute: value}))
            continue
        level.html.append(f' {attribute}="')
        for piece in start.pieces[attribute]:
            if isinstance(piece, Slot):
                level.add(piece)
            else:
                level.html.append(escape(piece))
        level.html.append('"')
    level.html.append(">")


def _trimmed(parts: list[Part]) -> tuple[Part, ...]:
    kept = list(parts)
    if kept and isinstance(kept[0], Html):
        kept[0] = Html(kept[0].text.lstrip("\n"))
    if kept and isinstance(kept[-1], Html):
        kept[-1] = Html(kept[-1].text.rstrip("\n"))
    return tuple(part for part in kept if not (isinstance(part, Html) and not part.text))
