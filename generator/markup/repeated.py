"""Words that are said again: that the text says them, and whose they are there."""

import re
from bisect import bisect
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from generator.markup.calls import REPEATING
from generator.markup.complaints import Complaints
from generator.markup.footnotes import without_notes
from generator.markup.quotations import is_of_others
from generator.markup.tokens import Begin, End, Finish, Markup, Start, Text, Token, end_of_call, plain_text
from generator.model.body import Call

_NO_LETTER = re.compile(r"[\W_]+")
_NO_ASCII_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())
_LEFT_OUT = re.compile(r"\[?(?:…|\.\.\.)\]?")
# Of a call in others' words, the attribute that says whose they are, and the one that says so of words said again.
_SAID_BY = {"quotation": ("attribution", "by"), "appeal": ("from", "by"), "excerpt": ("source", "source")}
_SAID = frozenset(name for _, name in _SAID_BY.values())

Owner = Mapping[str, str]


def with_repeated(tokens: Sequence[Token], complaints: Complaints) -> list[Token]:
    """The tokens, where words said again from a quotation or a letter know whose they are: `by`, or a `source`.

    What the author says of it goes before. Words that the text does not say are told (CL557): whoever follows a feed or
    listens to the page would never hear them.
    """
    text, starts, owners = _voices(without_notes(tokens, texts=True))
    kept = list(tokens)
    for index, token in enumerate(tokens):
        if type(token) is not Begin or token.call.name != REPEATING:
            continue
        words = plain_text(without_notes(tokens[index + 1 : end_of_call(tokens, index)], texts=False))
        at = [text.find(piece) for piece in map(_letters, _LEFT_OUT.split(words)) if piece]
        if -1 in at:
            hint = "Take words of the text as they are, … for what you leave out: feeds have the text alone."
            message = f"the text does not say “{' '.join(words.split())[:60]}”"
            complaints.warning("CL557", message, (token.call.line, token.call.column), hint)
        elif at and _SAID.isdisjoint(token.call.attributes):
            owner = owners[bisect(starts, at[0]) - 1]
            kept[index] = replace(token, call=replace(token.call, attributes={**token.call.attributes, **owner}))
    return kept


def _voices(tokens: Sequence[Token]) -> tuple[str, list[int], list[Owner]]:
    """The letters of the text without what says it again; where each voice begins in them, and whose it is."""
    pieces: list[str] = []
    starts: list[int] = []
    owners: list[Owner] = []
    owner: Owner = {}
    opened: list[tuple[bool, Owner]] = []
    said: list[str] = []
    length = skipped = 0
    for token in (*tokens, Finish()):
        kind = type(token)
        if kind is Start or kind is End:
            continue
        if type(token) is Text:
            if not skipped:
                said.append(token.text)
        elif type(token) is Markup:
            if not skipped:
                said.append(token.plain)
        elif type(token) is Begin or type(token) is Finish:
            if said:
                starts.append(length)
                owners.append(owner)
                pieces.append(_letters("".join(said)))
                length += len(pieces[-1])
                said = []
            if type(token) is Begin:
                opened.append((token.call.name == REPEATING, owner))
                skipped += opened[-1][0]
                owner = _owner(token.call, owner)
            elif opened:
                repeats, owner = opened.pop()
                skipped -= repeats
    return "".join(pieces), starts, owners


def _owner(call: Call, above: Owner) -> Owner:
    theirs = is_of_others(call)
    if theirs is None:
        return above
    said, name = _SAID_BY.get(call.name, ("", ""))
    owner = str(call.attributes.get(said, "")) if theirs else ""
    return {name: owner} if owner else {}


def _letters(text: str) -> str:
    """A text as it is compared: quotation marks, dashes and spaces are set by typography, and case by place."""
    if text.isascii():
        # The same in a tenth of the time; bytes lose characters without a look into a table for each.
        return text.casefold().encode().translate(None, _NO_ASCII_LETTERS).decode()
    return _NO_LETTER.sub("", text.casefold())
