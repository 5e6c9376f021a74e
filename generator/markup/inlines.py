"""What stands inside lines: code spans, links, images, footnote references, inline directives, bare addresses.

Each is replaced by a mark, so that an engine sees emphasis, entities and raw HTML only. Every character is looked at a
bounded number of times.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from unicodedata import category

from msgspec import Struct

from generator.markup.attributes import Attribute, Malformed, gives_attributes, read_attributes
from generator.markup.blocks import CLOSING_HASHES, DELIMITER_ROW, RULE, splits_table
from generator.markup.complaints import Complaints
from generator.markup.definitions import Definition, label_key
from generator.markup.directions import OVERRIDE_REFERENCE, tell_override
from generator.markup.directives import DirectiveReader
from generator.markup.engines import Engine
from generator.markup.items import Attributes, Character, Cited, Code, Item, Link, More, NoteMark, Picture, Separator
from generator.markup.lines import Run
from generator.markup.marks import MARK, REPLACEMENT, RESERVED_REFERENCE, mark, read_mark, signed
from generator.markup.plain import plain_words
from generator.markup.policy import is_refused
from generator.markup.tracking import without_tracking
from generator.markup.unread import tell_endless_tags, tell_unread, tell_unread_in_line
from generator.markup.urls import bare_url_end, decoded
from generator.source.places import Place
from generator.source.suggest import did_you_mean
from generator.source.tracking import may_track


class _Special:
    """What text may hold that is more than text; the full stop of `www.` only if asked for.

    A link of nothing but words and an address without signs, which most links are, is matched whole: its words are
    group 1, its address group 2.
    """

    def __init__(self, *, www: bool) -> None:
        signs = "\\`<[]@!:{&~" + ("." if www else "")
        self.table = bytes(chr(byte) in signs for byte in range(256))
        stop = "." if www else ""
        plain_link = rf"([^\\`<>\[\]@!:{{}}&^~{stop}]+)\]\(([^\s\\&<>()\"'\x00-\x1f\x7f]+)\)(?!\{{)"
        self.pattern = re.compile(
            rf".(?:(?<=\[){plain_link}|(?<=[\\`<\[\]@{{])|(?<=!)(?=\[)"
            r"|(?<=:)(?=[A-Za-z]|//)|(?<=~)(?<!~~)(?!~)|(?<=&)(?=#)|(?<=[wW][wW][wW]\.))"
        )

    def signs(self, text: str) -> bytes:
        """A byte for each character: 1 for one that may be special. So text is skipped without an expression."""
        return text.encode("latin-1", "replace").translate(self.table)

    def search(self, text: str, signs: bytes, position: int = 0) -> re.Match[str] | None:
        """What comes next; `signs` are those of the text."""
        at = signs.find(1, position)
        while at >= 0:
            found = self.pattern.match(text, at)
            if found is not None:
                return found
            at = signs.find(1, at + 1)
        return None


_SPECIAL, _SPECIAL_OR_WWW = _Special(www=False), _Special(www=True)
_WEB_SCHEME = re.compile(r"https?\Z", re.IGNORECASE)
_BACKTICKS = re.compile(r"`+")
_NAME = re.compile(r":([A-Za-z][\w-]*)(?=[\[{])")
_NEARLY = re.compile(r":([A-Za-z][\w-]*)[ \t]+(?=[\[{])")
_NOTE_MARK = re.compile(r"\[\^([^\]\s\[]{1,100})\]")
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){0,999})\]", re.DOTALL)
_DESTINATION_SPACE = re.compile(r"[ \t]*\n?[ \t]*")
_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*)>")
_EMAIL = re.compile(r"<([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)>")
# What stands before the @ of a bare address, and behind it (GitHub Flavored Markdown 0.29 §6.9).
_LOCAL_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_-]*\Z")
_MAIL_HOST = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,10}[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_LONGEST_LOCAL_PART = 64
# Tags of other programs: WordPress's, `[caption id="1"]`, `[embed]`, `[gallery]` on a line, and links of wikis.
_BRACKETED = re.compile(
    r"\[(?:(?:caption|gallery|playlist|audio|video|embed)\s[^\[\]]{0,500}?=[^\[\]]{0,500}"
    r"|[a-z][a-z0-9_-]{1,40}(?:\s+[a-z_][\w-]{0,40}=(?:\"[^\"\[\]]{0,200}\"|'[^'\[\]]{0,200}')){1,20}\s*/?"
    r"|embed)\](?![(\[:{])"
)
_LONE_GALLERY = re.compile(r"^\[(?:gallery|playlist)\](?=[ \t]*$)", re.MULTILINE)
_WIKI_LINK = re.compile(r"\[\[(?!\^)([^\[\]\n]{1,200})\]\](?![(\[])")
_TAG = re.compile(
    r"<(/?)([A-Za-z][\w-]*)((?:\s++[A-Za-z_:@][\w:.@-]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'=<>`]++))?+)*+)\s*+/?>"
)
_TAG_ATTRIBUTE = re.compile(r"([A-Za-z_:@][\w:.@-]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'=<>`]++)))?+")
_SHORTCODE = re.compile(r"\{(?:\{[<%]|%)")
_MORE = re.compile(r"<!--[ \t]*more[ \t]*-->", re.IGNORECASE)
_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*")
# Python-Markdown reads numbers of any length as those of items, and a row of empty cells as that below a table's head.
_MARKER = re.compile(r"(?:[-+*]|\d{1,9}[.)]|\d+\.)(?=[ \t])")
_LONG_NUMBER = re.compile(r"\d{10,}\.(?=[ \t])")
_EMPTY_CELLS = re.compile(r"[|: \t-]*\|[|: \t-]*")
_BRACE_BEHIND_SPACE = re.compile(r"(?<=\s)\{")
_EMPHASIS = frozenset("*_~")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
# What Python-Markdown unescapes by itself; the rest of CommonMark's escapes become entities for it.
_ESCAPED_BY_ENGINES = frozenset("\\`*_{}[]()>#+-.!|")
_VERBATIM = frozenset({"code", "kbd", "samp", "pre", "script", "style", "textarea"})
_DEEPEST_BRACKETS = 100
_DEEPEST_PARENTHESES = 32
_LONGEST_TITLE = 1000
# An engine copies a paragraph for each sign in it: its time grows with the square of the length.
_LONGEST_PARAGRAPH = 200_000
_JOINED = "\x00"


class _Opener(Struct):
    at: int
    kind: str
    edit: int
    name: str = ""
    active: bool = True


class _Edit(Struct):
    """A piece of the text and what an engine reads for it; `address` is that of a link that the author did not make.

    `mark` is the place of a mark that names a source.
    """

    start: int
    end: int
    text: str
    address: str = ""
    mark: Place | None = None


class RawTag(Struct, frozen=True):
    """A tag of raw HTML as written, with the places of its attributes' values by (`name`, decoded value).

    Where the attribute itself begins stands under (`name=`, decoded value).
    """

    name: str
    place: Place
    attributes: dict[tuple[str, str], Place]


class InlineReader:
    """Reads one run after the other; items and raw tags of all of them are collected.

    `www`: somewhere in the text stands an address that begins with it. Few texts hold one, and a full stop ends each
    sentence of all.
    """

    def __init__(
        self,
        items: list[Item],
        definitions: Mapping[str, Definition],
        notes: Mapping[str, Place],
        directives: DirectiveReader,
        engine: Engine,
        complaints: Complaints,
        *,
        www: bool,
    ) -> None:
        self.items = items
        self.definitions = definitions
        self.notes = notes
        self.directives = directives
        self.engine = engine
        self.complaints = complaints
        self.tags: list[RawTag] = []
        self.used_notes: set[str] = set()
        self.special = _SPECIAL_OR_WWW if www else _SPECIAL

    def engine_text(self, run: Run) -> str:
        """A run as an engine is to read it, line prefixes included."""
        if not run.lines:
            # The marker of an item stands also where nothing else is left of its line.
            prefix = run.prefixes[0]
            return prefix + mark("point", self.add(Separator())) if prefix.strip(" >") else ""
        contents = run.contents()
        if run.raw:
            return self._raw_text(run, contents)
        text = contents[0] if len(contents) == 1 else "\n".join(contents)
        if len(text) > _LONGEST_PARAGRAPH and not splits_table(["", *contents]):
            hint = f"Divide it by blank lines: at most {_LONGEST_PARAGRAPH:,} characters are read as one."
            self.complaints.error("CL215", "this paragraph is too long", run.lines[0].place(run.starts[0]), hint)
            return run.prefixes[0] + mark("point", self.add(Character(text)))
        attributes = ""
        if run.level and text.rstrip().endswith("}"):
            text, attributes = self._heading_attributes(run, contents, text)
        signs = self.special.signs(text)
        first = self.special.search(text, signs)
        pieces: Sequence[str | None] = text.split("\n") if attributes else contents
        if first is not None:
            edits = _Reading(self, run, contents, text).edits(self.special, signs, first)
            pieces = _edited(text, edits, flanked=self.engine.flanked)
        if len(contents) > 1 and text[:1] == "<" and not self.engine.closing_tags and _TAG.fullmatch(contents[0]):
            tell_unread_in_line(contents, _Locator(run, contents), self.complaints)
        if run.level:
            return _heading(run, pieces, attributes, flanked=self.engine.flanked)
        table = splits_table(contents) if "|" in text else 0
        return run.before + self._paragraph(run, pieces, table) + run.after

    def _heading_attributes(self, run: Run, contents: list[str], text: str) -> tuple[str, str]:
        """The text of a heading without the attributes at its end, and the mark of these; '' when there are none."""
        end = len(text.rstrip())
        for brace in _BRACE_BEHIND_SPACE.finditer(text):
            found = read_attributes(text, brace.start())
            if isinstance(found, Malformed) or found[1] < end or not gives_attributes(found[0]):
                continue
            locate = _Locator(run, contents)
            kept = self.kept_attributes(found[0], "a heading", locate)
            at = next((pair.value_at for pair in found[0] if pair.key == "id"), brace.start())
            number = self.add(Attributes(kept, locate(at)))
            return CLOSING_HASHES.sub("", text[: brace.start()].rstrip()), mark("point", number)
        return text, ""

    def kept_attributes(self, pairs: Sequence[Attribute], what: str, locate: "_Locator") -> tuple[tuple[str, str], ...]:
        """Attributes of what the author wrote, without those that the policy refuses, which are told."""
        kept: dict[str, str] = {}
        for pair in pairs:
            if is_refused(pair.key):
                message = f"{pair.key}= cannot be given to {what}"
                self.complaints.error("CL224", message, locate(pair.at), "Leave it out.")
            elif pair.key == "class" and "class" in kept:
                kept["class"] += f" {pair.value or ''}"
            else:
                kept[pair.key] = pair.value or ""
        return tuple(kept.items())

    def _paragraph(self, run: Run, pieces: Sequence[str | None], table: int) -> str:
        if len(pieces) == 1:
            return run.prefixes[0] + _kept_text(pieces[0] or "", first=True)
        lines: list[str] = []
        for index, (prefix, piece) in enumerate(zip(run.prefixes, pieces, strict=True)):
            if piece is None:
                continue
            if index and index == table:
                lines.append(prefix.rstrip())
            if index == 1 and _EMPTY_CELLS.fullmatch(piece) and not DELIMITER_ROW.fullmatch(piece):
                piece = piece.replace("|", "&#124;")  # the row is text
            lines.append(prefix + _kept_text(piece, first=not index))
        return "\n".join(lines)

    def _raw_text(self, run: Run, contents: list[str]) -> str:
        text = "\n".join(contents)
        locate = _Locator(run, contents)
        opened = text.rfind("<!--")
        if opened > text.rfind("-->"):
            self.complaints.error("CL216", "this comment is never closed", locate(opened), "Close it with -->.")
            text = text[:opened] + "&lt;" + text[opened + 1 :]
        tell_unread(contents, locate, self.complaints, closing_tags=self.engine.closing_tags)
        tell_endless_tags(text, locate, self.complaints, closing_tags=self.engine.closing_tags)
        for reserved in RESERVED_REFERENCE.finditer(text):
            self.complaints.reserved(reserved[0], locate(reserved.start()))
        for override in OVERRIDE_REFERENCE.finditer(text):
            tell_override(override[0], locate(override.start()), self.complaints)
        for tag in _TAG.finditer(text):
            if not tag[1]:
                self.tags.append(raw_tag(tag, locate))
        lines = text.split("\n")
        return "\n".join(prefix + line for prefix, line in zip(run.prefixes, lines, strict=True))

    def add(self, item: Item) -> int:
        self.items.append(item)
        return len(self.items) - 1


class _Locator:
    """From an index of joined lines to a place in the file."""

    def __init__(self, run: Run, contents: Sequence[str]) -> None:
        self.run = run
        self.contents = contents
        self.begins: list[int] = []

    def __call__(self, index: int) -> Place:
        if len(self.contents) == 1:
            return self.run.lines[0].place(self.run.starts[0] + index)
        if not self.begins:
            lengths = accumulate(len(content) + 1 for content in self.contents)
            self.begins = [0, *lengths][:-1]
        line = max(bisect_right(self.begins, index) - 1, 0)
        return self.run.lines[line].place(self.run.starts[line] + index - self.begins[line])


def raw_tag(match: re.Match[str], locate: _Locator) -> RawTag:
    """A tag with its attributes and their places."""
    attributes: dict[tuple[str, str], Place] = {}
    for attribute in _TAG_ATTRIBUTE.finditer(match[3]):
        group = next((group for group in (2, 3, 4) if attribute[group] is not None), 1)
        value = decoded(attribute[group]) if group > 1 else ""
        name = attribute[1].lower()
        attributes.setdefault((name, value), locate(match.start(3) + attribute.start(group)))
        attributes.setdefault((f"{name}=", value), locate(match.start(3) + attribute.start()))
    return RawTag(match[2].lower(), locate(match.start()), attributes)


def _heading(run: Run, pieces: Sequence[str | None], attributes: str, *, flanked: bool) -> str:
    """A heading as an engine is to read it, with the mark of its attributes at the end."""
    title = " ".join(piece.strip() for piece in pieces if piece is not None)
    if (len(title) - len(title.rstrip("\\"))) % 2:
        # Python-Markdown sees no heading where a backslash ends the line.
        title = f"{title[:-1]}&#92;"
    if attributes:
        title += signed(attributes, before=flanked, behind=False)
    elif title.endswith("#"):
        title += " " + "#" * run.level
    return f"{run.prefixes[0]}{run.before}{'#' * run.level} {title}{run.after}"


def _kept_text(line: str, *, first: bool) -> str:
    """A line that an engine takes for nothing but text: `#water` is no heading, a `2.` in a paragraph no list."""
    if line[:1].isalpha():
        return line
    if line.startswith("#"):
        return f"\\{line}"
    if line.startswith(":") and (first or not DELIMITER_ROW.fullmatch(line)):
        return f"&#58;{line[1:]}"
    if not first and _UNDERLINE.fullmatch(line):
        return f"&#{ord(line[0])};{line[1:]}"
    if not first and RULE.fullmatch(line):
        return line.replace(line[0], f"&#{ord(line[0])};")
    marker = (_LONG_NUMBER if first else _MARKER).match(line)
    return f"{line[: marker.end() - 1]}\\{line[marker.end() - 1 :]}" if marker else line


def _edited(text: str, edits: list[_Edit], *, flanked: bool) -> Sequence[str | None]:
    """The lines of a text after its edits; None for a line that an edit joined to the one before.

    `flanked`: the engine asks what stands beside emphasis.
    """
    if not edits:
        return text.split("\n")
    if flanked:
        for edit in edits:
            before = text[edit.start - 1 : edit.start] in _EMPHASIS
            behind = text[edit.end : edit.end + 1] in _EMPHASIS
            if (before or behind) and (not edit.address or text[edit.start] == "<"):
                edit.text = _signed(text, edit, before=before, behind=behind)
    pieces: list[str] = []
    position = 0
    one_line = "\n" not in text
    for edit in sorted(edits, key=_start):
        pieces += (text[position : edit.start], edit.text)
        if not one_line:
            pieces.append(_JOINED * text.count("\n", edit.start, edit.end))
        position = edit.end
    pieces.append(text[position:])
    if one_line:
        return ["".join(pieces)]
    lines: list[str | None] = []
    for line in "".join(pieces).split("\n"):
        lines.append(line.replace(_JOINED, ""))
        lines += [None] * line.count(_JOINED)
    return lines


def _signed(text: str, edit: _Edit, *, before: bool, behind: bool) -> str:
    """The marks of an edit that stands beside emphasis, as signs, as what they stand for.

    Stars and tildes between a letter and a link, a picture or code may begin and end emphasis, which no sign would
    allow: `中文**[链接](a.md)**中文`. There the mark stays what engines take it for, a letter.
    """
    kind = read_mark(edit.text)[0] if MARK.fullmatch(edit.text) else "point"
    if before and kind != "close":
        before = text[edit.start - 1] == "_" or not _is_letter(_beyond(text, edit.start - 1, -1))
    if behind and kind != "open":
        behind = text[edit.end] == "_" or not _is_letter(_beyond(text, edit.end, 1))
    return signed(edit.text, before=before, behind=behind)


def _beyond(text: str, index: int, step: int) -> str:
    """The character behind, or with a step of -1 before, the run of signs that begins at an index; '' at an end."""
    sign = text[index]
    while 0 <= index < len(text) and text[index] == sign:
        index += step
    return text[index] if 0 <= index < len(text) else ""


def _is_letter(character: str) -> bool:
    """Whether a character is neither white space nor punctuation (CommonMark 0.31 §2.1)."""
    return bool(character) and category(character)[0] not in "PSZC"


def _start(edit: _Edit) -> int:
    return edit.start


class _Reading:
    """One run: a single pass over its special characters with a stack of open brackets."""

    def __init__(self, reader: InlineReader, run: Run, contents: list[str], text: str) -> None:
        self.reader = reader
        self.run = run
        self.text = text
        self.locate = _Locator(run, contents)
        self.found: list[_Edit] = []
        self.openers: list[_Opener] = []
        self.anchors = 0
        self.verbatim: list[str] = []
        self.contents = contents
        self.is_table = False
        self.backticks: dict[int, list[int]] | None = None
        self.read_to = 0

    def edits(self, special: _Special, signs: bytes, first: re.Match[str]) -> list[_Edit]:
        match: re.Match[str] | None = first
        position = 0
        while match is not None:
            self.read_to = position
            position = self.plain_link(match) if match[1] else self.step(match.start())
            if len(self.openers) > _DEEPEST_BRACKETS:
                place = self.locate(self.openers[-1].at)
                hint = f"At most {_DEEPEST_BRACKETS} are read; put a backslash before those that are text."
                self.reader.complaints.error("CL215", "too many brackets are open", place, hint)
                self.found.clear()
                for sign in re.finditer(r"[\[\]<`]+", self.text):
                    self.keep(sign.start(), sign.end())
                break
            match = special.search(self.text, signs, position)
        return self.found

    def step(self, at: int) -> int:
        """Read what begins, or shows itself, here; returns where to go on."""
        first = self.text[at]
        if first == "[":
            return self.open_bracket(at)
        if first == "]":
            return self.close_bracket(at)
        if first == ":":
            return self.colon(at)
        if first == "\\":
            return self.escape(at)
        if first == "`":
            return self.code(at)
        if first == "<":
            return self.angle(at)
        if first == ".":
            return self.bare_url(at - len("www")) if at - len("www") >= self.read_to else at + 1
        if first == "@":
            return self.bare_email(at)
        if first == "&":
            return self.number(at)
        if first == "{":
            return self.brace(at)
        if first == "~":
            # One alone strikes nothing out; native engines think otherwise.
            self.keep(at, at + 1)
            return at + 1
        self.openers.append(_Opener(at, "image", len(self.found)))
        return at + len("![")

    def plain_link(self, match: re.Match[str]) -> int:
        if len(self.openers) >= _DEEPEST_BRACKETS:
            return self.step(match.start())
        target_at = match.start(2)
        link = Link(match[2], self.locate(target_at))
        self.link(match.start(), target_at - len("]("), match.end(), link, inside=len(self.found))
        return match.end()

    def open_bracket(self, at: int) -> int:
        note = _NOTE_MARK.match(self.text, at)
        if note is not None:
            return self.note_mark(note)
        self.tell_bracketed(at)
        self.openers.append(_Opener(at, "link", len(self.found)))
        return at + 1

    def colon(self, at: int) -> int:
        if not self.text.startswith("//", at + 1):
            return self.directive(at)
        scheme = _WEB_SCHEME.search(self.text[max(self.read_to, at - len("https")) : at])
        return self.bare_url(at - len(scheme[0])) if scheme else at + 1

    def edit(self, start: int, end: int, text: str) -> None:
        self.found.append(_Edit(start, end, text))

    def keep(self, start: int, end: int) -> None:
        """A piece that is nothing but text: as a mark, for which no engine copies the paragraph."""
        self.edit(start, end, mark("point", self.reader.add(Character(self.text[start:end]))))

    # -- the small things

    def escape(self, at: int) -> int:
        following = self.text[at + 1 : at + 2]
        if following == "\n":
            self.edit(at, at + 1, "  ")
            return at + 1
        if following in ('"', "'"):
            self.edit(at, at + 2, mark("point", self.reader.add(Character(following))))
        elif following and following in _PUNCTUATION and following not in _ESCAPED_BY_ENGINES:
            self.edit(at, at + 2, f"&#{ord(following)};")
        return at + 2

    def code(self, at: int) -> int:
        opening = _BACKTICKS.match(self.text, at)
        length = len(opening[0]) if opening else 0
        if self.backticks is None:
            self.is_table = len(self.contents) > 1 and splits_table(["", *self.contents]) > 0
            self.backticks = {}
            for run in _BACKTICKS.finditer(self.text):
                self.backticks.setdefault(run.end() - run.start(), []).append(run.start())
        starts = self.backticks.get(length, [])
        index = bisect_right(starts, at)
        if index == len(starts):
            self.keep(at, at + length)
            return at + length
        closing = starts[index]
        content = self.text[at + length : closing].replace("\n", " ")
        # CommonMark 0.31 §6.1
        if content.startswith(" ") and content.endswith(" ") and content.strip(" "):
            content = content[1:-1]
        if self.is_table:
            content = content.replace("\\|", "|")
        end = closing + length
        attributes: tuple[tuple[str, str], ...] = ()
        if self.text.startswith(("{.", "{#", "{:"), end):
            attributes, end = self.trailing_attributes(end)
        self.edit(at, end, mark("point", self.reader.add(Code(content, self.locate(at), False, attributes=attributes))))
        return end

    def number(self, at: int) -> int:
        reserved = RESERVED_REFERENCE.match(self.text, at)
        override = OVERRIDE_REFERENCE.match(self.text, at)
        if override is not None:
            tell_override(override[0], self.locate(at), self.reader.complaints)
        if reserved is None:
            return at + 2
        self.reader.complaints.reserved(reserved[0], self.locate(at))
        self.edit(at, reserved.end(), REPLACEMENT)
        return reserved.end()

    def brace(self, at: int) -> int:
        """A brace that an engine would take for that of attributes, where it is none."""
        shortcode = _SHORTCODE.match(self.text, at)
        if shortcode is not None:
            self.tell_shortcode(at)
        elif self.gives_attributes(at):
            return at + 1
        engine = self.reader.engine
        if engine.braces is not None and engine.braces.match(self.text, at):
            self.keep(at, at + 1)
        return at + 1 if shortcode is None else shortcode.end()

    def gives_attributes(self, at: int) -> bool:
        """Whether attributes stand in braces; told where only the other engine would give them to something."""
        found = read_attributes(self.text, at)
        if isinstance(found, Malformed) or not gives_attributes(found[0]):
            return False
        if self.reader.engine.braces is None and self.text.startswith(":", at + 1) and not self.verbatim:
            message = "attributes of a paragraph, an item or emphasis are shown to readers"
            hint = 'Leave them out, or write engine = "python-markdown" below [markdown] in site.toml.'
            self.reader.complaints.warning("CL236", message, self.locate(at), hint)
        return True

    def tell_shortcode(self, at: int) -> None:
        token = self.text[at : at + (2 if self.text.startswith("%", at + 1) else 3)]
        if not self.verbatim:
            hint = "Clarion's directives are written :name[text]{key=value}; code goes between backticks."
            message = f"“{token}” looks like a tag of another program, and readers would see it"
            self.reader.complaints.warning("CL233", message, self.locate(at), hint)

    def tell_bracketed(self, at: int) -> None:
        """A tag of another program in square brackets; words in brackets and links are none."""
        text = self.text
        wiki = _WIKI_LINK.match(text, at)
        found = wiki or _BRACKETED.match(text, at) or _LONE_GALLERY.match(text, at)
        if found is None or self.verbatim or self.definition(wiki[1] if wiki else found[0][1:-1]) is not None:
            return
        hint = "A link is written [words](water.md)." if wiki else "Pictures are written ![what they show](file.jpg)."
        shown = found[0] if len(found[0]) <= 40 else f"{found[0][:39]}…"
        message = f"“{shown}” looks like a tag of another program, and readers would see it"
        self.reader.complaints.warning("CL233", message, self.locate(at), hint)

    def note_mark(self, match: re.Match[str]) -> int:
        label = match[1].casefold()
        place = self.locate(match.start())
        if label not in self.reader.notes:
            hint = did_you_mean(label, self.reader.notes) or f"Write [^{match[1]}]: and its text on a line of its own."
            self.reader.complaints.error("CL203", f"there is no footnote [^{match[1]}]", place, hint)
            return match.end()
        self.reader.used_notes.add(label)
        self.edit(match.start(), match.end(), mark("point", self.reader.add(NoteMark(label, place))))
        return match.end()

    # -- angle brackets

    def angle(self, at: int) -> int:
        text = self.text
        if text.startswith("<!--", at):
            return self.comment(at)
        automatic = _AUTOLINK.match(text, at)
        if automatic is not None:
            return self.linked(at, automatic.end(), automatic[1], automatic[1], at + 1)
        address = _EMAIL.match(text, at)
        if address is not None:
            return self.linked(at, address.end(), f"mailto:{address[1]}", address[1], at + 1)
        tag = _TAG.match(text, at)
        if tag is None:
            # Engines look far and often for the end of a tag that has none.
            self.keep(at, at + 1)
            return at + 1
        name = tag[2].lower()
        if tag[1]:
            if name == "a":
                self.anchors = max(self.anchors - 1, 0)
            elif self.verbatim and self.verbatim[-1] == name:
                self.verbatim.pop()
            return tag.end()
        self.reader.tags.append(raw_tag(tag, self.locate))
        if name == "a":
            self.anchors += 1
        elif name in _VERBATIM and not self.verbatim:
            self.verbatim.append(name)
        return tag.end()

    def comment(self, at: int) -> int:
        end = self.text.find("-->", at + 2)
        if end < 0:
            hint = "Close it with --> before the next blank line."
            self.reader.complaints.error("CL216", "this comment is never closed", self.locate(at), hint)
            self.edit(at, at + 1, "&lt;")
            return at + 4
        is_more = _MORE.match(self.text, at) is not None
        self.edit(at, end + 3, mark("point", self.reader.add(More(self.locate(at)))) if is_more else "")
        return end + 3

    def linked(self, at: int, end: int, target: str, shown: str, target_at: int) -> int:
        """An address that is its own text; what would count readers is in neither."""
        place = self.locate(target_at)
        if may_track(target):
            cleaned = without_tracking(target, (), place, self.reader.complaints)
            target, shown = cleaned, cleaned if shown == target else cleaned.removeprefix("https://")
        number = self.reader.add(Link(target, place))
        text = self.reader.add(Character(shown))
        self.found.append(_Edit(at, end, mark("open", number) + mark("point", text) + mark("close", number), shown))
        return end

    def bare_url(self, at: int) -> int:
        text = self.text
        before = text[at - 1 : at]
        end = bare_url_end(text, at)
        if (
            end == at
            or self.anchors
            or self.verbatim
            or (before.isascii() and before.isalnum())
            or before in ("/", "=", "@")
        ):
            return max(end, at + 4)
        shown = text[at:end]
        return self.linked(at, end, f"https://{shown}" if shown[0] in "wW" else shown, shown, at)

    def bare_email(self, at: int) -> int:
        text = self.text
        start = max(self.read_to, at - _LONGEST_LOCAL_PART)
        local = _LOCAL_PART.search(text[start:at])
        host = _MAIL_HOST.match(text, at + 1)
        if local is None or host is None or self.anchors or self.verbatim:
            return at + 1
        begin = start + local.start()
        shown = f"{local[0]}@{host[0]}"
        if text.endswith("mailto:", 0, begin) and (not self.found or self.found[-1].end <= begin - len("mailto:")):
            begin -= len("mailto:")
            shown = f"mailto:{shown}"
        before, after = text[begin - 1 : begin], text[host.end() : host.end() + 1]
        # `@name@host` is a handle of the fediverse.
        if before.isalnum() or (before and before in "\\@/=") or after.isalnum() or (after and after in "-@"):
            return at + 1
        if begin == self.read_to and text.startswith("\\", begin - 2):
            return at + 1
        return self.linked(begin, host.end(), f"mailto:{local[0]}@{host[0]}", shown, at - len(local[0]))

    # -- directives

    def directive(self, at: int) -> int:
        text = self.text
        before = text[at - 1 : at]
        if self.verbatim or before == ":":
            return at + 1
        if before.isalnum():
            return self.told_mark(at)
        match = _NAME.match(text, at)
        if match is None:
            nearly = _NEARLY.match(text, at)
            if nearly is not None and nearly[1] in self.reader.directives.declarations:
                hint = f"Write :{nearly[1]} without a space behind it."
                self.reader.complaints.error(
                    "CL209", "a space stands behind the name of a directive", self.locate(nearly.end() - 1), hint
                )
            return at + 1
        if text[match.end()] == "[":
            self.openers.append(_Opener(match.end(), "directive", len(self.found), match[1]))
            return match.end() + 1
        attributes = self.directive_attributes(match.end())
        if attributes is None:
            return match.end() + 1
        found, end = attributes
        directive = self.reader.directives.read(match[1], "inline", None, found, self.locate(at), self.locate)
        if directive is not None:
            self.edit(at, end, mark("point", self.reader.add(directive)))
        return end

    def told_mark(self, at: int) -> int:
        """What stands behind a letter is no directive; the name of a mark with its bracket must be meant as one."""
        match = _NAME.match(self.text, at)
        directives = self.reader.directives
        if match is not None and match[1] in directives.declarations and directives.names_a_source(match[1]):
            hint = f"Put a space before :{match[1]}; readers do not see it."
            message = f"“{match[1]}” stands directly behind a letter or a digit"
            self.reader.complaints.error("CL209", message, self.locate(at), hint)
        return at + 1

    def directive_attributes(self, at: int) -> tuple[tuple[Attribute, ...], int] | None:
        found = read_attributes(self.text, at)
        if isinstance(found, Malformed):
            self.reader.complaints.error(
                "CL209", found.message, self.locate(found.at), 'Write {key=value} or {key="two words"}.'
            )
            return None
        return found

    def close_directive(self, opener: _Opener, at: int) -> int:
        start = opener.at - len(opener.name) - 1
        end = at + 1
        attributes: tuple[Attribute, ...] = ()
        if self.text.startswith("{", end):
            found = self.directive_attributes(end)
            if found is None:
                return end
            attributes, end = found
        plain = self.plain(opener, opener.at + 1, at)
        directive = self.reader.directives.read(
            opener.name, "inline", plain, attributes, self.locate(start), self.locate
        )
        if directive is None:
            return end
        if self.reader.directives.names_a_source(directive.name):
            # What was found inside an id is text.
            del self.found[opener.edit :]
            cited = Cited(directive.name, directive.attributes, directive.text, directive.place)
            self.found.append(_Edit(start, end, mark("point", self.reader.add(cited)), mark=directive.place))
            return end
        number = self.reader.add(directive)
        self.edit(start, opener.at + 1, mark("open", number))
        self.edit(at, end, mark("close", number))
        return end

    # -- brackets

    def close_bracket(self, at: int) -> int:
        if not self.openers:
            return at + 1
        opener = self.openers.pop()
        if opener.kind == "directive":
            return self.close_directive(opener, at)
        if not opener.active:
            self.keep(opener.at, opener.at + 1)
            return at + 1
        following = self.text[at + 1 : at + 2]
        if following == "(":
            destination = self.destination(at + 1)
            if destination is not None:
                target, target_at, title, end = destination
                return self.complete(opener, at, end, target, self.locate(target_at), title)
        label = _LABEL.match(self.text, at + 1) if following == "[" else None
        if label is not None:
            return self.reference(opener, at, label)
        definition = self.definition(self.text[opener.at + 1 + (opener.kind == "image") : at])
        if definition is None:
            if following == "(":
                self.keep(opener.at, opener.at + 1)
            return at + 1
        return self.complete(opener, at, at + 1, definition.target, definition.place, definition.title)

    def definition(self, label: str) -> Definition | None:
        return self.reader.definitions.get(label_key(label)) if self.reader.definitions and len(label) < 1000 else None

    def reference(self, opener: _Opener, at: int, match: re.Match[str]) -> int:
        written = match[1] if match[1].strip() else self.text[opener.at + 1 + (opener.kind == "image") : at]
        definition = self.definition(written)
        if definition is not None:
            return self.complete(opener, at, match.end(), definition.target, definition.place, definition.title)
        if match[1].startswith("^") or written.startswith("^"):
            return at + 1
        place = self.locate(match.start(1) if match[1].strip() else opener.at)
        hint = did_you_mean(label_key(written), self.reader.definitions)
        hint = (
            hint or f"Write [{written}]: and an address on a line of its own, or a backslash before [ for plain text."
        )
        self.reader.complaints.error("CL202", f"there is no link definition [{written}]", place, hint)
        return match.end()

    def complete(self, opener: _Opener, at: int, end: int, target: str, place: Place, title: str) -> int:
        """A link or an image from its opening bracket to `end`."""
        attributes: tuple[tuple[str, str], ...] = ()
        if self.text.startswith("{", end):
            attributes, end = self.trailing_attributes(end)
        if title:
            attributes = (("title", title), *attributes)
        if opener.kind == "image":
            alt = self.plain(opener, opener.at + 2, at)
            # What was found inside an alternative text is text.
            del self.found[opener.edit :]
            picture = Picture(target, place, (("alt", alt), *attributes))
            self.edit(opener.at, end, mark("point", self.reader.add(picture)))
            return end
        self.link(opener.at, at, end, Link(target, place, attributes), inside=opener.edit)
        return end

    def link(self, start: int, closing: int, end: int, item: Link, *, inside: int) -> None:
        """A link from its opening bracket to `end`, with the edits from `inside` on in its text; none holds another."""
        number = self.reader.add(item)
        for edit in self.found[inside:]:
            self.unlink(edit)
        self.found.append(_Edit(start, start + 1, mark("open", number)))
        self.found.append(_Edit(closing, end, mark("close", number)))
        for outer in self.openers:
            if outer.kind == "link":
                outer.active = False

    def unlink(self, edit: _Edit) -> None:
        """A bare address inside a link's text is text; a mark, which is a link itself, is a mistake."""
        if edit.address:
            edit.text = mark("point", self.reader.add(Character(edit.address)))
        elif edit.mark is not None:
            hint = "Put it behind the link."
            self.reader.complaints.error("CL213", "a mark that names a source stands in a link", edit.mark, hint)

    def trailing_attributes(self, at: int) -> tuple[tuple[tuple[str, str], ...], int]:
        """Attributes written directly behind a link, an image or code; none when it is plain text."""
        found = read_attributes(self.text, at)
        if isinstance(found, Malformed):
            return (), at
        pairs, end = found
        return self.reader.kept_attributes(pairs, "a link, a picture or code", self.locate), end

    def destination(self, at: int) -> tuple[str, int, str, int] | None:
        """Decoded address, its index, decoded title, index behind `)` of an inline link; None when it is none."""
        text = self.text
        start = _skip(text, at + 1)
        if text.startswith("<", start):
            end = start + 1
            while end < len(text) and text[end] not in "<>\n":
                end += 2 if text[end] == "\\" else 1
            if not text.startswith(">", end):
                return None
            target, target_at, position = text[start + 1 : end], start + 1, end + 1
        else:
            end = _bare_destination_end(text, start)
            if end < 0:
                return None
            target, target_at, position = text[start:end], start, end
        title = ""
        after = _skip(text, position)
        if after > position and text[after : after + 1] in ('"', "'", "("):
            closing = self.title_end(after)
            if closing < 0:
                return None
            title = decoded(text[after + 1 : closing])
            after = _skip(text, closing + 1)
        if not text.startswith(")", after):
            self.told_spaces(start, after)
            return None
        return decoded(target), target_at, title, after + 1

    def title_end(self, at: int) -> int:
        quote = ")" if self.text[at] == "(" else self.text[at]
        limit = min(len(self.text), at + _LONGEST_TITLE)
        position = at + 1
        while position < limit:
            if self.text[position] == "\\":
                position += 1
            elif self.text[position] == quote:
                return position
            position += 1
        return -1

    def told_spaces(self, start: int, after: int) -> None:
        """A file name with spaces is a link nowhere but in some programs: say so rather than print it."""
        rest = self.text[start : after + 500].partition(")")[0].partition("\n")[0]
        if " " in rest and re.search(
            r"\.(?:md|markdown|html?|pdf|jpe?g|png|webp|gif|svg|avif)(?:#\S*)?$", rest.strip(), re.IGNORECASE
        ):
            hint = f"Write (<{rest.strip()}>)."
            self.reader.complaints.error(
                "CL231", "an address with spaces needs angle brackets", self.locate(start), hint
            )

    def plain(self, opener: _Opener, start: int, end: int) -> str:
        """What stands in a bracket as plain text."""
        pieces: list[str] = []
        position = start
        for edit in sorted(self.found[opener.edit :], key=lambda edit: edit.start):
            if edit.start < position:
                continue
            pieces += (self.text[position : edit.start], self.shown(edit))
            position = edit.end
        return plain_words("".join(pieces) + self.text[position:end])

    def shown(self, edit: _Edit) -> str:
        source = self.text[edit.start : edit.end]
        if edit.address:
            return edit.address
        if source.startswith("`"):
            return source.strip("`").strip()
        if source.startswith("!["):
            return next(
                (dict(item.attributes)["alt"] for item in reversed(self.reader.items) if type(item) is Picture), ""
            )
        if source.startswith("\\") or source in ("<", "~", "{"):
            return source
        # The bracket of a link is gone, one that opens nothing is kept as it is.
        return source if source == "[" and read_mark(edit.text)[0] == "point" else ""


def _skip(text: str, position: int) -> int:
    match = _DESTINATION_SPACE.match(text, position)
    return match.end() if match else position


def _bare_destination_end(text: str, start: int) -> int:
    depth = 0
    position = start
    while position < len(text):
        character = text[position]
        if character == "\\" and text[position + 1 : position + 2] in _PUNCTUATION:
            position += 2
            continue
        if character <= " " or character == "<":
            break
        if character == "(":
            depth += 1
            if depth > _DEEPEST_PARENTHESES:
                return -1
        elif character == ")":
            if not depth:
                break
            depth -= 1
        position += 1
    return -1 if depth else position
