"""Marks in their place: blocks out of paragraphs, each opening mark with its closing one."""

from collections.abc import Iterator, Sequence
from functools import partial

from generator.markup.complaints import Complaints
from generator.markup.items import Directive, Item, Link, Note, holds, is_block
from generator.markup.tokens import VOID, End, Mark, Start, Text, Token

# Elements that hold text only: a block found in one is put behind it.
_TEXT_ONLY = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary"})


def arranged(tokens: list[Token], items: Sequence[Item], complaints: Complaints) -> list[Token]:
    """The tokens with blocks between paragraphs, and with every remaining pair of marks inside one parent."""
    if not items:
        return tokens
    if holds(items, Directive) or any(map(is_block, items)):
        tokens = _between_paragraphs(tokens, items)
    return _paired(tokens, items, complaints)


def _between_paragraphs(tokens: list[Token], items: Sequence[Item]) -> list[Token]:
    kept: list[Token] = []
    done = 0
    for start, end in _marked(tokens):
        apart = _apart(tokens[start], tokens[start + 1 : end], items)
        if apart is not None:
            kept += tokens[done:start]
            kept += apart
            done = end + 1
    return [*kept, *tokens[done:]] if done else tokens


def _marked(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Where each element of text that holds marks begins and ends; at the last token where nothing ends it."""
    start = -1
    depth = 0
    marked = False
    for index, token in enumerate(tokens):
        kind = type(token)
        if kind is Text:
            continue
        if start < 0:
            if type(token) is Start and token.name in _TEXT_ONLY:
                start, depth, marked = index, 1, False
        elif kind is Mark:
            marked = True
        elif type(token) is Start:
            depth += token.name not in VOID
        elif kind is End:
            depth -= 1
            if not depth:
                if marked:
                    yield start, index
                start = -1
    if start >= 0 and marked:
        yield start, len(tokens) - 1


def _apart(element: Token, inside: Sequence[Token], items: Sequence[Item]) -> list[Token] | None:
    """What an element of text becomes that holds blocks, or is one directive; None where it stays as it is."""
    marks = [inner for inner in inside if type(inner) is Mark]
    if type(element) is Start and any(is_block(items[inner.number]) for inner in marks):
        if len(inside) == 1:
            return list(inside)
        return _divided(element, inside, items)
    if type(element) is Start and element.name == "p" and marks and _stands_alone(inside, items):
        return [inner for inner in inside if not (type(inner) is Text and inner.text.isspace())]
    return None


def _stands_alone(inside: Sequence[Token], items: Sequence[Item]) -> bool:
    """Whether a paragraph is one directive that is no part of a sentence."""
    visible = [token for token in inside if not (type(token) is Text and token.text.isspace())]
    first, last = visible[0], visible[-1]
    if type(first) is not Mark or type(last) is not Mark or first.number != last.number:
        return False
    item = items[first.number]
    if type(item) is not Directive or not item.standing:
        return False
    return first is last or (first.kind == "open" and last.kind == "close")


def _divided(element: Start, inside: Sequence[Token], items: Sequence[Item]) -> list[Token]:
    """An element of text around its block marks: what stands before and behind each in elements of its own."""
    is_paragraph = element.name == "p"
    kept: list[Token] = []
    behind: list[Token] = []
    piece: list[Token] = []
    depth = 0

    def close_piece() -> None:
        stripped = _stripped(piece)
        if stripped:
            kept.extend((element, *stripped, End(element.name)))
        piece.clear()

    for token in inside:
        if type(token) is Mark and is_block(items[token.number]):
            if depth or not is_paragraph:
                behind.append(token)
                continue
            close_piece()
            kept.append(token)
            continue
        if type(token) is Start and token.name not in VOID:
            depth += 1
        elif type(token) is End:
            depth -= 1
        piece.append(token)
    close_piece()
    return kept + behind


def _stripped(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without line ends and spaces at either end; nothing when nothing else is there."""
    kept = list(tokens)
    if kept and type(kept[0]) is Text:
        kept[0] = Text(kept[0].text.lstrip())
    if kept and type(kept[-1]) is Text:
        kept[-1] = Text(kept[-1].text.rstrip())
    while kept and type(kept[-1]) is Start and kept[-1].name == "br":
        kept.pop()
    return [token for token in kept if not (type(token) is Text and not token.text)]


def _paired(tokens: list[Token], items: Sequence[Item], complaints: Complaints) -> list[Token]:
    marks = [index for index, token in enumerate(tokens) if type(token) is Mark and token.kind != "point"]
    if len(marks) % 2 == 0 and all(map(partial(_holds_text, tokens), marks[::2], marks[1::2])):
        return tokens
    stack: list[tuple[int, int]] = []
    dropped: set[int] = set()
    crossing: set[int] = set()
    element = -1
    for index, token in enumerate(tokens):
        if type(token) is Text:
            continue
        if type(token) is Start:
            if token.name not in VOID:
                stack.append((element, index))
        elif type(token) is End:
            while stack and stack[-1][0] != element:
                number, opened = stack.pop()
                dropped.add(opened)
                crossing.add(number)
            if stack:
                stack.pop()
        elif type(token) is Mark and token.kind == "open":
            stack.append((token.number, index))
        elif type(token) is Mark and token.kind == "close":
            if stack and stack[-1][0] == token.number:
                stack.pop()
                continue
            at = next((at for at in reversed(range(len(stack))) if stack[at][0] in (element, token.number)), -1)
            if at < 0 or stack[at][0] == element:
                dropped.add(index)
                crossing.add(token.number)
                continue
            # What opened behind it was never closed.
            for number, opened in stack[at + 1 :]:
                dropped.add(opened)
                crossing.add(number)
            del stack[at:]
    for number, opened in stack:
        if number != element:
            dropped.add(opened)
            crossing.add(number)
    _tell(crossing, items, complaints)
    return [token for index, token in enumerate(tokens) if index not in dropped] if dropped else tokens


def _holds_text(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether two marks are a pair with one text between them, across which nothing can lie."""
    first, last = tokens[start], tokens[end]
    return (
        end == start + 2
        and type(tokens[start + 1]) is Text
        and type(first) is Mark
        and type(last) is Mark
        and first.kind == "open"
        and last.kind == "close"
        and first.number == last.number
    )


def _tell(crossing: set[int], items: Sequence[Item], complaints: Complaints) -> None:
    told = {(problem.line, problem.code) for problem in complaints.problems}
    for number in sorted(crossing):
        item = items[number]
        if type(item) is Directive:
            # The reading of the blocks has said it already where it saw the crossing or the missing end.
            if not {(item.place[0], "CL208"), (item.place[0], "CL206")} & told and not _was_told(item, complaints):
                hint = "Begin and end it inside the same paragraph, list, cell or emphasis."
                complaints.error(
                    "CL208", f"“{item.name}” begins in one piece of the text and ends in another", item.place, hint
                )
        elif type(item) is Link:
            hint = "Put the emphasis around the whole link, or around words inside its brackets."
            complaints.error("CL208", "this link begins inside an emphasis that ends within it", item.place, hint)
        elif type(item) is Note:
            complaints.error(
                "CL208", "this footnote stands where none can stand", item.place, "Move it to the end of the text."
            )


def _was_told(item: Directive, complaints: Complaints) -> bool:
    named = f"“{item.name}” of line {item.place[0]} "
    return any(problem.code == "CL208" and problem.message.startswith(named) for problem in complaints.problems)
