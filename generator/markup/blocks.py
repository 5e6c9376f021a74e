"""The blocks of a Markdown source: containers, code, raw HTML and directives, each with its place.

Structure is that of CommonMark 0.31 with the leniencies authors rely on (lists nested by two to four columns). What
comes out is the same text in one canonical form that every engine reads alike, with code, directives and footnotes
lifted out.
"""

import re
from collections.abc import Sequence

from msgspec import Struct

from generator.markup.attributes import Attribute, Malformed, bracket_end, read_attributes
from generator.markup.complaints import Complaints
from generator.markup.definitions import holds_definitions_only
from generator.markup.directives import DirectiveReader
from generator.markup.items import Callout, Code, Item, More, Note, QuotedLanguage, Separator
from generator.markup.lines import Line, Run
from generator.markup.marks import mark
from generator.markup.plain import plain_words
from generator.markup.tracking import words_without_tracking
from generator.markup.urls import decoded
from generator.source.places import Place
from generator.source.suggest import did_you_mean

CALLOUTS = ("note", "tip", "important", "warning", "caution")

_DEEPEST = 40
_DEEPEST_DIRECTIVE = 30
_MOST_COLONS_SHOWN = 40
_FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*(.*)")
_ITEM = re.compile(r"([-+*]|(\d{1,9})[.)])([ \t]+|$)")
RULE = re.compile(r"(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}")
_HEADING = re.compile(r"(#{1,6})(?=[ \t]|$)")
CLOSING_HASHES = re.compile(r"[ \t]#+[ \t]*$")
_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*")
_NOTE = re.compile(r"\[\^([^\]\s\[]{1,100})\]:[ \t]*")
_DEFINITION = re.compile(r":([ \t]{1,3})(?=\S)")
_BLOCK_DIRECTIVE = re.compile(r"(:{3,})([ \t]*)([A-Za-z][\w-]*)")
_LEAF_DIRECTIVE = re.compile(r"::([A-Za-z][\w-]*)(?=[\[{ \t]|$)")
_CLOSING_COLONS = re.compile(r":{3,}[ \t]*")
_CALLOUT = re.compile(r"\[!(\w{1,30})\](?:[ \t]+(.*))?")
_QUOTED_LANGUAGE = re.compile(r"\{[ \t]*language[ \t]*=[ \t]*[\"']?([^\s\"'}]*)[\"']?[ \t]*\}[ \t]*")
DELIMITER_ROW = re.compile(r"\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+")
_EXTENSION = re.compile(r"(?:!!!|\?\?\?\+?|===)[ \t]")
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)(?=[\s/>]|$)")
_MARKDOWN_ATTRIBUTE = re.compile(r"<[^>]*\smarkdown(?=[\s=>])")
_MORE = re.compile(r"<!--[ \t]*more[ \t]*-->", re.IGNORECASE)

_VERBATIM_TAGS = frozenset({"script", "style", "pre", "textarea"})
_VOID_TAGS = frozenset({"hr"})
_BLOCK_TAGS = frozenset({
    "address", "article", "aside", "blockquote", "body", "canvas", "center", "colgroup", "dd", "details", "dialog",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hgroup", "hr", "html", "iframe", "legend", "li", "main", "map", "math", "menu", "nav", "noscript",
    "object", "ol", "option", "output", "p", "pre", "progress", "script", "search", "section", "style", "summary",
    "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "tr", "ul", "video",
})  # fmt: skip


class _Container(Struct):
    """Something that holds blocks: `width` columns belong to it on each line, `column` is where its marker stands.

    `loose`: a blank line of the author's stands in it; `parted`: any blank line does. `empty`: nothing stands behind
    its marker. `opening`: the text of an item that begins in the first line of an outer one.
    """

    kind: str
    place: Place
    width: int = 0
    column: int = 0
    number: int = -1
    marker: str = ""
    first: str = ""
    rest: str = ""
    begun: bool = False
    loose: bool = False
    parted: bool = False
    empty: bool = False
    opening: Run | None = None

    def prefix(self) -> str:
        if self.begun:
            return self.rest
        self.begun = True
        return self.first


class _Fence(Struct):
    character: str
    length: int
    indent: int
    language: str
    place: Place
    depth: int
    lines: list[str]


class _Raw(Struct):
    name: str
    depth: int
    place: Place
    until_blank: bool
    run: Run
    count: int = 0


class _OpenDirective(Struct):
    name: str
    colons: int
    place: Place
    number: int
    containers: int


class Outline(Struct, frozen=True):
    """The source in canonical form: finished lines and runs still to be read, and what the marks in them stand for."""

    pieces: list[str | Run]
    items: list[Item]
    notes: dict[str, Place]


def read_blocks(
    lines: Sequence[Line], directives: DirectiveReader, complaints: Complaints, *, closing_tags: bool, extensions: bool
) -> Outline:
    """The outline of a source.

    `closing_tags`: raw HTML lasts until its closing tag (Python-Markdown), not until a blank line (CommonMark);
    `extensions`: text indented below `!!!` and its like belongs to an extension of the engine.
    """
    reader = _Reader(lines, directives, complaints, closing_tags, extensions)
    for line in lines:
        reader.read(line)
    reader.finish()
    return Outline(reader.pieces, reader.items, reader.notes)


def _spaces(text: str, position: int) -> int:
    if not text.startswith(" ", position):
        return 0
    return len(text) - position - len(text[position:].lstrip(" "))


def _colons(count: int) -> str:
    """Some colons, as an author is told of them."""
    return ":" * count if count <= _MOST_COLONS_SHOWN else f"{count} colons"


def _is_blank(text: str, position: int) -> bool:
    first = text[position : position + 1]
    return not first or (first.isspace() and not text[position:].strip())


class _Reader:
    """Reads line by line; what is open is on `stack`."""

    def __init__(
        self,
        lines: Sequence[Line],
        directives: DirectiveReader,
        complaints: Complaints,
        closing_tags: bool,
        extensions: bool,
    ) -> None:
        self.lines = lines
        self.last_comment_end: int | None = None
        self.directives = directives
        self.complaints = complaints
        self.closing_tags = closing_tags
        self.extensions = extensions
        self.pieces: list[str | Run] = []
        self.items: list[Item] = []
        self.notes: dict[str, Place] = {}
        self.stack: list[_Container] = []
        self.run: Run | None = None
        self.fence: _Fence | None = None
        self.indented: _Fence | None = None
        self.raw: _Raw | None = None
        self.comment = False
        self.open: list[_OpenDirective] = []
        self.blank: str | None = ""
        self.closed = ""
        self.before_definition = False
        self.told_depth = False

    # -- what comes out

    def prefix(self) -> str:
        if not self.stack:
            return ""
        return "".join([container.prefix() for container in self.stack])

    def put(self, text: str) -> None:
        self.pieces.append(self.prefix() + text)
        self.blank = None
        self.closed = ""
        self.before_definition = False

    def separate(self) -> None:
        """A blank line, unless one stands there or the first line of an item is still to come."""
        prefix = ""
        if self.stack:
            if not all(container.begun for container in self.stack):
                return
            prefix = self.prefix().rstrip()
        # A blank line of a quotation is none for what follows it.
        if self.blank != prefix:
            self.pieces.append(prefix)
            self.blank = prefix
            for container in self.stack:
                container.parted = True

    def put_block(self, text: str, *, apart: bool) -> None:
        """A line that is a block of its own; within a list without `apart`, so that the list stays tight."""
        self.close_run()
        item = next((container for container in reversed(self.stack) if container.kind == "item"), None)
        apart = apart or item is None or item.loose
        if apart:
            self.separate()
        self.put(text)
        if apart:
            self.separate()

    def add(self, item: Item) -> int:
        self.items.append(item)
        return len(self.items) - 1

    def close_run(self) -> None:
        if self.run is not None:
            self.run = None
            self.before_definition = True

    def extend_run(self, line: Line, start: int) -> None:
        content = start + _spaces(line.text, start)
        if self.run is None:
            inner = self.stack[-1] if len(self.stack) > 1 else None
            begins = inner is not None and not inner.begun and not self.stack[-2].begun
            self.run = Run([line], [content], [self.prefix()])
            if inner is not None and begins:
                inner.opening = self.run
            self.pieces.append(self.run)
        else:
            self.run.lines.append(line)
            self.run.starts.append(content)
            self.run.prefixes.append(self.prefix())
        self.blank = None
        self.closed = ""

    # -- one line

    def read(self, line: Line) -> None:
        if not self.stack and self.fence is None and self.raw is None and not self.comment:
            if not line.text:
                self.read_blank(0)
            elif line.text[0].isalpha():
                self.end_indented()
                self.read_words(line, 0, 0)
            else:
                self.read_block(line, 0, 0)
            return
        position, matched = self.match_containers(line)
        if self.fence is not None:
            if matched >= self.fence.depth:
                self.read_in_fence(line, position)
                return
            self.end_fence(closed=False)
        if self.comment:
            self.read_in_comment(line)
            return
        if self.raw is not None:
            if matched >= self.raw.depth and self.read_in_raw(line, position):
                return
            self.end_raw()
        self.read_block(line, position, matched)

    def match_containers(self, line: Line) -> tuple[int, int]:
        text, position = line.text, 0
        for depth, container in enumerate(self.stack):
            indent = _spaces(text, position)
            at = position + indent
            if container.kind == "quote":
                if indent > 3 or not text.startswith(">", at):
                    return position, depth
                position = at + 2 if text.startswith(" ", at + 1) else at + 1
            elif at == len(text):
                continue
            elif container.kind == "item":
                if indent >= container.width:
                    position += container.width
                elif self.fence is None and self.raw is None and self.nests(depth, text, at):
                    position = at
                else:
                    return position, depth
            elif indent >= 2:
                position += min(indent, 4)
            else:
                return position, depth
        return position, len(self.stack)

    def nests(self, depth: int, text: str, at: int) -> bool:
        """Whether an item's marker belongs below the item at `depth` although it is not indented to its text."""
        parent = self.stack[depth]
        if at < parent.column + 2:
            return False
        item = _ITEM.match(text, at)
        if item is None:
            return False
        if item[2] is None or parent.number < 0 or int(item[2]) == 1:
            return True
        below = self.stack[depth + 1] if depth + 1 < len(self.stack) else None
        return below is not None and below.kind == "item" and abs(below.column - at) < 2

    def read_block(self, line: Line, position: int, matched: int) -> None:
        text = line.text
        if _is_blank(text, position):
            self.read_blank(matched)
            return
        while True:
            indent = _spaces(text, position)
            at = position + indent
            lenient = self.run is not None and bool(self.stack) and self.stack[-1].kind == "item"
            if indent >= 4 and not (lenient and _ITEM.match(text, at)):
                if self.run is not None:
                    self.extend_run(line, position)
                else:
                    self.leave(matched)
                    self.read_indented(line, position)
                return
            if text[at].isalpha():
                # No sign of anything but a paragraph begins with a letter.
                self.end_indented()
                self.read_words(line, at, matched)
                return
            opened = self.open_container(line, position, at, matched)
            if opened < 0:
                self.end_indented()
                self.read_leaf(line, position, at, matched)
                return
            if _is_blank(text, opened):
                return
            position, matched = opened, len(self.stack)

    def read_blank(self, matched: int) -> None:
        self.close_run()
        if matched < len(self.stack):
            self.leave(matched, blank=True)
        if self.indented is not None:
            self.indented.lines.append("")
            return
        if self.stack and self.stack[-1].empty and not self.stack[-1].begun:
            # What stands below a blank line is none of an item that begins with one: CommonMark 0.31 §5.2.
            self.leave(len(self.stack) - 1, blank=True)
        for container in self.stack:
            container.loose = True
        self.separate()

    # -- containers

    def leave(self, matched: int, *, blank: bool = False, sibling: bool = False) -> None:
        """Close the containers beyond `matched`."""
        if matched == len(self.stack):
            return
        self.close_run()
        self.end_indented()
        while len(self.stack) > matched:
            while self.open and self.open[-1].containers >= len(self.stack):
                self.crossing(self.open.pop(), self.stack[-1], None)
            if not self.stack[-1].begun:
                self.put(mark("point", self.add(Separator())) if self.stack[-1].kind == "item" else "")
            container = self.stack.pop()
            if container.kind == "note":
                self.put_block(mark("close", container.number), apart=True)
            self.closed = container.kind
            # Python-Markdown takes an item right behind a quotation for a part of it.
            sibling = sibling and not (self.closing_tags and container.kind == "quote")
        self.before_definition = self.closed == "definition"
        if not blank and not sibling:
            self.separate()

    def open_container(self, line: Line, position: int, at: int, matched: int) -> int:
        """Where the content of a container that opens at `at` begins; -1 when none does."""
        character = line.text[at]
        if character == ">":
            opening = self.open_quote
        elif character in "-+*0123456789" and self.opens_item(line.text, at, matched):
            opening = self.open_item
        elif character == "[" and self.opens_note(line.text, at, matched):
            opening = self.open_note
        elif character == ":" and self.opens_definition(line.text, at, matched):
            opening = self.open_definition
        else:
            return -1
        if matched >= _DEEPEST:
            self.too_deep(line.place(at))
            return len(line.text)
        return opening(line, position, at, matched)

    def push(self, container: _Container) -> None:
        self.close_run()
        self.end_indented()
        self.stack.append(container)

    def open_quote(self, line: Line, position: int, at: int, matched: int) -> int:
        del position
        self.leave(matched)
        self.close_run()
        if self.closed == "quote" or not all(container.begun for container in self.stack):
            # Python-Markdown reads a quotation in an item only behind something else and a blank line.
            self.put_block(mark("point", self.add(Separator())), apart=True)
        elif self.closing_tags:
            self.separate()
        else:
            self.separate_unless_tight()
        start = at + 2 if line.text.startswith(" ", at + 1) else at + 1
        inside = any(container.kind == "quote" for container in self.stack)
        self.push(_Container("quote", line.place(at), first="> ", rest="> "))
        callout = _CALLOUT.fullmatch(line.text, start)
        if inside or callout is None or not self.is_callout(line, start, callout[1]):
            return start
        title = words_without_tracking(plain_words(callout[2] or ""), (), line.place(start), self.complaints)
        self.stack[-1].begun = True
        self.put_block(mark("point", self.add(Callout(callout[1].lower(), title, line.place(start)))), apart=True)
        return len(line.text)

    def separate_unless_tight(self) -> None:
        parent = self.stack[-1] if self.stack else None
        if parent is None or parent.kind != "item" or parent.loose:
            self.separate()

    def is_callout(self, line: Line, at: int, kind: str) -> bool:
        if kind.lower() in CALLOUTS:
            return True
        names = [name.upper() for name in CALLOUTS]
        hint = did_you_mean(kind, names) or f"There are: {', '.join(names)}."
        self.complaints.warning("CL217", f"there is no callout “{kind}”", line.place(at + 2), hint)
        return False

    def opens_item(self, text: str, at: int, matched: int) -> bool:
        item = _ITEM.match(text, at)
        if item is None or (text[at] in "-*" and text[at:].count(text[at]) > 2 and RULE.fullmatch(text, at)):
            return False
        if self.run is None or matched < len(self.stack):
            return True
        # What may interrupt a paragraph of the same container: CommonMark 0.31 §5.2.
        if _is_blank(text, item.end()):
            return False
        return item[2] is None or int(item[2]) == 1

    def open_item(self, line: Line, position: int, at: int, matched: int) -> int:
        text = line.text
        item = _ITEM.match(text, at)
        if item is None:
            return -1
        sibling = matched < len(self.stack) and self.stack[matched].kind == "item"
        # Another kind of marker begins another list, which some engines would not see.
        other = sibling and self.stack[matched].marker != item[1][-1]
        # Python-Markdown takes an item right below a blank line of the one before for a part of it.
        sibling = sibling and not other and not (self.closing_tags and self.stack[matched].parted)
        self.leave(matched, sibling=sibling)
        # Two lists with a comment between them are two: CommonMark 0.31 §5.3.
        if other or self.closed == "item before a comment":
            self.put_block(mark("point", self.add(Separator())), apart=True)
        was_open = self.run is not None
        self.close_run()
        if self.closing_tags and self.stack and self.stack[-1].opening is not None and not sibling:
            self.part_from_outer(self.stack[-1], self.stack[-1].opening)
        if was_open and not sibling:
            self.separate_unless_tight()
        marker, spaces = item[1], item[3]
        columns = len(spaces) if spaces == " " else len((marker + spaces).expandtabs(4)) - len(marker)
        # Five columns or more behind a marker are one, and indented code: CommonMark 0.31 §5.2.
        is_text = columns <= 4 and not _is_blank(text, item.end())
        number = -1 if item[2] is None else int(item[2])
        canonical = marker if number < 0 else f"{number}."
        width = max(4, len(canonical) + 1)
        own = at - position + len(marker) + (columns if is_text else 1)
        self.push(_Container("item", line.place(at), own, at, number, marker[-1], canonical.ljust(width), " " * width))
        self.stack[-1].empty = _is_blank(text, item.end())
        return item.end() if is_text else min(at + len(marker) + 1, len(text))

    def part_from_outer(self, inner: _Container, opening: Run) -> None:
        """Move an item that begins in the first line of an outer one to a line of its own.

        Python-Markdown reads no third list below them otherwise.
        """
        inner.opening = None
        index = next(index for index in reversed(range(len(self.pieces))) if self.pieces[index] is opening)
        outer = "".join([container.rest for container in self.stack[:-1]])
        first = opening.prefixes[0].removesuffix(inner.first)
        opening.prefixes[0] = outer + inner.first
        self.pieces[index:index] = [first + mark("point", self.add(Separator())), outer.rstrip()]
        for container in self.stack[:-1]:
            container.parted = True

    def opens_note(self, text: str, at: int, matched: int) -> bool:
        if not _NOTE.match(text, at):
            return False
        return not any(container.kind == "note" for container in self.stack[:matched])

    def open_note(self, line: Line, position: int, at: int, matched: int) -> int:
        del position
        note = _NOTE.match(line.text, at)
        if note is None:
            return -1
        self.leave(matched)
        label, place = note[1].casefold(), line.place(at)
        if label in self.notes:
            first = self.notes[label][0]
            self.complaints.error(
                "CL230", f"the footnote [^{note[1]}] is written twice", place, f"The first is in line {first}."
            )
        self.notes.setdefault(label, place)
        number = self.add(Note(label, place))
        self.put_block(mark("open", number), apart=True)
        self.push(_Container("note", place, 4, at, number, begun=True))
        return note.end()

    def open_definition(self, line: Line, position: int, at: int, matched: int) -> int:
        del position
        definition = _DEFINITION.match(line.text, at)
        if definition is None:
            return -1
        self.leave(matched, sibling=True)
        self.push(_Container("definition", line.place(at), 4, at, first=":   ", rest="    "))
        return definition.end()

    def opens_definition(self, text: str, at: int, matched: int) -> bool:
        if not _DEFINITION.match(text, at):
            return False
        if matched < len(self.stack):
            return self.stack[matched].kind == "definition"
        return self.run is not None or self.before_definition

    def too_deep(self, place: Place) -> None:
        if not self.told_depth:
            self.told_depth = True
            self.complaints.error("CL215", "this is nested too deeply", place, f"At most {_DEEPEST} levels are read.")

    # -- leaves

    def read_leaf(self, line: Line, position: int, at: int, matched: int) -> None:
        text = line.text
        everything = matched == len(self.stack)
        character = text[at]
        if character == ":" and self.read_colons(line, at, matched):
            return
        if character in "`~" and self.read_fence(line, position, at, matched):
            return
        if character == "<" and self.read_tag(line, at, matched):
            return
        if character == "#" and self.read_heading(line, at, matched):
            return
        if everything and self.run is not None and character in "=-" and self.read_underline(text, at):
            return
        if character in "*-_" and RULE.fullmatch(text, at):
            self.leave(matched)
            self.close_run()
            self.separate_unless_tight()
            self.put("* * *")
            return
        if character == "{" and self.read_quoted_language(line, at, matched):
            return
        self.read_words(line, at, matched)

    def read_words(self, line: Line, at: int, matched: int) -> None:
        if matched < len(self.stack) and self.run is None:
            self.leave(matched)
        if self.extensions and self.run is None and _EXTENSION.match(line.text, at):
            self.put(line.text[at:])
            self.push(_Container("extension", line.place(at), 4, at, first="    ", rest="    "))
            return
        self.extend_run(line, at)

    def read_heading(self, line: Line, at: int, matched: int) -> bool:
        match = _HEADING.match(line.text, at)
        if match is None:
            return False
        self.leave(matched)
        self.close_run()
        start = match.end() + _spaces(line.text, match.end())
        closing = CLOSING_HASHES.search(line.text, match.end()) if line.text.endswith(("#", " ", "\t")) else None
        end = closing.start() if closing else len(line.text)
        self.separate_unless_tight()
        self.pieces.append(Run([line], [min(start, end)], [self.prefix()], len(match[1]), ends=[end]))
        self.blank = None
        self.closed = ""
        self.before_definition = False
        return True

    def read_underline(self, text: str, at: int) -> bool:
        if self.run is None or not _UNDERLINE.fullmatch(text, at):
            return False
        contents = self.run.contents()
        if contents[0].startswith("[") and holds_definitions_only(contents):
            return False
        self.run.level = 1 if text[at] == "=" else 2
        self.close_run()
        self.before_definition = False
        return True

    def read_quoted_language(self, line: Line, at: int, matched: int) -> bool:
        match = _QUOTED_LANGUAGE.fullmatch(line.text, at)
        if match is None:
            return False
        if not self.stack or self.stack[-1].kind != "quote" or matched < len(self.stack):
            hint = "Write it as the last line of a quotation, with > before it."
            self.complaints.error("CL218", "a language stands where no quotation ends", line.place(at), hint)
            return True
        self.put_block(mark("point", self.add(QuotedLanguage(match[1], line.place(match.start(1))))), apart=True)
        return True

    # -- code

    def read_fence(self, line: Line, position: int, at: int, matched: int) -> bool:
        match = _FENCE.match(line.text, at)
        if match is None or (match[1][0] == "`" and "`" in match[2]):
            return False
        self.leave(matched)
        self.close_run()
        info = decoded(match[2]).strip().lstrip("{").strip().lstrip(".").split(maxsplit=1)
        language = info[0].rstrip("}") if info else ""
        self.fence = _Fence(match[1][0], len(match[1]), at - position, language, line.place(at), len(self.stack), [])
        return True

    def read_in_fence(self, line: Line, position: int) -> None:
        fence = self.fence
        if fence is None:
            return
        indent = _spaces(line.text, position)
        closing = line.text[position + indent :].rstrip()
        if indent <= 3 and len(closing) >= fence.length and not closing.strip(fence.character):
            self.end_fence(closed=True)
            return
        fence.lines.append(line.after(position + min(indent, fence.indent)))

    def end_fence(self, *, closed: bool) -> None:
        fence = self.fence
        if fence is None:
            return
        self.fence = None
        if not closed:
            hint = f"Close it with {fence.character * fence.length} on a line of its own, indented as the first."
            self.complaints.error("CL201", "this block of code is never closed", fence.place, hint)
        self.put_code(fence)

    def put_code(self, fence: _Fence) -> None:
        number = self.add(Code("".join(f"{line}\n" for line in fence.lines), fence.place, True, fence.language))
        self.put_block(mark("point", number), apart=False)

    def read_indented(self, line: Line, position: int) -> None:
        if self.indented is None:
            self.indented = _Fence("", 0, 0, "", line.place(position + 4), len(self.stack), [])
        self.indented.lines.append(line.after(position + 4))

    def end_indented(self) -> None:
        fence = self.indented
        if fence is None:
            return
        self.indented = None
        blanks = 0
        while fence.lines and not fence.lines[-1]:
            fence.lines.pop()
            blanks += 1
        self.put_code(fence)
        if blanks:
            for container in self.stack:
                container.loose = True
            self.separate()

    # -- raw HTML and comments

    def read_tag(self, line: Line, at: int, matched: int) -> bool:
        text = line.text
        if text.startswith("<!--", at):
            return self.read_comment(line, at, matched)
        tag = _TAG.match(text, at)
        if tag is None or tag[2].lower() not in _BLOCK_TAGS:
            return False
        name = tag[2].lower()
        self.leave(matched)
        self.close_run()
        if not self.closing_tags:
            self.separate_unless_tight()
        run = Run([line], [at], [self.prefix()], raw=True)
        self.pieces.append(run)
        self.blank = None
        self.closed = ""
        self.before_definition = False
        verbatim = name in _VERBATIM_TAGS
        if self.closing_tags and (tag[1] or name in _VOID_TAGS or _MARKDOWN_ATTRIBUTE.match(text, at)):
            return True
        if verbatim and tag[1]:
            return True
        self.raw = _Raw(name, len(self.stack), line.place(at), not self.closing_tags and not verbatim, run)
        self.count_tags(text, at)
        return True

    def count_tags(self, text: str, position: int) -> None:
        raw = self.raw
        if raw is None or raw.until_blank:
            return
        for tag in re.finditer(rf"<(/?){raw.name}(?=[\s/>]|$)", text[position:], re.IGNORECASE):
            raw.count += -1 if tag[1] else 1
        if raw.count <= 0:
            self.raw = None

    def read_in_raw(self, line: Line, position: int) -> bool:
        raw = self.raw
        if raw is None:
            return False
        blank = not line.text[position:].strip()
        if blank and raw.until_blank:
            self.raw = None
            return False
        at = position + _spaces(line.text, position)
        if raw.name not in _VERBATIM_TAGS and _BLOCK_DIRECTIVE.match(line.text, at):
            hint = "Put a blank line before it and close the element first, or write it without raw HTML."
            self.complaints.warning("CL234", f"a directive inside raw <{raw.name}> is not read", line.place(at), hint)
        raw.run.lines.append(line)
        raw.run.starts.append(position)
        raw.run.prefixes.append(self.prefix())
        self.count_tags(line.text, position)
        return True

    def end_raw(self) -> None:
        raw = self.raw
        self.raw = None
        if raw is not None and not raw.until_blank:
            hint = f"Close it with </{raw.name}>."
            self.complaints.warning("CL228", f"<{raw.name}> is never closed", raw.place, hint)

    def read_comment(self, line: Line, at: int, matched: int) -> bool:
        text = line.text
        end = text.find("-->", at + 2)
        if end >= 0 and text[end + 3 :].strip():
            return False
        if end < 0 and not self.comment_may_end(line):
            return False
        self.leave(matched)
        self.close_run()
        if self.closed == "item":
            self.closed = "item before a comment"
        if end < 0:
            self.comment = True
        elif _MORE.match(text, at):
            self.put_block(mark("point", self.add(More(line.place(at)))), apart=True)
            return True
        self.separate_unless_tight()
        return True

    def comment_may_end(self, line: Line) -> bool:
        """Whether a later line ends a comment."""
        if self.last_comment_end is None:
            self.last_comment_end = max((line.number for line in self.lines if "-->" in line.text), default=-1)
        return line.number < self.last_comment_end

    def read_in_comment(self, line: Line) -> None:
        end = line.text.find("-->")
        if end < 0:
            return
        self.comment = False
        if line.text[end + 3 :].strip():
            self.extend_run(line, end + 3)

    # -- directives

    def read_colons(self, line: Line, at: int, matched: int) -> bool:
        text = line.text
        if _CLOSING_COLONS.fullmatch(text, at):
            self.close_directive(line, at, matched)
            return True
        block = _BLOCK_DIRECTIVE.match(text, at)
        if block is not None:
            self.open_directive(line, at, matched, block)
            return True
        leaf = _LEAF_DIRECTIVE.match(text, at)
        if leaf is None:
            return False
        return self.put_leaf(line, at, matched, leaf)

    def put_leaf(self, line: Line, at: int, matched: int, match: re.Match[str]) -> bool:
        tail = self.read_tail(line, match.end())
        if isinstance(tail, Malformed):
            if not self.directives.is_meant(match[1]):
                return False
            self.complaints.error(
                "CL209", tail.message, line.place(tail.at), "Write ::name[text]{key=value} on a line of its own."
            )
            return True
        self.leave(matched)
        label, attributes = tail
        text = None if label is None else plain_words(line.text[label[0] : label[1]])
        directive = self.directives.read(match[1], "leaf", text, attributes, line.place(at), line.place)
        if directive is None:
            return True
        number = self.add(directive)
        if label is None or not (text or "").strip() or directive.form == "block":
            self.put_block(mark("point", number), apart=True)
            return True
        self.close_run()
        self.separate()
        run = Run([line], [label[0]], [self.prefix()], ends=[label[1]])
        run.before, run.after = mark("open", number), mark("close", number)
        self.pieces.append(run)
        self.blank = None
        self.separate()
        return True

    def open_directive(self, line: Line, at: int, matched: int, match: re.Match[str]) -> None:
        self.leave(matched)
        self.close_run()
        name, colons, place = match[3], len(match[1]), line.place(at)
        number = -1
        if match[2]:
            hint = f"Write {match[1]}{name} without a space."
            self.complaints.error("CL209", "a space stands between the colons and the name", place, hint)
        tail = self.read_tail(line, match.end())
        if isinstance(tail, Malformed):
            self.complaints.error("CL209", tail.message, line.place(tail.at), "Write :::name[title]{key=value}.")
        elif len(self.open) >= _DEEPEST_DIRECTIVE:
            self.too_deep(place)
        else:
            label, attributes = tail
            text = None if label is None else plain_words(line.text[label[0] : label[1]])
            directive = self.directives.read(name, "block", text, attributes, place, line.place)
            number = -1 if directive is None else self.add(directive)
        self.open.append(_OpenDirective(name, colons, place, number, len(self.stack)))
        if number >= 0:
            self.put_block(mark("open", number), apart=True)
        else:
            self.separate()

    def read_tail(
        self, line: Line, position: int
    ) -> "tuple[tuple[int, int] | None, tuple[Attribute, ...]] | Malformed":
        """Bracket (start and end of its text, or None) and attributes, which end the line of a directive."""
        text = line.text
        label: tuple[int, int] | None = None
        attributes: tuple[Attribute, ...] = ()
        if text.startswith("[", position):
            end = bracket_end(text, position)
            if end < 0:
                return Malformed("the closing ] is missing", position)
            label = (position + 1, end)
            position = end + 1
        if text.startswith("{", position):
            found = read_attributes(text, position)
            if isinstance(found, Malformed):
                return found
            attributes, position = found
        rest = text[position:].strip()
        if rest:
            told = "a space stands before a bracket" if rest[0] in "[{" else "something stands behind the directive"
            return Malformed(told, position + _spaces(text, position))
        return label, attributes

    def close_directive(self, line: Line, at: int, matched: int) -> None:
        self.close_run()
        colons = len(line.text[at:].rstrip())
        place = line.place(at)
        opened = len(self.open)
        self.leave(matched)
        index = next((index for index in reversed(range(len(self.open))) if self.open[index].colons == colons), None)
        if index is None:
            # One that was left open in a list or a quotation has been told already.
            if len(self.open) == opened:
                self.closes_nothing(colons, place)
            self.separate()
            return
        while len(self.open) > index + 1:
            self.unclosed(self.open.pop())
        directive = self.open.pop()
        if directive.containers < matched:
            self.crossing(directive, self.stack[directive.containers], place)
        elif directive.number >= 0:
            self.put_block(mark("close", directive.number), apart=True)
        else:
            self.separate()

    def closes_nothing(self, colons: int, place: Place) -> None:
        hint = "Delete the line."
        if self.open:
            last = self.open[-1]
            hint = (
                f"“{last.name}” of line {last.place[0]} is closed by {_colons(last.colons)}, not by {_colons(colons)}."
            )
        self.complaints.error("CL207", "these colons close nothing", place, hint)

    def crossing(self, directive: _OpenDirective, container: _Container, place: Place | None) -> None:
        words = {"item": "a list", "quote": "a quotation", "note": "a footnote", "definition": "a definition"}
        what = words.get(container.kind, "a block")
        if place is None:
            message = f"“{directive.name}” begins in {what} and is not closed there"
            hint = f"Close it with {_colons(directive.colons)} inside {what}, indented or marked as its first line."
            self.complaints.error("CL208", message, directive.place, hint)
            return
        message = f"“{directive.name}” of line {directive.place[0]} ends inside {what} that begins later"
        self.complaints.error("CL208", message, place, "Write the closing colons as far left as the opening ones.")

    def unclosed(self, directive: _OpenDirective) -> None:
        hint = f"Close it with {_colons(directive.colons)} on a line of its own."
        self.complaints.error("CL206", f"“{directive.name}” is never closed", directive.place, hint)

    def finish(self) -> None:
        if self.fence is not None:
            # The end of the last line is no line of the code.
            if self.fence.lines and not self.fence.lines[-1]:
                self.fence.lines.pop()
            self.end_fence(closed=False)
        if self.raw is not None:
            self.end_raw()
        self.close_run()
        self.end_indented()
        while self.open and self.open[-1].containers <= 0:
            self.unclosed(self.open.pop())
        self.leave(0)
        while self.open:
            self.unclosed(self.open.pop())


def splits_table(contents: Sequence[str]) -> int:
    """The index of the line before which a table begins inside a paragraph; 0 when none does."""
    for index in range(2, len(contents)):
        row = contents[index]
        if "-" in row and "|" in row and "|" in contents[index - 1] and DELIMITER_ROW.fullmatch(row):
            return index - 1
    return 0
