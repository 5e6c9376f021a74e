"""What stands in raw HTML and is not what it looks like: Markdown that no engine reads there, tags that never end."""

import re
from collections.abc import Callable, Sequence

from generator.markup.complaints import Complaints
from generator.source.places import Place

_EMPHASIS = r"(?<![\w*_~])(\*{1,3}|_{1,3}|~~)(?=[^\s*_~])[^\n]{0,500}?(?<=[^\s*_~])\1(?![\w*_~])"
_EMPHASISED = re.compile(_EMPHASIS)
_MARKDOWN = re.compile(
    rf"{_EMPHASIS}|\[[^\[\]\n]{{1,200}}\]\([^\s()]{{1,500}}\)|\A\s*(?:(?:[-+*]|\d{{1,9}}[.)]|#{{1,6}})[ \t]+\S|>[ \t])"
)
_TAG_NAME = re.compile(r"<([A-Za-z][\w-]*)")
_ASKED = re.compile(r"<[A-Za-z][^<>]*\smarkdown(?=[\s=>])")
_VERBATIM = re.compile(r"<(?:pre|script|style|textarea)(?=[\s/>]|\Z)", re.IGNORECASE)
# A tag as a browser reads it, to where its attributes end; and all of a comment.
_COMMENT_OR_TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?[A-Za-z]", re.DOTALL)
_ATTRIBUTES = re.compile(
    r"[^\s/>\"'<]*+(?:[\s/]++|[^\s\"'<>/=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'>][^\s>]*+))?+)*+"
)


def tell_unread(
    contents: Sequence[str], locate: Callable[[int], Place], complaints: Complaints, *, closing_tags: bool
) -> None:
    """Says where Markdown in a block of raw HTML is shown as it is written, though it looks meant to be read.

    `contents` are its lines, `locate` tells the place of an index into them joined; for `closing_tags` see
    `read_blocks`.
    """
    name = _TAG_NAME.match(contents[0])
    if name is None or any(map(_VERBATIM.search, contents)):
        return
    asked = any(map(_ASKED.search, contents))
    if asked == closing_tags:
        return
    hint = "Put a blank line behind the tag, and one before the tag that closes the element."
    if closing_tags:
        hint = f"Write <{name[1]} markdown> for Markdown inside it."
    offset = len(contents[0]) + 1
    below_blank = not closing_tags
    for content in contents[1:]:
        if below_blank and _MARKDOWN.search(content):
            _tell(name[1], locate(offset), hint, complaints)
            return
        below_blank = not closing_tags or not content.strip()
        offset += len(content) + 1


def tell_unread_in_line(contents: Sequence[str], locate: Callable[[int], Place], complaints: Complaints) -> None:
    """Says the same of a paragraph whose first line is one tag of an element of text: CommonMark 0.31 §4.6, kind 7."""
    name = _TAG_NAME.match(contents[0])
    if name is not None and any(map(_EMPHASISED.search, contents[1:])):
        hint = "Put a blank line behind the tag, and one before the tag that closes the element."
        _tell(name[1], locate(0), hint, complaints)


def _tell(name: str, place: Place, hint: str, complaints: Complaints) -> None:
    complaints.warning("CL237", f"Markdown inside <{name}> is shown as it is written", place, hint)


def tell_endless_tags(text: str, locate: Callable[[int], Place], complaints: Complaints, *, closing_tags: bool) -> None:
    """Says where a tag holds what no attribute can be, or is never closed by `>`: browsers lose their way in it.

    With `closing_tags` the text may end inside a tag, which goes on behind it.
    """
    if _VERBATIM.search(text):
        return
    for tag in _COMMENT_OR_TAG.finditer(text):
        if tag[0].startswith("<!--"):
            continue
        attributes = _ATTRIBUTES.match(text, tag.end())
        end = tag.end() if attributes is None else attributes.end()
        if text.startswith(">", end) or (closing_tags and end == len(text)):
            continue
        shown = text[tag.start() :].split(maxsplit=1)[0].partition(">")[0][:40]
        hint = "Write > where it ends, and &lt; for a sign that begins no tag."
        complaints.error("CL238", f"the tag {shown} is never closed", locate(tag.start()), hint)
        return
