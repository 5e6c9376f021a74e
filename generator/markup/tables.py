"""Tables: header cells say what they head, and each table is a call that can give it a frame to scroll in."""

from collections.abc import Sequence

from generator.markup.headings import visible_text
from generator.markup.items import Item
from generator.markup.tokens import Begin, End, Finish, Start, Token, matching_ends
from generator.model.body import Call


def with_tables(tokens: list[Token], items: Sequence[Item]) -> list[Token]:
    """Each outermost table as a call `table` with `columns`, the words of its caption or else of its header cells."""
    ends = matching_ends(tokens)
    kept: list[Token] = []
    last = -1
    for index, token in enumerate(_with_header_scope(tokens)):
        if type(token) is Start and token.name == "table" and index > last:
            last = ends[index]
            call = Call("table", {"columns": _columns(tokens[index : last + 1], items)})
            kept += [Begin(call), token]
        elif index == last:
            kept += [token, Finish()]
        else:
            kept.append(token)
    return kept


def _columns(table: Sequence[Token], items: Sequence[Item]) -> str:
    words: list[str] = []
    ends = matching_ends(table)
    for index, token in enumerate(table):
        if type(token) is Start and token.name in ("caption", "th"):
            found = " ".join(visible_text(table[index : ends[index]], items).split())
            if found and token.name == "caption":
                return found
            words += [found] if found else []
    return ", ".join(words)


def _with_header_scope(tokens: list[Token]) -> list[Token]:
    """The tokens, where each cell of a table's head heads its column (WCAG 2.2, technique H63)."""
    kept: list[Token] = []
    head = False
    for token in tokens:
        if (type(token) is Start or type(token) is End) and token.name == "thead":
            head = type(token) is Start
        if head and type(token) is Start and token.name == "th" and "scope" not in token.attributes:
            kept.append(Start("th", {"scope": "col", **token.attributes}))
        else:
            kept.append(token)
    return kept
