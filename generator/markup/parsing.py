"""HTML as tokens: what an engine wrote, understood as a browser would."""

import re
from collections.abc import Mapping
from functools import lru_cache
from html import unescape

from generator.markup.marks import MARK, read_mark, without_marks
from generator.markup.tokens import BLOCKS, LINE_END, RAW_TEXT, VOID, Comment, End, Mark, Markup, Start, Text, Token

_INLINES = frozenset({
    "a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "s", "samp", "small", "span",
    "strong", "sub", "sup", "u",
})  # fmt: skip

_OF_ENGINES = (
    "blockquote", "br", "dd", "del", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
)  # fmt: skip
# Most of a text is made of these tags, here without their brackets. Tokens never change: one does for all places.
_KNOWN: dict[str, Token] = {
    **{name: Start(name, {}) for name in sorted(BLOCKS | _INLINES)},
    **{f"/{name}": End(name) for name in sorted((BLOCKS | _INLINES) - VOID)},
}
# What engines make of Markdown alone.
_PLAIN: dict[str, Token] = {
    **{name: token for name, token in _KNOWN.items() if name.removeprefix("/") in _OF_ENGINES},
    **{f"{name} /": Start(name, {}) for name in ("br", "hr")},
}

_ATTRIBUTES = r"(?:[^\"<>]|\"[^\"]*\")*"
_TAG = re.compile(rf"<(/?)([A-Za-z][^\s/>]*)({_ATTRIBUTES})>")
_ATTRIBUTE = re.compile(r"([^\s=\"]+)(?:=\"([^\"]*)\")?")
_MARK = re.compile(f"({MARK.pattern})")
_RAW_NAMES = "|".join(sorted(RAW_TEXT))
_RAW_ELEMENTS = "|".join(rf"<{name}(?=[\s/>]){_ATTRIBUTES}>.*?(?:(?=</{name}>)|\Z)" for name in sorted(RAW_TEXT))
_TAGS = re.compile(rf"(<!--.*?-->|<[!?][^>]*>|{_RAW_ELEMENTS}|</?[A-Za-z][^\s/>]*{_ATTRIBUTES}>)", re.DOTALL)
# A tag, without its angle brackets, that can be told from text by nothing but these: no value holds one.
_SIMPLE_TAG = re.compile(rf"(?!(?:{_RAW_NAMES})(?:[\s/]|\Z))/?[A-Za-z][^\s/\"]*(?:[^\"]|\"[^\"]*\")*\Z")
_RARE_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|#(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6]));)")
_FOREIGN = re.compile("<(?:svg|math)", re.IGNORECASE)
_EMPTY_FIRST_LINE = re.compile(r"<(?:pre|textarea|listing)(?:\s[^<>]*)?>\n(?=\n)", re.IGNORECASE)


def with_first_lines(html: str) -> str:
    """HTML of which a parser keeps the empty first lines in exact text: it drops the line end behind such a tag."""
    return _EMPTY_FIRST_LINE.sub(r"\g<0>\n", html) if "\n\n" in html else html


def balanced(html: str) -> tuple[str, tuple[str, ...]]:
    """HTML as a browser would understand it, every element closed; and which elements were taken out of SVG or MathML.

    Scripts, styles and frames mean something else in a drawing than in HTML, which attacks rely on: they cannot stay.
    """
    if not html:
        return "", ()
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(with_first_lines(html), is_fragment=True)
    removed: list[str] = []
    if _FOREIGN.search(html):
        for node in tree.css(", ".join(f"{outer} {inner}" for outer in ("svg", "math") for inner in sorted(RAW_TEXT))):
            removed.append(str(node.tag))
            node.decompose()
    return tree.html or "", tuple(removed)


def tokenise(html: str) -> list[Token]:
    """The tokens of balanced HTML, marks in texts included; marks in attributes are removed."""
    tokens = _tokens(html, _KNOWN, others=True)
    return _tokenise_any(html) if tokens is None else tokens


def tokenise_plain(html: str) -> list[Token] | None:
    """The tokens of what an engine made of Markdown without raw HTML, which needs no `balanced` before.

    None when there is more in it than tags without attributes and the common entities.
    """
    if "\r" in html or ("&" in html and _RARE_ENTITY.search(html)):
        return None
    return _tokens(html, _PLAIN, others=False)


def _tokens(html: str, known: Mapping[str, Token], *, others: bool) -> list[Token] | None:
    """The tokens of HTML with the `known` tags and, if `others`, with all that hold no angle brackets in attributes.

    None when there are more than these, comments or raw elements.
    """
    tokens: list[Token] = []
    before, *tags = html.split("<")
    _add_text(tokens, before)
    for tag in tags:
        name, bracket, text = tag.partition(">")
        token = known.get(name)
        if token is not None and bracket:
            tokens.append(token)
        elif others and bracket and _SIMPLE_TAG.match(name):
            tokens += _tag_tokens(f"<{name}>")
        else:
            return None
        if text == "\n":
            tokens.append(LINE_END)
        elif text.isascii() and "&" not in text:
            if text:
                tokens.append(Text(text))
        else:
            _add_text(tokens, text)
    return tokens


def _tokenise_any(html: str) -> list[Token]:
    """What `tokenise` gives, for HTML with comments, raw elements, or angle brackets in attributes too."""
    tokens: list[Token] = []
    for index, piece in enumerate(_TAGS.split(html)):
        if index % 2:
            tokens += _tag_tokens(piece)
        else:
            _add_text(tokens, piece)
    return tokens


def _add_text(tokens: list[Token], text: str) -> None:
    if "&" in text:
        text = unescape(text)
    for index, piece in enumerate(_MARK.split(text)):
        if index % 2:
            tokens.append(_mark_token(piece))
        elif piece:
            tokens.append(Text(without_marks(piece)))


@lru_cache(maxsize=1024)
def _mark_token(piece: str) -> Mark:
    return Mark(*read_mark(piece))


def _tag_tokens(piece: str) -> list[Token]:
    """The token of a tag or a comment; of a raw element its tag and what it holds."""
    if piece.startswith(("<!", "<?")):
        return [Comment(piece[len("<!--") : -len("-->")])] if piece.startswith("<!--") else []
    tag = _TAG.match(piece)
    if tag is None:
        return [Text(without_marks(unescape(piece)))]
    if tag[1]:
        return [End(tag[2])]
    start = Start(tag[2], _attributes(tag[3]))
    raw = piece[tag.end() :]
    return [start, Markup(without_marks(raw))] if raw else [start]


def _attributes(text: str) -> dict[str, str]:
    if not text or text.isspace():
        return {}
    return {match[1]: without_marks(unescape(match[2] or "")) for match in _ATTRIBUTE.finditer(text)}
