"""Redactions: what an author takes out of a text is out before anything reads it.

A text with `:redact[…]{…}` in it becomes one with `:redact{…}`. Nothing here knows Markdown, so no sign of Markdown can
keep a redaction from being seen; and of what is not well-formed all that could be meant is taken out, with an error.
No message says what was taken out.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from generator.markup.attributes import Malformed, bracket_end, read_attributes
from generator.markup.plain import plain_words
from generator.model.problem import Problem
from generator.source.places import Place, place_at
from generator.text.traces import can_be_sought, forms, is_common_word, masked, readings, stands_in

DIRECTIVE = "redact"
NOT_UNDERSTOOD = "CL560"
_COLONS = ":：﹕︓"
_OPENING = "[［{｛(（"
_HIDDEN = "\u00ad\u200b-\u200f\u2060\ufeff"
_NAME = "|".join((f"[{_HIDDEN}]*+".join(DIRECTIVE), "ｒｅｄａｃｔ"))
_MEANT = re.compile(
    rf"(?<![{_COLONS}])(?P<colons>[{_COLONS}]++)(?P<gap>[ \t{_HIDDEN}]{{0,4}})"
    rf"(?P<name>(?:{_NAME})[\w-]*)(?P<behind>[ \t{_HIDDEN}]{{0,4}})(?P<open>[\[［{{｛(（]?)"
    # What forgets the colon, or takes it for a tag; not a note behind the word.
    rf"|(?<!\w)(?:{_NAME})(?=[\[［](?!\^|\d{{1,3}}\]))|[\[<{{]/redact[\]>}}]|\[redact:|\{{[^{{}}\n]{{0,99}}\.redact\b",
    re.IGNORECASE,
)
# `{` and what it may hold up to the point; all else that may stand before a name is shorter, but for colons.
_MOST_BEFORE_A_NAME = 101
_NOT_AS_IT_IS = re.compile(f"[{_HIDDEN}]|ｅｄａｃｔ")
_NEAR = 500
_WIDE = "ｅｄａｃｔ".encode()
_UNSEEN_SIGNS = tuple(sign.encode() for sign in "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
_PARAGRAPH_END = re.compile(r"\n[ \t>]*(?=\n|\Z)")
# What begins another block: an item of a list, a heading, a row of a table, a fence.
_ANOTHER_BLOCK = re.compile(r"(?:[-+*][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]|\||`{3}|~{3}|:{3})")
_LINE_LEAD = re.compile(r"[ \t>]*")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\(\s*+<?+([^()\s<>]*+)>?+[^()]*+\)")
# What readers do not see as words: marks of notes and sources, comments, attributes.
_UNSAID = re.compile(
    r"\[\^[^\[\]]*+\]|:cite\[[^\[\]]*+\]|<!--(?:[^-<]|-(?!->)|<(?!!--))*+-->|\{\s*(?:[.#]|[\w-]++=)[^{}]*+\}"
)
_REFERENCE = re.compile(r"!?\[([^\[\]]*+)\]\[[^\[\]]*+\]")
_LINE_BREAK = re.compile(r"<br\b[^<>]*+>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][a-z0-9-]*+(?:\s[^<>]*+)?/?>", re.IGNORECASE)
_BRACKET = re.compile(r"\\.|[\[\]]", re.DOTALL)
# Each redaction has its whole paragraph looked through for brackets.
_LONGEST_PARAGRAPH = 100_000
_MOST_IN_A_PARAGRAPH = 100
_WIDEST = 9000
_HINT = (
    'Write :redact[the text]{reason="why"}, in one paragraph; a backslash before the colon, or the bracket where there '
    "is no colon, shows it as it is."
)


class Redaction(Struct, frozen=True):
    """A well-formed redaction: the text that it takes out ('' when it is out already), its attributes in braces.

    It stands from `start` to `end` of the body as the author wrote it, at `place` of the file. `drawn_at` is the place
    of its mark in the body without the text. It is never kept: see `docs/architecture.md`.
    """

    text: str
    attributes: str
    start: int
    end: int
    place: Place
    drawn_at: Place

    def sought(self) -> tuple[str, ...]:
        """What to look for, as `words`: the text and the addresses of links in it; nothing where that says nothing."""
        words = _LINK.sub(r"\1", _REFERENCE.sub(r"\1", _UNSAID.sub("", self.text)))
        shown = plain_words(_TAG.sub("", _LINE_BREAK.sub(" ", words)))
        found = list(forms(shown)) if not is_common_word(shown) else []
        found += [form for _, address in _LINK.findall(self.text) for form in forms(address)]
        return tuple(dict.fromkeys(each for each in found if can_be_sought(each)))


class Cleared(Struct, frozen=True):
    """A body without what was redacted, its redactions in order, what is wrong; `length` is that of the body before."""

    body: str
    redactions: tuple[Redaction, ...] = ()
    problems: tuple[Problem, ...] = ()
    length: int = 0


def may_redact(text: str) -> bool:
    """Whether a text may hold a redaction: a cheap look that most texts need no more than."""
    # In ASCII nothing is unseen, and nothing wide.
    return "redact" in text.lower() if text.isascii() else may_redact_bytes(text.encode("utf-8", "surrogatepass"))


def may_redact_bytes(content: bytes) -> bool:
    """The same for the bytes of a file, in large and small letters and in those of East Asian keyboards."""
    if b"redact" in content.lower() or _WIDE in content:
        return True
    if content.isascii():
        return False
    unseen = [sign for sign in _UNSEEN_SIGNS if sign in content]
    for sign in unseen:
        content = content.replace(sign, b"")
    return bool(unseen) and b"redact" in content.lower()


def cleared(body: str, path: str, first_line: int) -> Cleared:
    """A body with each `:redact[…]{…}` replaced by `:redact{…}`; lines of other paragraphs keep their numbers.

    `first_line` is the line of the file `path` that the body begins at. What is not well-formed is an error (CL560),
    and the rest of its paragraph is not in the body.
    """
    if not may_redact(body):
        return Cleared(body)
    work = _Work(body, path, first_line)
    work.run()
    return Cleared("".join(work.pieces), tuple(work.redactions), tuple(work.problems), len(body))


def misplaced(text: str, path: str, first_line: int = 1) -> Iterator[Problem]:
    """An error (CL561) for each redaction in a text that is no body: nothing would take the text out there."""
    if not may_redact(text):
        return
    for match in _MEANT.finditer(text):
        if _how(text, match) != "prose":
            line, column = place_at(text, match.start(), first_line)
            hint = "Take the text itself out here, or keep it out of this file."
            yield Problem(
                "error", "CL561", "a redaction works in the text of an article only", path, line, column, hint
            )


def unseen(redactions: Iterable[Redaction], drawn: Iterable[Place], path: str) -> Iterator[Problem]:
    """An error (CL561) for each redaction whose mark readers would not see; `drawn` are the places of all marks."""
    shown = set(drawn)
    for each in redactions:
        if each.text and each.drawn_at not in shown:
            message = "no mark can stand here: this is code, raw HTML, the title, or a text that only programs read"
            hint = "Put it into running text, or take the text itself out here."
            yield Problem("error", "CL561", message, path, *each.place, hint)


def pending(redactions: Iterable[Redaction], path: str) -> Iterator[Problem]:
    """A warning (CL562) for each redaction whose text is in the source, a note (CL565) where it cannot be searched."""
    for each in redactions:
        if not each.text:
            continue
        hint = f"It is not published. See with clarion check who else says it; then take it out: clarion redact {path}"
        message = "the text of this redaction still stands in the source"
        yield Problem("warning", "CL562", message, path, *each.place, hint)
        if not each.sought():
            message = "the text of this redaction is too short or too common to be looked for elsewhere"
            yield Problem("note", "CL565", message, path, *each.place, "Look yourself where else it stands.")


def left_in(source: str, redactions: Sequence[Redaction], said: Iterable[str], path: str) -> Iterator[Problem]:
    """An error (CL563) wherever a document still says what it redacts elsewhere.

    `said` is all that the document publishes; `source` is the file without its redactions, which tells the lines.
    """
    sought = {each.sought(): each for each in reversed(redactions) if each.text and each.sought()}
    if not sought:
        return
    read = [reading for text in said for reading in readings(text)]
    for wanted, redaction in sought.items():
        if not any(stands_in(form, read) for form in wanted):
            continue
        hint = "Redact it here too, or write something else."
        message = f"the text redacted on line {redaction.place[0]} would be published from here"
        places = list(lines_with(wanted, source))
        for place in places:
            yield Problem("error", "CL563", message, path, *place, hint)
        if not places:
            message = "the text redacted here would be published from elsewhere in this file, or by its name"
            hint = "Look at the file name, the slug, and at words that several lines share."
            yield Problem("error", "CL563", message, path, *redaction.place, hint)


def unsaid(problem: Problem, sought: Sequence[str]) -> Problem:
    """The problem, with no word of it that is redacted: `sought` are the words of all such texts, as `words`."""
    path = masked(problem.path, sought)
    if path != problem.path:
        message, hint = problem.message.replace(problem.path, path), problem.hint.replace(problem.path, path)
        problem = replace(problem, path=path, message=message, hint=hint)
    read = list(readings(f"{problem.message} {problem.hint}"))
    if not any(stands_in(form, read) for form in sought):
        return problem
    hint = f"Look at this place, and at what docs/problems.md says of {problem.code}."
    return replace(problem, message="what is wrong cannot be told without a text that is redacted here", hint=hint)


def all_sought(redactions: Iterable[Redaction]) -> tuple[str, ...]:
    """What to look for, of all of them together."""
    return tuple(dict.fromkeys(form for each in redactions for form in each.sought()))


def lines_with(wanted: Sequence[str], text: str) -> Iterator[Place]:
    """The lines of a text in which some of the `wanted` words stand, with the column of the first if it is known."""
    for number, line in enumerate(text.split("\n"), 1):
        read = list(readings(line))
        for form in wanted:
            if stands_in(form, read):
                yield number, line.casefold().find(form.split()[0]) + 1 or 1
                break


class _Work:
    """One body on its way: the pieces of what it becomes."""

    def __init__(self, body: str, path: str, first_line: int) -> None:
        self.body = body
        self.path = path
        self.first_line = first_line
        self.pieces: list[str] = []
        self.redactions: list[Redaction] = []
        self.problems: list[Problem] = []
        self.done = 0
        self.lines = 0
        self.column = 1
        self.owed = 0
        self.line = first_line
        self.counted = 0
        self.paragraph = -1
        self.count = 0

    def run(self) -> None:
        position = 0
        lower = self.body.lower()
        # Where the name can be sought as it is, the long expression has to look near the next one only.
        plain = lower.isascii() or (len(lower) == len(self.body) and not _NOT_AS_IT_IS.search(lower))
        while True:
            name = lower.find(DIRECTIVE, position) if plain else position
            if name < 0:
                break
            match = _MEANT.search(self.body, max(position, self.before(name)) if plain else position)
            if match is None:
                break
            how = _how(self.body, match)
            start = match.start()
            if how == "prose":
                position = match.end("name") if match["name"] else match.end()
                continue
            self.paragraph_until(start)
            if how:
                self.refuse(start, how)
            else:
                self.take(start, match.end("name"))
            position = self.done
        self.paragraph_until(len(self.body))

    def before(self, name: int) -> int:
        """Where what is meant by a name can begin at the earliest: near it in its line, or with some colons."""
        start = max(self.body.rfind("\n", 0, name) + 1, name - _MOST_BEFORE_A_NAME)
        return len(self.body[:start].rstrip(_COLONS))

    def paragraph_until(self, end: int) -> None:
        """Copies the body up to `end`; line ends that a redaction swallowed come back where its paragraph ends."""
        close = _PARAGRAPH_END.search(self.body, self.done) if self.owed else None
        if close is not None and close.start() < end:
            self.copy(close.start())
            self.put(close[0] * self.owed)
            self.owed = 0
        self.copy(end)

    def copy(self, end: int) -> None:
        self.put(self.body[self.done : end])
        self.done = end

    def put(self, piece: str) -> None:
        self.pieces.append(piece)
        count = piece.count("\n")
        self.lines += count
        self.column = len(piece) - piece.rfind("\n") if count else self.column + len(piece)

    def place(self, start: int) -> Place:
        """Line and column in the file; asked for one place after the other."""
        self.line += self.body.count("\n", self.counted, start)
        self.counted = start
        return self.line, start - self.body.rfind("\n", 0, start)

    def take(self, start: int, name_end: int) -> None:
        """A redaction whose name is well written."""
        limit = self.paragraph_end(start)
        text = ""
        end = name_end
        if self.body[end] == "[":
            close = bracket_end(self.body[end:limit], 0)
            if close < 0:
                self.refuse(start, "its square bracket is not closed in this paragraph")
                return
            text = self.body[end + 1 : end + close]
            end += close + 1
        attributes = "{}"
        if self.body.startswith("{", end):
            found = read_attributes(self.body[end:limit], 0)
            if isinstance(found, Malformed):
                self.refuse(start, "its braces are not understood")
                return
            if [each for each in found[0] if each.key != "reason" or each.value is None]:
                self.refuse(start, 'its braces hold reason="…" and nothing else')
                return
            attributes = self.body[end : end + found[1]]
            end += found[1]
        wrong = self.flaw(start, end, limit, text)
        if wrong:
            self.refuse(start, wrong)
            return
        whole = self.body[start:end]
        place = self.place(start)
        drawn_at = (self.first_line + self.lines, self.column)
        kept = text if text.strip() else ""
        self.redactions.append(Redaction(kept, attributes, start, end, place, drawn_at))
        mark = f":{DIRECTIVE}{attributes}"
        swallowed = whole.count("\n")
        if not swallowed:
            # As wide as it was: what follows on the line keeps its column.
            mark = f"{mark[:-1]}{' ' * (min(len(whole), _WIDEST) - len(mark))}}}"
        self.put(mark)
        self.owed += swallowed
        self.done = end

    def flaw(self, start: int, end: int, limit: int, text: str) -> str:
        """Why what looks like a redaction may not be the whole of what was meant; '' when it is."""
        if self.body.startswith(("[", "(", "{"), end):
            return "another bracket follows it at once"
        quoted = _lead(self.body[self.body.rfind("\n", 0, start) + 1 : start]).count(">")
        for line in text.split("\n")[1:]:
            lead = _lead(line)
            if _ANOTHER_BLOCK.match(line, len(lead)) or lead.count(">") not in (0, quoted):
                return "it reaches from one block into another"
        begin = self.paragraph_start(start)
        self.paragraph, self.count = begin, self.count + 1 if begin == self.paragraph else 1
        if limit - begin > _LONGEST_PARAGRAPH or self.count > _MOST_IN_A_PARAGRAPH:
            return "its paragraph is too long, or has too many of them"
        opened, _ = _balance(self.body[begin:start])
        _, lowest = _balance(self.body[end:limit])
        if -lowest > opened:
            return "a square bracket closes behind it that nothing opens"
        return ""

    def refuse(self, start: int, message: str) -> None:
        """Nothing of what may have been meant stays in the body."""
        message = f"this redaction is not understood: {message}"
        self.problems.append(Problem("error", NOT_UNDERSTOOD, message, self.path, *self.place(start), _HINT))
        limit = self.paragraph_end(start)
        self.owed += self.body.count("\n", start, limit)
        self.done = limit

    def paragraph_end(self, start: int) -> int:
        close = _PARAGRAPH_END.search(self.body, start)
        return close.start() if close else len(self.body)

    def paragraph_start(self, start: int) -> int:
        found = start
        while True:
            line = self.body.rfind("\n", 0, found) + 1
            if not self.body[line:found].strip(" \t>\n") and found != start:
                return found
            if line == 0:
                return 0
            found = line - 1


def _how(text: str, match: re.Match[str]) -> str:
    """'' for a redaction, `prose` for words that are none, else what is wrong with how it begins."""
    colons, gap, name, behind, opening = match.groups()
    if name is None:
        return "a text is taken out by a colon, its name and square brackets"
    start = first = match.start()
    while text.startswith("\\", first - 1) and first > 0:
        first -= 1
    exact = name.lower() == DIRECTIVE
    if (start - first) % 2:
        return "prose"
    if not opening and (gap or not (exact or _closes_more(text, match))):
        return "prose"
    if not opening:
        return "no square bracket follows its name"
    if opening in "(（" and (gap or behind):
        return "prose"
    if gap and not exact and (behind or text.startswith("^", match.end())):
        return "prose"
    before = text[start - 1 : start]
    if colons != ":" or before.isalnum() or before == "\\":
        return "it begins with one colon, behind a space or a sign"
    if gap or behind:
        return "a space or an unseen character stands in its name"
    if name != DIRECTIVE:
        return f"its name is {DIRECTIVE}, in small letters"
    if opening not in "[{":
        return "its text stands in square brackets"
    return ""


def _closes_more(text: str, match: re.Match[str]) -> bool:
    """Whether near a name a square bracket is closed that nothing opens: it was forgotten, as in `:redactAnna]`."""
    paragraph = _PARAGRAPH_END.split(text[match.end() : match.end() + _NEAR])[0]
    before = _PARAGRAPH_END.split(text[max(0, match.start() - _NEAR) : match.start()])[-1]
    return _balance(before)[0] + _balance(paragraph)[1] < 0


def _lead(line: str) -> str:
    """The indentation of a line and its signs of quotation."""
    found = _LINE_LEAD.match(line)
    return found[0] if found else ""


def _balance(text: str) -> tuple[int, int]:
    """How many square brackets are open at the end of a text, and how far more closed than opened at any point."""
    depth = lowest = 0
    for sign in _BRACKET.findall(text):
        if sign == "[":
            depth += 1
        elif sign == "]":
            depth -= 1
            lowest = min(lowest, depth)
    return depth - lowest, lowest
