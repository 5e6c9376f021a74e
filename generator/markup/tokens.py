"""HTML as a flat sequence of tokens: what every step behind the engine reads and returns."""

from collections.abc import Iterable, Sequence
from html import escape

from msgspec import Struct

from generator.markup.marks import MarkKind, mark
from generator.model.body import Call, Slot
from generator.source.places import Place

VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
RAW_TEXT = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext"})
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "caption", "center", "dd", "details", "dialog", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup",
    "hr", "legend", "li", "main", "menu", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
"""Elements that begin a new line of text."""


class Text(Struct, frozen=True, gc=False):
    """Characters as a reader sees them (no entities). `exact` text is never made typographic."""

    text: str
    exact: bool = False


LINE_END = Text("\n")
"""What stands between most blocks; one for all places."""


class Start(Struct, frozen=True):
    """A start tag (or a void element) with its attributes decoded; `pieces` are the values of those that hold slots."""

    name: str
    attributes: dict[str, str]
    pieces: dict[str, tuple[str | Slot, ...]] | None = None


class End(Struct, frozen=True, gc=False):
    """An end tag."""

    name: str


class Comment(Struct, frozen=True, gc=False):
    """The text of a comment."""

    text: str


class Mark(Struct, frozen=True, gc=False):
    """A mark: its kind and the number of its item."""

    kind: MarkKind
    number: int


class Markup(Struct, frozen=True, gc=False):
    """Finished HTML of our own or from inside a script; `plain` is what a reader of plain text gets for it."""

    html: str
    plain: str = ""
    block: bool = False


class Hole(Struct, frozen=True):
    """A slot."""

    slot: Slot


class Begin(Struct, frozen=True):
    """A call begins here; its `inner` is what comes up to `Finish`. `plain` is what plain text has in front of that.

    `files` are the attributes of the call that name files, with the places of their values. What stands `aside` is no
    part of what the text says: neither its beginning nor its plain text has it.
    """

    call: Call
    plain: str = ""
    files: tuple[tuple[str, Place], ...] = ()
    aside: bool = False


class Finish(Struct, frozen=True, gc=False):
    """The innermost call ends here."""


Token = Text | Start | End | Comment | Mark | Markup | Hole | Begin | Finish


def start_html(start: Start) -> str:
    """A start tag as text."""
    if not start.attributes:
        return f"<{start.name}>"
    return f"<{start.name}{attributes_text(start.attributes)}>"


def attributes_text(attributes: dict[str, str]) -> str:
    """Attributes with a leading space each, escaped."""
    return "".join([f' {name}="{escape(value)}"' for name, value in attributes.items()])


def serialise(tokens: Iterable[Token]) -> str:
    """HTML of tokens as they come from `tokenise`, with marks in their place."""
    pieces: list[str] = []
    for token in tokens:
        if type(token) is Text:
            pieces.append(escape(token.text, quote=False))
        elif type(token) is Start:
            pieces.append(start_html(token))
        elif type(token) is End:
            pieces.append(f"</{token.name}>")
        elif type(token) is Mark:
            pieces.append(mark(token.kind, token.number))
        elif type(token) is Markup:
            pieces.append(token.html)
    return "".join(pieces)


def depth_change(token: Token) -> int:
    """1 where an element, a call or a link opens, -1 where it closes, else 0."""
    if type(token) is Text:
        return 0
    if type(token) is Start:
        return 0 if token.name in VOID else 1
    if type(token) is End or type(token) is Finish:
        return -1
    if type(token) is Hole:
        return {"link": 1, "unlink": -1}.get(token.slot.role, 0)
    if type(token) is Mark:
        return {"open": 1, "close": -1}.get(token.kind, 0)
    return int(type(token) is Begin)


def end_of(tokens: Sequence[Token], start: int) -> int:
    """The index of the end of the element that begins at `start`; the last index when there is none."""
    depth = 0
    for index in range(start, len(tokens)):
        token = tokens[index]
        if type(token) is Start and token.name not in VOID:
            depth += 1
        elif type(token) is End:
            depth -= 1
            if not depth:
                return index
    return len(tokens) - 1


def end_of_call(tokens: Sequence[Token], start: int) -> int:
    """The index of the `Finish` of the call that begins at `start`; the last index when there is none."""
    depth = 0
    for index in range(start, len(tokens)):
        if type(tokens[index]) is Begin:
            depth += 1
        elif type(tokens[index]) is Finish:
            depth -= 1
            if not depth:
                return index
    return len(tokens) - 1


def matching_ends(tokens: Sequence[Token]) -> dict[int, int]:
    """The index of each element's end by that of its start."""
    ends: dict[int, int] = {}
    stack: list[int] = []
    for index, token in enumerate(tokens):
        if type(token) is Start:
            if token.name not in VOID:
                stack.append(index)
        elif type(token) is End and stack:
            ends[stack.pop()] = index
    return ends


def plain_text(tokens: Iterable[Token]) -> str:
    """What a reader of the tokens reads, blocks on lines of their own, no line empty."""
    pieces: list[str] = []
    for token in tokens:
        if type(token) is Text:
            pieces.append(token.text.replace("\n", " "))
        elif type(token) is Start or type(token) is End:
            if token.name in BLOCKS:
                pieces.append("\n")
            elif token.name == "br" and type(token) is Start:
                pieces.append(" ")
        elif type(token) is Markup:
            pieces.append(plain_markup(token))
        elif type(token) is Begin and token.plain:
            pieces.append(f"\n{token.plain}\n")
    return "".join(pieces)


def plain_markup(token: Markup) -> str:
    """What plain text has for finished HTML."""
    return f"\n{token.plain}\n" if token.block else token.plain
