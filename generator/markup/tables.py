"""Tables: header cells say what they head."""

from generator.markup.tokens import End, Start, Token


def with_header_scope(tokens: list[Token]) -> list[Token]:
    """The tokens, where each cell of a table's head heads its column (WCAG 2.2, technique H63)."""
    kept: list[Token] = []
    head = False
    for token in tokens:
        if isinstance(token, Start | End) and token.name == "thead":
            head = isinstance(token, Start)
        if head and isinstance(token, Start) and token.name == "th" and "scope" not in token.attributes:
            kept.append(Start("th", {"scope": "col", **token.attributes}))
        else:
            kept.append(token)
    return kept
