"""Marks in their place: blocks out of paragraphs, each opening mark with its closing one."""

from collections.abc import Sequence

from generator.markup.complaints import Complaints
from generator.markup.items import Directive, Item, Link, Note, is_block
from generator.markup.tokens import End, Mark, Start, Text, Token

# Elements that hold text only: a block found in one is put behind it.
_TEXT_ONLY = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary"})


def arranged(tokens: list[Token], items: Sequence[Item], complaints: Complaints) -> list[Token]:
    """The tokens with blocks between paragraphs, and with every remaining pair of marks inside one parent."""
    if not any(isinstance(token, Mark) for token in tokens):
        return tokens
    return _paired(_between_paragraphs(tokens, items), items, complaints)


def _between_paragraphs(tokens: list[Token], items: Sequence[Item]) -> list[Token]:
    kept: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if not isinstance(token, Start) or token.name not in _TEXT_ONLY:
            kept.append(token)
            index += 1
            continue
        end = _end_of(tokens, index)
        inside = tokens[index + 1 : end]
        marks = [inner for inner in inside if isinstance(inner, Mark)]
        if any(is_block(items[inner.number]) for inner in marks):
            kept += _divided(token, inside, items)
        elif token.name == "p" and marks and _stands_alone(inside, items):
            kept += [inner for inner in inside if not (isinstance(inner, Text) and inner.text.isspace())]
        else:
            kept += tokens[index : end + 1]
        index = end + 1
    return kept


def _end_of(tokens: Sequence[Token], start: int) -> int:
    depth = 0
    for index in range(start, len(tokens)):
        token = tokens[index]
        if isinstance(token, Start) and not token.is_void:
            depth += 1
        elif isinstance(token, End):
            depth -= 1
            if not depth:
                return index
    return len(tokens) - 1


def _stands_alone(inside: Sequence[Token], items: Sequence[Item]) -> bool:
    """Whether a paragraph is one directive that is no part of a sentence."""
    visible = [token for token in inside if not (isinstance(token, Text) and token.text.isspace())]
    first, last = visible[0], visible[-1]
    if not isinstance(first, Mark) or not isinstance(last, Mark) or first.number != last.number:
        return False
    item = items[first.number]
    if not isinstance(item, Directive) or not item.standing:
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
        if isinstance(token, Mark) and is_block(items[token.number]):
            if depth or not is_paragraph:
                behind.append(token)
                continue
            close_piece()
            kept.append(token)
            continue
        if isinstance(token, Start) and not token.is_void:
            depth += 1
        elif isinstance(token, End):
            depth -= 1
        piece.append(token)
    close_piece()
    return kept + behind


def _stripped(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without line ends and spaces at either end; nothing when nothing else is there."""
    kept = list(tokens)
    if kept and isinstance(kept[0], Text):
        kept[0] = Text(kept[0].text.lstrip())
    if kept and isinstance(kept[-1], Text):
        kept[-1] = Text(kept[-1].text.rstrip())
    while kept and isinstance(kept[-1], Start) and kept[-1].name == "br":
        kept.pop()
    return [token for token in kept if not (isinstance(token, Text) and not token.text)]


def _paired(tokens: list[Token], items: Sequence[Item], complaints: Complaints) -> list[Token]:
    stack: list[tuple[int, int]] = []
    dropped: set[int] = set()
    crossing: set[int] = set()
    element = -1
    for index, token in enumerate(tokens):
        if isinstance(token, Start) and not token.is_void:
            stack.append((element, index))
        elif isinstance(token, End):
            while stack and stack[-1][0] != element:
                number, opened = stack.pop()
                dropped.add(opened)
                crossing.add(number)
            if stack:
                stack.pop()
        elif isinstance(token, Mark) and token.kind == "open":
            stack.append((token.number, index))
        elif isinstance(token, Mark) and token.kind == "close":
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


def _tell(crossing: set[int], items: Sequence[Item], complaints: Complaints) -> None:
    told = {(problem.line, problem.code) for problem in complaints.problems}
    for number in sorted(crossing):
        item = items[number]
        if isinstance(item, Directive):
            # The reading of the blocks has said it already where it saw the crossing or the missing end.
            if not {(item.place[0], "CL208"), (item.place[0], "CL206")} & told and not _was_told(item, complaints):
                hint = "Begin and end it inside the same paragraph, list, cell or emphasis."
                complaints.error(
                    "CL208", f"“{item.name}” begins in one piece of the text and ends in another", item.place, hint
                )
        elif isinstance(item, Link):
            hint = "Put the emphasis around the whole link, or around words inside its brackets."
            complaints.error("CL208", "this link begins inside an emphasis that ends within it", item.place, hint)
        elif isinstance(item, Note):
            complaints.error(
                "CL208", "this footnote stands where none can stand", item.place, "Move it to the end of the text."
            )


def _was_told(item: Directive, complaints: Complaints) -> bool:
    named = f"“{item.name}” of line {item.place[0]} "
    return any(problem.code == "CL208" and problem.message.startswith(named) for problem in complaints.problems)
