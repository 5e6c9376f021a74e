"""Block quotations and callouts as calls: whose words begin and end where."""

import re
from collections.abc import Sequence

from generator.markup.complaints import Complaints
from generator.markup.footnotes import without_notes
from generator.markup.headings import visible_text
from generator.markup.items import Callout, Cited, Item, Link, NoteMark, QuotedLanguage, Separator, holds
from generator.markup.tokens import VOID, Begin, End, Finish, Mark, Start, Text, Token, end_of, end_of_call, plain_text
from generator.markup.urls import is_elsewhere, scheme
from generator.model.body import Call
from generator.model.document import Passage
from generator.text.languages import is_language

_DASH = re.compile(r"(?:--(?!-)|[—―])[ \t\u00a0]*(?=\S)|---[ \t]*(?=\S)")

# The language is a line of its own; behind the name nobody can mean anything else by it.
_LANGUAGE_BEHIND = re.compile(r"\s*\{\s*language\s*=\s*[\"'“”]?([\w-]+)[\"'“”]?\s*\}\Z")

OF_OTHERS = frozenset({"quotation", "excerpt", "appeal"})
"""The calls that hold words of others."""
PASSAGES = frozenset({"pull-quote", "excerpt"})
"""The calls whose words may be passed on by themselves."""


def with_quotations(tokens: list[Token], items: Sequence[Item], complaints: Complaints) -> list[Token]:
    """Each outermost `<blockquote>` as a call `quotation` or `callout`.

    `quotation` has `attribution` (plain text), `language`, `source` and `url` (where the attribution leads, http or
    https), each '' when unknown; `callout` has `kind` and `title`. Quotations inside a quotation stay elements, with
    `lang` when theirs is given.
    """
    return _Quotations(tokens, items, complaints).called(0, len(tokens), outer=True)


class _Quotations:
    def __init__(self, tokens: list[Token], items: Sequence[Item], complaints: Complaints) -> None:
        self.tokens = tokens
        self.items = items
        self.complaints = complaints
        self.quotations = [
            (index, token) for index, token in enumerate(tokens) if type(token) is Start and token.name == "blockquote"
        ]

    def called(self, start: int, end: int, *, outer: bool) -> list[Token]:
        """The tokens between two indexes; quotations in them are calls when `outer`."""
        kept: list[Token] = []
        done = start
        for index, token in [(index, token) for index, token in self.quotations if start <= index < end]:
            if index < done:
                continue
            close = end_of(self.tokens, index)
            kept += self.tokens[done:index]
            kept += self.quotation(token, index, close, outer=outer)
            done = close + 1
        return kept + self.tokens[done:end]

    def quotation(self, token: Start, index: int, close: int, *, outer: bool) -> list[Token]:
        callout = self.callout(index + 1, close) if outer else None
        if callout is not None:
            mark, item = callout
            call = Call("callout", {"kind": item.kind, "title": item.title}, line=item.place[0], column=item.place[1])
            return [Begin(call, item.title), *_trimmed(self.called(mark + 1, close, outer=True)), Finish()]
        inner = self.called(index + 1, close, outer=False)
        inner, language = self.language(inner)
        if not outer:
            attributes = {**token.attributes, "lang": language, "dir": "auto"} if language else token.attributes
            return [Start("blockquote", attributes), *inner, End("blockquote")]
        inner, attribution, url = self.attribution(_trimmed(inner))
        behind = _LANGUAGE_BEHIND.search(attribution)
        if behind and not language and is_language(behind[1]):
            attribution, language = attribution[: behind.start()], behind[1]
        language = language or token.attributes.get("lang", "")
        url = url or (
            token.attributes.get("cite", "") if scheme(token.attributes.get("cite", "")) in ("http", "https") else ""
        )
        call = Call("quotation", {"attribution": attribution, "language": language, "source": "", "url": url})
        return [Begin(call), *inner, Finish()]

    def callout(self, start: int, end: int) -> tuple[int, Callout] | None:
        for index in range(start, end):
            token = self.tokens[index]
            if type(token) is Text and token.text.isspace():
                continue
            item = self.items[token.number] if type(token) is Mark else None
            return (index, item) if type(item) is Callout else None
        return None

    def language(self, inner: list[Token]) -> tuple[list[Token], str]:
        """Takes the line `{language=…}` out of a quotation."""
        for index, token in enumerate(inner):
            item = self.items[token.number] if type(token) is Mark else None
            if type(item) is not QuotedLanguage:
                continue
            if not is_language(item.language):
                hint = "Write a tag such as en, ru or pt-BR."
                self.complaints.error("CL218", f"“{item.language}” is not a language", item.place, hint)
                return inner[:index] + inner[index + 1 :], ""
            return inner[:index] + inner[index + 1 :], item.language
        return inner, ""

    def attribution(self, inner: list[Token]) -> tuple[list[Token], str, str]:
        """The quotation without its last line when that begins with a dash; its words, and where they lead."""
        if not inner or inner[-1] != End("p"):
            return inner, "", ""
        start = next(index for index in reversed(range(len(inner))) if _is_paragraph(inner[index]))
        before, said = _last_line(inner[start + 1 : -1])
        first = said[0] if said else None
        dash = _DASH.match(first.text.lstrip()) if type(first) is Text else None
        words = visible_text(before, self.items)
        # A dialogue, as Russian and Spanish set it, has a dash before each of its lines.
        is_dialogue = any(_DASH.match(line.lstrip()) for line in words.split("\n"))
        if dash is None or type(first) is not Text or is_dialogue or not (words.strip() or start):
            return inner, "", ""
        said[0] = Text(first.text.lstrip()[dash.end() :])
        kept = [*inner[: start + 1], *before, End("p")] if words.strip() else _trimmed(inner[:start])
        notes = [token for token in said if type(token) is Mark and type(self.items[token.number]) in (NoteMark, Cited)]
        if notes:
            kept = _with_notes(kept, notes)
        return kept, " ".join(visible_text(said, self.items).split()), self.leads_to(said)

    def leads_to(self, said: Sequence[Token]) -> str:
        for token in said:
            item = self.items[token.number] if type(token) is Mark else None
            if type(item) is Link and is_elsewhere(item.target) and scheme(item.target) in ("http", "https"):
                return item.target
        return ""


def _is_paragraph(token: Token) -> bool:
    return type(token) is Start and token.name == "p"


def _is_break(token: Token) -> bool:
    return type(token) is Start and token.name == "br"


def _last_line(content: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """What stands before and behind the last line end of a paragraph that no inline element holds."""
    depth = 0
    before: list[Token] = []
    said = list(content)
    for index in reversed(range(len(content))):
        token = content[index]
        if type(token) is End:
            depth += 1
        elif type(token) is Start and token.name not in VOID:
            depth -= 1
        elif not depth and _is_break(token):
            before, said = list(content[:index]), list(content[index + 1 :])
            break
        elif not depth and type(token) is Text and "\n" in token.text.rstrip():
            upper, _newline, lower = (
                token.text.rpartition("\n") if index < len(content) - 1 else token.text.rstrip().rpartition("\n")
            )
            before, said = [*content[:index], Text(upper)], [Text(lower), *content[index + 1 :]]
            break
    while before and (_is_break(before[-1]) or _is_space(before[-1]) or before[-1] == Text("")):
        before.pop()
    return before, [token for token in said if token != Text("")]


def _with_notes(tokens: list[Token], notes: Sequence[Token]) -> list[Token]:
    if tokens and tokens[-1] == End("p"):
        return [*tokens[:-1], *notes, tokens[-1]]
    return [*tokens, Start("p", {}), *notes, End("p")]


def _trimmed(tokens: list[Token]) -> list[Token]:
    start, end = 0, len(tokens)
    while start < end and _is_space(tokens[start]):
        start += 1
    while end > start and _is_space(tokens[end - 1]):
        end -= 1
    return tokens[start:end]


def _is_space(token: Token) -> bool:
    return type(token) is Text and token.text.isspace()


def is_of_others(call: Call) -> bool | None:
    """Whether the words of a call are those of others (True), of the author (False), or of whoever spoke before it."""
    if call.name in OF_OTHERS:
        return call.attributes.get("words") != "ours"
    return False if call.name == "comment" else None


def words_quoted(tokens: Sequence[Token]) -> str:
    """The words of others in a text, blocks on lines of their own: quotations, excerpts and letters, unless retold."""
    quoted: list[Token] = []
    voices = [False]
    done = 0
    for index in [index for index, token in enumerate(tokens) if type(token) is Begin or type(token) is Finish]:
        token = tokens[index]
        if voices[-1]:
            quoted += tokens[done:index]
        done = index + 1
        if type(token) is Begin:
            theirs = is_of_others(token.call)
            voices.append(voices[-1] if theirs is None else theirs)
        else:
            voices.pop()
    return plain_text(quoted)


def without_others(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without what is in the words of others."""
    kept: list[Token] = []
    opened: list[bool] = []
    skipped = 0
    for token in tokens:
        if type(token) is Begin:
            opened.append(bool(is_of_others(token.call)))
            skipped += opened[-1]
        if not skipped:
            kept.append(token)
        if type(token) is Finish:
            skipped -= opened.pop()
    return kept


def passages_in(tokens: Sequence[Token]) -> tuple[Passage, ...]:
    """The pull quotes and excerpts in a text, on one line each, without marks of footnotes; retellings are none."""
    found = []
    for index, token in enumerate(tokens):
        if type(token) is not Begin or token.call.name not in PASSAGES or token.call.attributes.get("words") == "ours":
            continue
        inside = without_notes(tokens[index + 1 : end_of_call(tokens, index)], texts=False)
        said = token.call.attributes
        passage = Passage(
            " ".join(plain_text(inside).split()), str(said.get("language", "")), str(said.get("source", ""))
        )
        if passage.text:
            found.append(passage)
    return tuple(dict.fromkeys(found))


def without_strays(tokens: list[Token], items: Sequence[Item], complaints: Complaints) -> list[Token]:
    """The tokens without marks that only a quotation understands."""
    if not holds(items, QuotedLanguage, Callout, Separator):
        return tokens
    strays: set[int] = set()
    for index, token in enumerate(tokens):
        if type(token) is not Mark:
            continue
        item = items[token.number]
        if type(item) is QuotedLanguage:
            hint = "Write it as the last line of the quotation, once."
            complaints.error("CL218", "a language stands where no quotation ends", item.place, hint)
        elif type(item) is not Callout and type(item) is not Separator:
            continue
        strays.add(index)
    return [token for index, token in enumerate(tokens) if index not in strays] if strays else tokens
