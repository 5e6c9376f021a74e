"""What is closed until a reader opens it, such as the passage behind a content note."""

import re
from collections.abc import Container, Iterator, Sequence

from msgspec.structs import replace

from generator.markup.complaints import Complaints
from generator.markup.tokens import Begin, Hole, Start, Token, end_of_call
from generator.model.body import Call, Reference

_LOADING = re.compile(r' loading="[^"]*"')
_LOADED_AT_ONCE = frozenset({"audio", "embed", "iframe", "image", "input", "link", "object", "video"})
_LOADED_LATER = frozenset({"a", "area", "source"})


def with_lazy(tokens: Sequence[Token], closed: Container[str], complaints: Complaints) -> list[Token]:
    """The tokens, where nothing that is closed is loaded before a reader opens it.

    Pictures lose a `loading` that says otherwise; raw HTML that browsers load at once is told (CL634).
    """
    kept = list(tokens)
    for start, end, call in _spans(tokens, closed):
        for index in range(start, end):
            token = tokens[index]
            if type(token) is Hole and token.slot.role == "picture":
                kept[index] = Hole(replace(token.slot, attributes=_LOADING.sub("", token.slot.attributes)))
            elif type(token) is Start and _loads_at_once(token):
                message = f"<{token.name}> inside “{call.name}” is loaded before a reader opens it"
                hint = "Use a picture of Markdown or a directive, which wait, or put it outside."
                complaints.error("CL634", message, (call.line, call.column), hint)
    return kept


def without_closed(tokens: Sequence[Token], closed: Container[str]) -> list[Token]:
    """The tokens without the calls that are closed, and all that is in them."""
    kept: list[Token] = []
    done = 0
    for start, end, _ in _spans(tokens, closed):
        kept += tokens[done:start]
        done = end
    return [*kept, *tokens[done:]]


def closed_pictures(
    tokens: Sequence[Token], references: Sequence[Reference], closed: Container[str]
) -> tuple[str, ...]:
    """The pictures in what is closed, as the author wrote their names."""
    if all(reference.kind != "picture" for reference in references):
        return ()
    numbers: list[int] = []
    for start, end, _ in _spans(tokens, closed):
        for token in tokens[start:end]:
            if type(token) is Hole:
                numbers.append(token.slot.number)
            elif type(token) is Begin:
                numbers.extend(token.call.files.values())
    found = (references[number] for number in numbers)
    return tuple(dict.fromkeys(reference.target for reference in found if reference.kind == "picture"))


def _loads_at_once(start: Start) -> bool:
    return start.name in _LOADED_AT_ONCE or (bool(start.pieces) and start.name not in _LOADED_LATER)


def _spans(tokens: Sequence[Token], closed: Container[str]) -> Iterator[tuple[int, int, Call]]:
    """Where each outermost closed call begins, the index behind its end, and the call."""
    done = 0
    for start, token in enumerate(tokens):
        if type(token) is Begin and start >= done and token.call.name in closed:
            done = end_of_call(tokens, start) + 1
            yield start, done, token.call
