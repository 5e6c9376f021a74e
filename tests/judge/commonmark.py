"""The examples of the CommonMark specification, and what a reader sees of theirs and of Clarion's HTML."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from msgspec import Struct, convert
from selectolax.lexbor import LexborHTMLParser

from generator.model.body import Html, Part, Reference, Slot

SPECIFICATION = "commonmark-spec/spec.txt"
"""Where the specification lies below the folder of Node's packages."""
DIFFERENCES = Path(__file__).with_name("commonmark.toml")

_FENCE = "`" * 32
_END = "<!-- END TESTS -->"
_SPACE = re.compile(r"[ \t\n\f\r]+")
_HEADING = re.compile(r"h[1-6]")
# Elements at whose edges white space is not seen: blocks, and a line break.
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "br", "dd", "details", "div", "dl", "dt", "h1", "h2", "h3", "h4",
    "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "ul",
})  # fmt: skip
_VERBATIM = frozenset({"pre", "script", "style", "textarea"})
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "--", "—": "---", "…": "..."})


class Example(Struct, frozen=True):
    """One example: its number and section in the specification, a Markdown text, the HTML expected of it."""

    number: int
    section: str
    text: str
    html: str


class Difference(Struct, frozen=True, forbid_unknown_fields=True):
    """Examples that Clarion answers otherwise: why, whether that is meant, the code of the error it tells or ''."""

    reason: str
    on_purpose: bool
    examples: tuple[int, ...]
    told: str = ""


def read_examples(specification: str) -> Iterator[Example]:
    """The examples in order, numbered from 1. An arrow in the specification stands for a tab."""
    number, section = 0, ""
    lines = iter(specification.partition(_END)[0].split("\n"))
    for line in lines:
        if line.startswith("#"):
            section = line.strip("# ")
        elif line == f"{_FENCE} example":
            number += 1
            text, html = (_lines_to(end, lines).replace("→", "\t") for end in (".", _FENCE))
            yield Example(number, section, text, html)


def _lines_to(end: str, lines: Iterator[str]) -> str:
    return "".join(f"{line}\n" for line in iter(lambda: next(lines), end))


def read_differences() -> tuple[Difference, ...]:
    """What `commonmark.toml` lists."""
    return convert(tomllib.loads(DIFFERENCES.read_text(encoding="utf-8"))["difference"], tuple[Difference, ...])


def html_of(parts: Sequence[Part], references: Sequence[Reference]) -> str:
    """A body with its slots filled by the addresses that were written; quotations are elements, as before any theme."""
    pieces: list[str] = []
    for part in parts:
        if isinstance(part, Html):
            pieces.append(part.text)
        elif isinstance(part, Slot):
            target = escape(references[part.number].target)
            filled = {
                "link": f'<a href="{target}"{part.attributes}>',
                "unlink": "</a>",
                "picture": f'<img src="{target}"{part.attributes}>',
                "url": target,
            }
            pieces.append(filled[part.role])
        else:
            inner = html_of(part.inner, references)
            # A table is called with its element inside.
            name = {"quotation": "blockquote", "table": ""}.get(part.name, part.name)
            pieces.append(f"<{name}>{inner}</{name}>" if name else inner)
    return "".join(pieces)


def as_read(html: str, *, shifted: bool = False) -> list[str]:
    """What a browser makes of HTML, as tags and texts, without what Clarion adds on purpose.

    Left out are: ids of headings, `class` and `tabindex` of blocks of code, colours in code, typographic signs, the
    empty `alt` of a picture that says nothing, percent-encoding (addresses are encoded when a page is rendered),
    comments, and white space that nobody sees. `shifted` moves headings down one level if there is an `h1`, as
    Clarion does where the title of the page is one.
    """
    tree = LexborHTMLParser(html, is_fragment=True).html if html.strip() else ""
    reader = _Reader(shift=shifted and "<h1" in (tree or ""))
    reader.feed(tree or "")
    reader.close()
    return _without_unseen_space(reader.found)


class _Piece(Struct, frozen=True):
    """A tag by the name of its element, or a text (no name); `verbatim` where every space counts."""

    name: str
    shown: str
    verbatim: bool = False


class _Reader(HTMLParser):
    def __init__(self, *, shift: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.shift = shift
        self.verbatim = 0
        self.found: list[_Piece] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A start tag; one of a colour inside code is nothing."""
        if self.verbatim and tag == "span":
            return
        self.verbatim += tag in _VERBATIM
        attributes = {name: value or "" for name, value in attrs}
        if _HEADING.fullmatch(tag):
            attributes.pop("id", None)
        elif tag == "pre" and attributes.get("class") == "code":
            attributes.clear()
        elif tag == "img" and not attributes.get("alt"):
            attributes.pop("alt", None)
        for name in attributes.keys() & {"href", "src"}:
            attributes[name] = unquote(attributes[name])
        shown = "".join(f' {name}="{value}"' for name, value in sorted(attributes.items()))
        self.found.append(_Piece(tag, f"<{self.level(tag)}{shown}>"))

    def handle_endtag(self, tag: str) -> None:
        """An end tag."""
        if self.verbatim and tag == "span":
            return
        self.verbatim -= tag in _VERBATIM
        self.found.append(_Piece(tag, f"</{self.level(tag)}>"))

    def handle_data(self, data: str) -> None:
        """Characters, joined with those before."""
        text, verbatim = data.translate(_STRAIGHT), self.verbatim > 0
        if self.found and not self.found[-1].name and self.found[-1].verbatim == verbatim:
            text = self.found.pop().shown + text
        self.found.append(_Piece("", text, verbatim))

    def level(self, tag: str) -> str:
        return f"h{min(int(tag[1]) + 1, 6)}" if self.shift and _HEADING.fullmatch(tag) else tag


def _without_unseen_space(found: Sequence[_Piece]) -> list[str]:
    edge = _Piece("p", "")
    pieces: list[str] = []
    for before, piece, after in zip([edge, *found], found, [*found[1:], edge], strict=False):
        shown = piece.shown
        if not piece.name and not piece.verbatim:
            shown = _SPACE.sub(" ", shown)
            shown = shown.lstrip(" ") if before.name in _BLOCKS else shown
            shown = shown.rstrip(" ") if after.name in _BLOCKS else shown
        if shown:
            pieces.append(shown)
    return pieces
