"""YAML as authors mean it: the 1.2 core schema, no tags, no anchors, the place of every key."""

import re
from collections.abc import Callable
from typing import Any

import yaml

from generator.model.problem import Problem
from generator.source.core_schema import meaning
from generator.source.places import MAXIMUM_DEPTH, KeyPath, Place, Places, Reading, written_twice
from generator.source.plain_yaml import read_plain_yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_HALF = re.compile("[\ud800-\udfff]")
_UNSEEN = re.compile("[\x85\u2028\u2029\ufeff]")
_NO_SPACE = re.compile(r"^([A-Za-z_][A-Za-z0-9_-]*):(?=[^\s/:])(.*)$", re.MULTILINE)
_KEY_LINE = re.compile(r"(\s*)((?:- )*)([^\s:][^:]*):(?:\s+(.*))?")
_SWALLOWED = re.compile(r"[ \t]+(#\w[^\n]*)")
_QUOTED = re.compile(r""""(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_HIDDEN = re.compile(r"(?:^|[\[{,\s])(#\w[^\n,\]}]*)")
_CURLY = {"“": "”“", "„": "“”", "”": "”", "‘": "’", "‚": "‘’"}
_QUOTE_HINT = "Put the value in straight quotes."
_INDENT_HINT = "Begin all keys of one level in the same column, with spaces."


class _UnreadableError(Exception):
    """The text cannot be read on."""


class _Walk:
    """Turns the events of one text into values, noting places and problems on its way."""

    next: Callable[[], Any]

    def __init__(self, text: str, path: str, first_line: int, loader: Any) -> None:
        self.text = text
        self.path = path
        self.first_line = first_line
        self.loader = loader
        self.has_hash = "#" in text
        self.keys: dict[KeyPath, Place] = {}
        self.values: dict[KeyPath, Place] = {}
        self.problems: list[Problem] = []
        self.open: list[tuple[Any, str]] = []

    def place(self, mark: Any) -> Place:
        return mark.line + self.first_line, mark.column + 1

    def say(self, code: str, message: str, place: Place, hint: str, severity: Any = "error") -> None:
        self.problems.append(Problem(severity, code, message, self.path, *place, hint))

    def document(self) -> Any:
        self.next = self.loader(self.text).get_event
        self.next()
        event = self.next()
        if isinstance(event, yaml.StreamEndEvent):
            return None
        value = self.node(self.next(), (), 0)
        self.next()
        event = self.next()
        if not isinstance(event, yaml.StreamEndEvent):
            self.say("CL107", "a second YAML document begins here", self.place(event.start_mark), "Keep one.")
            raise _UnreadableError
        return value

    def node(self, event: Any, path: KeyPath, depth: int) -> Any:
        place = self.place(event.start_mark)
        self.values[path] = place
        if depth > MAXIMUM_DEPTH:
            self.say("CL110", f"more than {MAXIMUM_DEPTH} levels of nesting", place, "Write it flatter.")
            raise _UnreadableError
        if isinstance(event, yaml.AliasEvent):
            self.say(
                "CL109", f"the alias *{event.anchor} is not allowed", place, "Write the value itself, or quote it."
            )
            return None
        if event.anchor is not None:
            self.say("CL109", f"the anchor &{event.anchor} is not allowed", place, "Take it out, or quote the value.")
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.say("CL109", f"the tag {tag} is not allowed", place, "Take it out, or quote the value.")
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, place)
        inside = self.sequence if isinstance(event, yaml.SequenceStartEvent) else self.mapping
        if not event.flow_style:
            return inside(path, depth)
        self.open.append((event.start_mark, "]" if isinstance(event, yaml.SequenceStartEvent) else "}"))
        value = inside(path, depth)
        self.open.pop()
        return value

    def sequence(self, path: KeyPath, depth: int) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            items.append(self.node(event, (*path, len(items)), depth + 1))
        return items

    def mapping(self, path: KeyPath, depth: int) -> dict[str, Any]:
        items: dict[str, Any] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            place = self.place(event.start_mark)
            self.key(event, (*path, ""), depth + 1, place)
            if not isinstance(event, yaml.ScalarEvent):
                self.say("CL107", "a key must be a word", place, "Write `key: value`.")
                self.node(self.next(), (*path, "?"), depth + 1)
                continue
            here = (*path, event.value)
            if not event.value:
                self.say("CL107", "a key without a name", place, "Write `key: value`.")
            if event.value not in items:
                self.keys[here] = place
                items[event.value] = self.node(self.next(), here, depth + 1)
                continue
            self.say("CL108", written_twice(here, self.keys[here], place), place, "Keep one of them.")
            kept = dict(self.keys), dict(self.values)
            self.node(self.next(), here, depth + 1)
            self.keys, self.values = kept
        return items

    def key(self, event: Any, path: KeyPath, depth: int, place: Place) -> None:
        """Looks at a key as at any value; its place is not that of a value."""
        plain = isinstance(event, yaml.ScalarEvent) and event.anchor is None and event.tag is None
        if plain and depth <= MAXIMUM_DEPTH and path not in self.values:
            self.scalar(event, place)
            return
        self.node(event, path, depth)
        del self.values[path]

    def scalar(self, event: Any, place: Place) -> Any:
        text: str = event.value
        if not text.isascii() and _HALF.search(text):
            self.say("CL107", "half of a character (a lone surrogate)", place, "Write the character itself.")
            return None
        if event.style is not None and event.style != "":
            return text
        if event.tag is None and not event.implicit[0]:
            return text
        self.look_at_plain(event, text, place)
        try:
            return meaning(text)
        except OverflowError:
            self.say("CL110", "this number is too large", place, 'Quote it if it is a name: "…".')
            return None

    def look_at_plain(self, event: Any, text: str, place: Place) -> None:
        """What an unquoted value tells of an author's intention."""
        closing = _CURLY.get(text[:1], "")
        if closing and _is_enclosed(text, closing):
            inner = text.strip("“”„‘’‚")
            self.say("CL107", "curly quotes are not quotes in YAML", place, f'Use straight ones: "{inner}".')
            return
        match = _SWALLOWED.match(self.text, event.end_mark.index) if self.has_hash else None
        if match and text:
            line, column = self.place(event.end_mark)
            column += match.start(1) - match.start()
            self.say(
                "CL120",
                f"“{match[1].split()[0]}” and what follows is taken for a comment and left out",
                (line, column),
                "Quote the whole value, or put a space after # if it is a comment.",
                "warning",
            )


def _is_enclosed(text: str, closing: str) -> bool:
    ends = [offset for offset, character in enumerate(text) if offset and character in closing]
    if ends:
        return ends[0] == len(text) - 1
    return text[0] != "‘"


def read_yaml(text: str, path: str = "", first_line: int = 1, loader: Any = None) -> Reading:
    """The value of a YAML text that begins at the first column of `first_line` of the file at `path`.

    Numbers, true, false and null as in YAML 1.2's core schema; all else, dates too, is text as written. What is plain
    enough is read without a parser, unless one is given as `loader`.
    """
    plain = read_plain_yaml(text, first_line) if loader is None else None
    if plain is not None:
        return Reading(plain.value, Places(plain.keys, plain.values, plain.values[()]))
    walk = _Walk(text, path, first_line, loader or LOADER)
    for match in _UNSEEN.finditer(text):
        before = text[: match.start()]
        place = before.count("\n") + first_line, match.start() - before.rfind("\n")
        walk.say("CL107", f"an invisible character (U+{ord(match[0]):04X})", place, "Delete it.")
    value, readable = None, not walk.problems
    try:
        value = walk.document() if readable else None
    except _UnreadableError:
        readable = False
    except yaml.MarkedYAMLError as error:
        readable = False
        problem = _explain(error, text, path, first_line, walk.open)
        walk.problems = [*(found for found in walk.problems if found.line != problem.line), problem]
    except yaml.YAMLError:
        readable = False
        walk.say("CL107", "this is not YAML", (first_line, 1), "Write one `key: value` on each line.")
    start = min(walk.values.values(), default=(first_line, 1))
    return Reading(value, Places(walk.keys, walk.values, start), tuple(walk.problems), readable)


def missing_space(text: str, path: str, first_line: int, last_line: int | None = None) -> Problem | None:
    """The problem of the first `title:x`, up to a line of the file; None when there is none."""
    match = _NO_SPACE.search(text)
    if match is None:
        return None
    line = text.count("\n", 0, match.start()) + first_line
    if last_line is not None and line > last_line:
        return None
    key, value = match[1], match[2].strip()
    column = len(key) + 2
    return Problem("error", "CL107", "no space after the colon", path, line, column, f"Write `{key}: {value}`.")


def _explain(
    error: yaml.MarkedYAMLError, text: str, path: str, first_line: int, brackets: list[tuple[Any, str]]
) -> Problem:
    """A sentence about the author's slip instead of one about YAML's grammar.

    `brackets` are those that stand open, each with what would close it.
    """
    problem = error.problem or ""
    context = error.context or ""
    mark = error.problem_mark or error.context_mark
    start = error.context_mark or mark
    if mark is None or start is None:
        return Problem("error", "CL107", f"this is not YAML: {problem}", path, first_line, 1)
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    glued = missing_space(text, path, first_line, mark.line + first_line)
    if glued is not None:
        return glued

    def said(message: str, hint: str, where: Any = mark) -> Problem:
        return Problem("error", "CL107", message, path, where.line + first_line, where.column + 1, hint)

    def said_at(message: str, hint: str, column: int | None = None) -> Problem:
        shown = mark.column if column is None else column
        return Problem("error", "CL107", message, path, mark.line + first_line, shown + 1, hint)

    if "mapping values are not allowed" in problem:
        return _second_colon(said_at, lines, mark)
    found = line[mark.column : mark.column + 1]
    if "\t" in (found, line[:1]) and ("tab" in problem or "cannot start any token" in problem):
        return said("a tab", "YAML is indented with spaces only.")
    if "cannot start any token" in problem:
        return said(f"a value cannot begin with {found}", f"{_QUOTE_HINT[:-1]}: {_quoted(line[mark.column :])}.")
    if "unexpected end of stream" in problem and "quoted" in context:
        return said("this quotation mark is never closed", "Close it at the end of the value.", start)
    if "escape" in problem:
        return said("a backslash in double quotes begins an escape", "Use single quotes: '…', or write \\\\.", start)
    if "flow" in context and brackets:
        return _unclosed(lines, *brackets[-1], mark, path, first_line)
    if "could not find expected ':'" in problem:
        return said("this line has no colon", "Write `key: value`.", start)
    if "alias" in context or "anchor" in context:
        return said(
            "a value cannot begin with * or &",
            f"{_QUOTE_HINT[:-1]}: {_quoted(lines[start.line][start.column :])}.",
            start,
        )
    if "block mapping" in context and line[: mark.column].strip():
        return said("something follows the closing quote", "Quote the whole value, with the other kind of quotes.")
    if "block mapping" in context or "block collection" in context:
        return said("this line is not indented as the lines above it", _INDENT_HINT)
    if "sequence entries are not allowed" in problem:
        return said("a list cannot begin here", "Begin it on the next line, or quote the value.")
    if "document start" in problem:
        return said("the YAML ended above this line", "Take out the line with `...` or `%`.")
    return said(f"this is not YAML: {problem}", "Write one `key: value` on each line.")


def _unclosed(lines: list[str], opening: Any, closing: str, end: Any, path: str, first_line: int) -> Problem:
    """The slip in a list or mapping in brackets that begins at `opening` and cannot be read beyond `end`."""
    for number in range(opening.line, min(end.line + 1, len(lines))):
        hidden = _HIDDEN.search(
            _QUOTED.sub(lambda quoted: "x" * len(quoted[0]), lines[number]),
            opening.column if number == opening.line else 0,
        )
        if hidden is not None:
            written = lines[number][hidden.start(1) : hidden.end(1)].strip()
            message = (
                f"“{written.split()[0]}” and what follows is taken for a comment, "
                f"so the bracket before it is never closed"
            )
            place = number + first_line, hidden.start(1) + 1
            return Problem("error", "CL107", message, path, *place, f"Quote it: {_quoted(written)}.")
    found = lines[end.line][end.column : end.column + 1] if end.line < len(lines) else ""
    if found and found in ",]}" and lines[end.line][: end.column].rstrip()[-1:] in (",", "[", "{", ""):
        place = end.line + first_line, end.column + 1
        return Problem("error", "CL107", "a value is missing here", path, *place, "Write it, or take the comma out.")
    message = f"the bracket that opens here is not closed with {closing}"
    place = opening.line + first_line, opening.column + 1
    return Problem("error", "CL107", message, path, *place, f"Close it with {closing}.")


def _second_colon(said: Callable[..., Problem], lines: list[str], mark: Any) -> Problem:
    line = lines[mark.line]
    match = _KEY_LINE.match(line)
    if match is None or mark.column <= match.end(3):
        if mark.line and match is not None and match[1]:
            return said("this line is indented deeper than the key above it allows", _INDENT_HINT)
        return said("what stands above this line is not `key: value`", "Write `key: value` on each line.")
    value = (match[4] or "").strip()
    if value[:1] in _CURLY:
        hint = f"Use straight ones: {match[3]}: {_quoted(value.strip('“”„‘’‚'))}"
        return said("curly quotes are not quotes in YAML", hint, match.start(4))
    return said("a second colon in one line", f"Quote the value: {match[3]}: {_quoted(value)}")


def _quoted(value: str) -> str:
    value = value.strip()
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'
