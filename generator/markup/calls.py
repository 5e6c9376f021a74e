"""Directives and code in the place of their marks."""

from collections.abc import Sequence

from generator.markup.code import code_html
from generator.markup.complaints import Complaints
from generator.markup.items import Character, Code, Directive, Item, holds
from generator.markup.tokens import Begin, Finish, Mark, Markup, Text, Token
from generator.model.body import Call

MADE_BY_MARKDOWN = ("callout", "footnote-back", "footnotes", "quotation", "table", "timeline-date")
"""The calls that signs of Markdown make. Themes draw them as they draw directives; no author writes them by name."""


REPEATING = "pull-quote"
"""The directive that says again what the text says."""


def with_calls(tokens: list[Token], items: Sequence[Item], complaints: Complaints) -> list[Token]:
    """The tokens with directives as calls, code as HTML and kept characters as text."""
    if not holds(items, Directive, Code, Character):
        return tokens
    kept: list[Token] = []
    for token in tokens:
        if type(token) is not Mark:
            kept.append(token)
            continue
        item = items[token.number]
        if type(item) is Directive:
            if token.kind != "close":
                line, column = item.place
                call = Call(item.name, item.attributes, text=item.text, line=line, column=column)
                title = item.text if item.form == "block" else ""
                kept.append(Begin(call, title, aside=item.name == REPEATING))
            if token.kind != "open":
                kept.append(Finish())
        elif type(item) is Code:
            kept.append(Markup(code_html(item, complaints), item.text, item.block))
        elif type(item) is Character:
            kept.append(Text(item.text, exact=True))
        else:
            kept.append(token)
    return kept
