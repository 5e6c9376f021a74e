"""Shortcuts through Python-Markdown: its processors run only where a text holds a sign of what they do.

What comes out is, byte for byte, what comes out without them.
"""

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor, ParagraphProcessor
from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.extensions.md_in_html import HtmlBlockPreprocessor
from markdown.preprocessors import NormalizeWhitespace, Preprocessor
from markdown.serializers import RE_AMP, to_html_string
from markdown.treeprocessors import InlineProcessor, PrettifyTreeprocessor, UnescapeTreeprocessor
from markdown.util import STX, AtomicString

# What a line must not begin with, for its block to be a paragraph: all that some block processor looks for.
_BLOCK_SIGNS = rf"\s#=\-_*+\d:>|{STX}"
_WORDS = re.compile(rf"[^{_BLOCK_SIGNS}]")
_LATER_SIGN = re.compile(rf"\n[{_BLOCK_SIGNS}]")
_HEADING = re.compile(r"(#{1,6})[^#\\\n]+\Z")
_ITEMS = re.compile(rf"(?:[*+-][ ]+[^{_BLOCK_SIGNS}][^\n]*(?:\n(?!\Z)|\Z))+\Z")
_ITEM = re.compile(r"^[*+-][ ]+(.*)", re.MULTILINE)
# Signs of all inline patterns but emphasis with stars: one of these characters, or a line end behind two spaces. (All
# in one class, which skips text quickly.)
_INLINE_SIGNS = re.compile(rf"[\\<&~_{STX}\n](?:(?<!\n)|(?<=  \n))")
# Emphasis that neither touches nor holds other stars, behind a space and before one or the end of a sentence. (The
# star stands first in the pattern, so that the text before it is skipped quickly.)
_EMPHASIS = re.compile(r"\*(?<!\S\*)(\*?)(?=[^\W_])([^*]*[^\s*])\*\1(?=[\s.,;:!?)]|\Z)")
_PLAIN_TAGS = frozenset({
    "blockquote", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
})  # fmt: skip
_DEEPEST = 50


def take_shortcuts(markdown: Markdown) -> Markdown:
    """The instance with the shortcuts in the place of the processors. It may have no extensions but ours."""
    seen = _Seen(markdown)
    markdown.preprocessors.register(seen, "seen", 40)
    markdown.preprocessors.register(_Whitespace(markdown), "normalize_whitespace", 30)
    markdown.preprocessors.register(_HtmlBlocks(markdown), "html_block", 20)
    markdown.parser.blockprocessors.register(_Plain(markdown.parser), "plain", 200)
    markdown.treeprocessors.register(_Inline(markdown), "inline", 20)
    markdown.treeprocessors.register(_Prettify(markdown), "prettify", 10)
    markdown.treeprocessors.register(_Attributes(markdown, seen), "attr_list", 8)
    markdown.treeprocessors.register(_Unescape(markdown, seen), "unescape", 0)
    markdown.serializer = html_of
    return markdown


class _Seen(Preprocessor):
    """Keeps the text, for those that come when it is a tree already."""

    text = ""

    def run(self, lines: list[str]) -> list[str]:
        self.text = "\n".join(lines)
        return lines


class _Whitespace(NormalizeWhitespace):
    """Passes on what needs no mending."""

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        if any(sign in text for sign in ("\x02", "\x03", "\r", "\t", "\n ")):
            return super().run(lines)
        return [*lines, "", ""]


class _HtmlBlocks(HtmlBlockPreprocessor):
    """Passes on what holds no tag and no entity."""

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        return super().run(lines) if "<" in text or "&" in text else lines


class _Plain(BlockProcessor):
    """Paragraphs that begin with a word, headings, and lists whose items are one line of words each.

    It takes as many of them as come one after the other: asking every processor about each is most of the work.
    """

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser)
        self.paragraphs = ParagraphProcessor(parser)

    def test(self, parent: Element, block: str) -> bool:
        del parent, block
        return True

    def run(self, parent: Element, blocks: list[str]) -> bool | None:
        before = len(blocks)
        while blocks:
            block = blocks[0]
            if _WORDS.match(block):
                if "\n" in block and ("|" in block or _LATER_SIGN.search(block)):
                    break
                self.paragraphs.run(parent, blocks)
            elif heading := _HEADING.match(block):
                SubElement(parent, f"h{heading.end(1)}").text = block[heading.end(1) :].strip()
                del blocks[0]
            elif _ITEMS.match(block) and not _is_in_list(parent):
                items = SubElement(parent, "ul")
                for item in _ITEM.finditer(block):
                    SubElement(items, "li").text = item[1]
                del blocks[0]
            else:
                break
        return None if len(blocks) < before else False


def _is_in_list(parent: Element) -> bool:
    """Whether a list would not begin here but go on."""
    return parent.tag in ("ul", "ol") or (len(parent) > 0 and parent[-1].tag in ("ul", "ol"))


class _Inline(InlineProcessor):
    """Leaves to the inline patterns only the texts that hold more than plain emphasis."""

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        self.stashed_nodes = {}
        done: list[Element] = []
        left = False
        for element in list(tree.iter()):
            if element is tree:
                continue
            if element.text and not isinstance(element.text, AtomicString):
                left = not _emphasised(element, element.text, done) or left
            if element.tail:
                left = left or "*" in element.tail or _INLINE_SIGNS.search(element.tail) is not None
        if not left:
            return tree
        for element in done:
            element.text = AtomicString(element.text or "")
        return super().run(tree, ancestors)


def _emphasised(element: Element, text: str, done: list[Element]) -> bool:
    """Whether plain emphasis is all that a text needs; the element then has it, and stands among the done ones."""
    if _INLINE_SIGNS.search(text):
        return False
    if "*" in text:
        pieces = _EMPHASIS.split(text)
        if any("*" in piece for piece in pieces[::3]):
            return False
        element.text = pieces[0]
        for index in range(1, len(pieces), 3):
            emphasis = Element("strong" if pieces[index] else "em")
            emphasis.text = pieces[index + 1]
            emphasis.tail = pieces[index + 2]
            element.insert(index // 3, emphasis)
            done.append(emphasis)
    done.append(element)
    return True


class _Prettify(PrettifyTreeprocessor):
    """The same line ends, with fewer looks at each element."""

    def __init__(self, markdown: Markdown) -> None:
        super().__init__(markdown)
        self.blocks = frozenset(markdown.block_level_elements)

    def _prettifyETree(self, elem: Element) -> None:  # noqa: N802  # the base class names it so
        if elem.tag not in ("code", "pre") and len(elem):
            if elem[0].tag in self.blocks and (not elem.text or elem.text.isspace()):
                elem.text = "\n"
            for inner in elem:
                if inner.tag in self.blocks:
                    self._prettifyETree(inner)
        if not elem.tail or elem.tail.isspace():
            elem.tail = "\n"


class _Attributes(AttrListTreeprocessor):
    """Looks for attributes only where there is a brace."""

    def __init__(self, markdown: Markdown, seen: _Seen) -> None:
        super().__init__(markdown)
        self.seen = seen

    def run(self, doc: Element) -> None:
        if "{" in self.seen.text:
            super().run(doc)


class _Unescape(UnescapeTreeprocessor):
    """Looks for escaped characters only where there was a backslash."""

    def __init__(self, markdown: Markdown, seen: _Seen) -> None:
        super().__init__(markdown)
        self.seen = seen

    def run(self, root: Element) -> None:
        if "\\" in self.seen.text:
            super().run(root)


def html_of(root: Element) -> str:
    """What Python-Markdown's serialiser gives for HTML."""
    pieces: list[str] = []
    _write(root, pieces, 0)
    return "".join(pieces)


def _write(element: Element, pieces: list[str], depth: int) -> None:
    tag = element.tag
    if element.attrib or depth > _DEEPEST or tag not in _PLAIN_TAGS:
        pieces.append(to_html_string(element))
        return
    pieces.append(f"<{tag}>")
    if element.text:
        pieces.append(_escaped(element.text))
    for inner in element:
        _write(inner, pieces, depth + 1)
    pieces.append(f"</{tag}>")
    if element.tail:
        pieces.append(_escaped(element.tail))


def _escaped(text: str) -> str:
    if "&" in text:
        text = RE_AMP.sub("&amp;", text)
    return text.replace("<", "&lt;").replace(">", "&gt;")
