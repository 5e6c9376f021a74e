"""HTML as a flat sequence of tokens: what every step behind the engine reads and returns."""

import re
from collections.abc import Iterable, Sequence
from html import escape, unescape

from msgspec import Struct

from generator.markup.marks import MARK, MarkKind, read_mark, without_marks
from generator.model.body import Call, Slot

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

_TOKEN = re.compile(r"<!--(.*?)-->|<(/?)([A-Za-z][^\s/>]*)((?:[^\"<>]|\"[^\"]*\")*)>|<[!?][^>]*>", re.DOTALL)
_ATTRIBUTE = re.compile(r"([^\s=\"]+)(?:=\"([^\"]*)\")?")
_FOREIGN = re.compile("<(?:svg|math)", re.IGNORECASE)


class Text(Struct, frozen=True):
    """Characters as a reader sees them (no entities). `exact` text is never made typographic."""

    text: str
    exact: bool = False


class Start(Struct, frozen=True):
    """A start tag (or a void element) with its attributes decoded."""

    name: str
    attributes: dict[str, str]

    @property
    def is_void(self) -> bool:
        """Whether no end tag follows."""
        return self.name in VOID


class SlottedStart(Start, frozen=True):
    """A start tag of which some attributes hold slots: their values in pieces."""

    pieces: dict[str, tuple[str | Slot, ...]]


class End(Struct, frozen=True):
    """An end tag."""

    name: str


class Comment(Struct, frozen=True):
    """The text of a comment."""

    text: str


class Mark(Struct, frozen=True):
    """A mark: its kind and the number of its item."""

    kind: MarkKind
    number: int


class Markup(Struct, frozen=True):
    """Finished HTML of our own or from inside a script; `plain` is what a reader of plain text gets for it."""

    html: str
    plain: str = ""
    block: bool = False


class Hole(Struct, frozen=True):
    """A slot."""

    slot: Slot


class Begin(Struct, frozen=True):
    """A call begins here; its `inner` is what comes up to `Finish`. `plain` is what plain text has in front of that."""

    call: Call
    plain: str = ""


class Finish(Struct, frozen=True):
    """The innermost call ends here."""


Token = Text | Start | End | Comment | Mark | Markup | Hole | Begin | Finish


def balanced(html: str) -> tuple[str, tuple[str, ...]]:
    """HTML as a browser would understand it, every element closed; and which elements were taken out of SVG or MathML.

    Scripts, styles and frames mean something else in a drawing than in HTML, which attacks rely on: they cannot stay.
    """
    if not html:
        return "", ()
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(html, is_fragment=True)
    removed: list[str] = []
    if _FOREIGN.search(html):
        for node in tree.css(", ".join(f"{outer} {inner}" for outer in ("svg", "math") for inner in sorted(RAW_TEXT))):
            removed.append(str(node.tag))
            node.decompose()
    return tree.html or "", tuple(removed)


def tokenise(html: str) -> list[Token]:
    """The tokens of balanced HTML, marks in texts included; marks in attributes are removed."""
    tokens: list[Token] = []
    position = 0
    while True:
        match = _TOKEN.search(html, position)
        _add_text(tokens, html[position : match.start()] if match else html[position:])
        if match is None:
            return tokens
        position = match.end()
        if match[1] is not None:
            tokens.append(Comment(match[1]))
        elif match[3] is None:
            continue
        elif match[2]:
            tokens.append(End(match[3]))
        else:
            name = match[3]
            tokens.append(Start(name, _attributes(match[4])))
            if name in RAW_TEXT:
                end = html.find(f"</{name}>", position)
                end = len(html) if end < 0 else end
                if end > position:
                    tokens.append(Markup(without_marks(html[position:end])))
                position = end


def _add_text(tokens: list[Token], text: str) -> None:
    if not text:
        return
    if "&" in text:
        text = unescape(text)
    position = 0
    for match in MARK.finditer(text):
        if match.start() > position:
            tokens.append(Text(without_marks(text[position : match.start()])))
        tokens.append(Mark(*read_mark(match)))
        position = match.end()
    if position < len(text):
        tokens.append(Text(without_marks(text[position:])))


def _attributes(text: str) -> dict[str, str]:
    if not text or text.isspace():
        return {}
    return {match[1]: without_marks(unescape(match[2] or "")) for match in _ATTRIBUTE.finditer(text)}


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
    from generator.markup.marks import mark

    pieces: list[str] = []
    for token in tokens:
        match token:
            case Text(text):
                pieces.append(escape(text, quote=False))
            case Start():
                pieces.append(start_html(token))
            case End(name):
                pieces.append(f"</{name}>")
            case Mark(kind, number):
                pieces.append(mark(kind, number))
            case Markup(html):
                pieces.append(html)
            case _:
                continue
    return "".join(pieces)


def depth_change(token: Token) -> int:
    """1 where an element, a call or a link opens, -1 where it closes, else 0."""
    if isinstance(token, Start):
        return 0 if token.is_void else 1
    if isinstance(token, Hole):
        return {"link": 1, "unlink": -1}.get(token.slot.role, 0)
    if isinstance(token, Mark):
        return {"open": 1, "close": -1}.get(token.kind, 0)
    return isinstance(token, Begin) - isinstance(token, End | Finish)


def matching_ends(tokens: Sequence[Token]) -> dict[int, int]:
    """The index of each element's end by that of its start."""
    ends: dict[int, int] = {}
    stack: list[int] = []
    for index, token in enumerate(tokens):
        if isinstance(token, Start):
            if not token.is_void:
                stack.append(index)
        elif isinstance(token, End) and stack:
            ends[stack.pop()] = index
    return ends


def plain_text(tokens: Iterable[Token]) -> str:
    """What a reader of the tokens reads, blocks on lines of their own, no line empty."""
    pieces: list[str] = []
    for token in tokens:
        match token:
            case Text(text):
                pieces.append(text.replace("\n", " "))
            case Markup(_html, plain, block):
                pieces.append(f"\n{plain}\n" if block else plain)
            case Begin(_call, plain) if plain:
                pieces.append(f"\n{plain}\n")
            case Start(name) | End(name) if name in BLOCKS:
                pieces.append("\n")
            case Start("br"):
                pieces.append(" ")
            case Start("td") | Start("th"):
                pieces.append(" ")
            case _:
                continue
    return "".join(pieces)
