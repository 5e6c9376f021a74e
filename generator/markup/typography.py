"""Typographic quotation marks, dashes and ellipses in running text, by the language it is in."""

from msgspec.structs import replace

from generator.markup.tokens import BLOCKS, Begin, End, Finish, Hole, Markup, Start, Text, Token
from generator.text.quotes import curl

_EXACT = frozenset({"code", "kbd", "samp", "pre", "script", "style", "textarea", "tt", "math", "svg", "var"})


def typographic(tokens: list[Token], language: str) -> list[Token]:
    """The tokens with their texts as a typesetter would set them; code, exact text and attributes stay."""
    kept: list[Token] = []
    before = ""
    exact = 0
    languages = [language]
    for token in tokens:
        if isinstance(token, Text):
            text = token.text
            if not exact and not token.exact:
                text = curl(text, before, languages[-1])
            kept.append(token if text is token.text else Text(text))
            before = text[-1:] or before
            continue
        kept.append(_typographic_call(token, languages[-1]) if isinstance(token, Begin) else token)
        if isinstance(token, Start):
            if token.name in BLOCKS or token.name == "br":
                before = ""
            if not token.is_void:
                exact += token.name in _EXACT
                languages.append(token.attributes.get("lang") or languages[-1])
        elif isinstance(token, End):
            if token.name in BLOCKS:
                before = ""
            exact -= token.name in _EXACT
            languages.pop()
        elif isinstance(token, Begin):
            if token.call.name in ("quotation", "callout"):
                before = ""
            languages.append(str(token.call.attributes.get("language") or languages[-1]))
        elif isinstance(token, Finish):
            languages.pop()
        elif isinstance(token, Markup):
            before = token.plain[-1:] or before
        elif isinstance(token, Hole) and token.slot.role == "picture":
            before = "x"
    return kept


def _typographic_call(token: Begin, language: str) -> Begin:
    """A call of which title and attribution, which readers see, are set like the text around it."""
    call = token.call
    if call.name in ("quotation", "callout"):
        own = "attribution" if call.name == "quotation" else "title"
        curled = {**call.attributes, own: curl(str(call.attributes.get(own, "")), "", language)}
        return replace(token, call=replace(call, attributes=curled), plain=curl(token.plain, "", language))
    if not token.plain:
        return token
    title = curl(token.plain, "", language)
    return replace(token, call=replace(call, text=title), plain=title)
