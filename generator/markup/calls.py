"""Directives and code in the place of their marks."""

from collections.abc import Mapping, Sequence

from generator.markup.code import code_html
from generator.markup.complaints import Complaints
from generator.markup.items import Character, Code, Directive, Item, holds
from generator.markup.tokens import Begin, Finish, Mark, Markup, Text, Token
from generator.model.body import Call
from generator.model.directive import Declaration

MADE_BY_MARKDOWN = ("callout", "footnote-back", "footnotes", "quotation", "table", "timeline-date")
"""The calls that signs of Markdown make. Themes draw them as they draw directives; no author writes them by name."""


REPEATING = "pull-quote"
"""The directive that says again what the text says."""


def with_calls(
    tokens: list[Token], items: Sequence[Item], declarations: Mapping[str, Declaration], complaints: Complaints
) -> list[Token]:
    """The tokens with directives as calls, code as HTML and kept characters as text.

    What stands in the brackets of a directive of one line is inside it; where it could enclose paragraphs instead, its
    text is that of its brackets only when it does. One without text of its own has what plain text says in its place.
    """
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
                inside = item.form == "leaf" and declarations[item.name].text == "blocks"
                text = "" if inside else item.text or item.plain
                call = Call(item.name, item.attributes, (), text, line, column)
                title = item.text if item.form == "block" else ""
                kept.append(Begin(call, title, item.files, aside=item.name == REPEATING))
                if item.plain:
                    kept.append(Markup("", item.plain))
            if token.kind != "open":
                kept.append(Finish())
        elif type(item) is Code:
            kept.append(Markup(code_html(item, complaints), item.text, item.block))
        elif type(item) is Character:
            kept.append(Text(item.text, exact=True))
        else:
            kept.append(token)
    return kept
