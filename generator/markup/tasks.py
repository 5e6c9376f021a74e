"""Task lists: `[ ]` and `[x]` at the start of an item become boxes with their line as label."""

import re

from generator.markup.items import Item, is_block
from generator.markup.tokens import BLOCKS, End, Mark, Markup, Start, Text, Token, depth_change

_BOX = re.compile(r"\s*\[([ xX])\]\s+(?=\S)|\s*\[([ xX])\]\s+\Z")


def with_tasks(tokens: list[Token], items: list[Item]) -> list[Token]:
    """The tokens, with a disabled checkbox in a `<label>` for each task; its item has the class `task`."""
    if not [token for token in tokens if type(token) is Text and "[" in token.text]:
        return tokens
    kept: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if type(token) is Start and token.name == "li":
            at = index + 1
            while at < len(tokens) and _is_lead(tokens[at]):
                at += 1
            text = tokens[at] if at < len(tokens) else None
            box = _BOX.match(text.text) if type(text) is Text else None
            if box is not None and type(text) is Text:
                own = token.attributes.get("class")
                kept.append(Start("li", {**token.attributes, "class": f"{own} task" if own else "task"}))
                kept += [lead for lead in tokens[index + 1 : at] if type(lead) is Start]
                checked = " checked" if (box[1] or box[2]) != " " else ""
                kept.append(Markup(f'<label><input type="checkbox" disabled{checked}> '))
                end = _label_end(tokens, at + 1, items)
                kept.append(Text(text.text[box.end() :]))
                kept += tokens[at + 1 : end]
                if type(kept[-1]) is Text:
                    kept[-1] = Text(kept[-1].text.rstrip())
                kept.append(Markup("</label>"))
                index = end
                continue
        kept.append(token)
        index += 1
    return kept


def _is_lead(token: Token) -> bool:
    return (type(token) is Start and token.name == "p") or (type(token) is Text and token.text.isspace())


def _label_end(tokens: list[Token], start: int, items: list[Item]) -> int:
    """Where the line of a task ends: before the first block, and before what holds it."""
    depth = 0
    outermost = start
    for index in range(start, len(tokens)):
        token = tokens[index]
        is_edge = (type(token) is Start or type(token) is End) and token.name in BLOCKS
        if is_edge or (type(token) is Mark and is_block(items[token.number])):
            return outermost if depth else index
        if not depth:
            outermost = index
        depth += depth_change(token)
    return outermost if depth else len(tokens)
