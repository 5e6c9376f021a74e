"""What is closed until a reader opens it, such as the passage behind a content note."""

import re
from collections.abc import Container, Iterator, Sequence

from msgspec.structs import replace

from generator.markup.complaints import Complaints
from generator.markup.tokens import Begin, Finish, Hole, Start, Token
from generator.model.body import Call, Reference

_LOADING = re.compile(r' loading="[^"]*"')
_LOADED_AT_ONCE = frozenset({"audio", "embed", "iframe", "image", "input", "link", "object", "video"})
_LOADED_LATER = frozenset({"a", "area", "source"})


def with_lazy(tokens: Sequence[Token], closed: Container[str], complaints: Complaints) -> list[Token]:
    """The tokens, where nothing that is closed is loaded before a reader opens it.

    Pictures lose a `loading` that says otherwise; raw HTML that browsers load at once is told (CL634).
    """
    kept: list[Token] = []
    for token, call in _inside(tokens, closed):
        if call is not None and type(token) is Hole and token.slot.role == "picture":
            attributes = _LOADING.sub("", token.slot.attributes)
            kept.append(Hole(replace(token.slot, attributes=attributes)))
            continue
        if call is not None and type(token) is Start and _loads_at_once(token):
            message = f"<{token.name}> inside “{call.name}” is loaded before a reader opens it"
            hint = "Use a picture of Markdown or a directive, which wait, or put it outside."
            complaints.error("CL634", message, (call.line, call.column), hint)
        kept.append(token)
    return kept


def without_closed(tokens: Sequence[Token], closed: Container[str]) -> list[Token]:
    """The tokens without the calls that are closed, and all that is in them."""
    return [token for token, call in _inside(tokens, closed) if call is None]


def closed_pictures(
    tokens: Sequence[Token], references: Sequence[Reference], closed: Container[str]
) -> tuple[str, ...]:
    """The pictures in what is closed, as the author wrote their names."""
    numbers: list[int] = []
    for token, call in _inside(tokens, closed):
        if call is not None and type(token) is Hole:
            numbers.append(token.slot.number)
        elif call is not None and type(token) is Begin:
            numbers.extend(token.call.files.values())
    found = (references[number] for number in numbers)
    return tuple(dict.fromkeys(reference.target for reference in found if reference.kind == "picture"))


def _loads_at_once(start: Start) -> bool:
    return start.name in _LOADED_AT_ONCE or (bool(start.pieces) and start.name not in _LOADED_LATER)


def _inside(tokens: Sequence[Token], closed: Container[str]) -> Iterator[tuple[Token, Call | None]]:
    """Each token with the outermost closed call that holds it; such a call's own begin and end count as held."""
    depth = 0
    holder: Call | None = None
    for token in tokens:
        if type(token) is Begin:
            if holder is None and token.call.name in closed:
                holder = token.call
            depth += holder is not None
        yield token, holder
        if type(token) is Finish and holder is not None:
            depth -= 1
            holder = holder if depth else None
