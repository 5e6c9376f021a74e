"""Typographic quotation marks, dashes and ellipses in running text, by the language it is in."""

from msgspec.structs import replace

from generator.markup.tokens import BLOCKS, LINE_END, VOID, Begin, End, Finish, Hole, Markup, Start, Text, Token
from generator.text.quotes import curl

_BREAKS = BLOCKS | {"br"}
_EXACT = frozenset({"code", "kbd", "samp", "pre", "script", "style", "textarea", "tt", "math", "svg", "var"})


def typographic(tokens: list[Token], language: str) -> list[Token]:
    """The tokens with their texts as a typesetter would set them; code, exact text and attributes stay."""
    kept = list(tokens)
    before = ""
    exact = 0
    outer: list[str] = []
    for index, token in enumerate(tokens):
        if token is LINE_END:
            before = "\n"
        elif type(token) is Text:
            text = token.text
            # The signs are those of `is_curlable`: a call for each text takes longer than the look.
            curlable = "'" in text or '"' in text or "..." in text or "--" in text
            if curlable and not exact and not token.exact:
                text = curl(text, before, language)
                kept[index] = Text(text)
            before = text or before
        elif type(token) is Start:
            if token.name in _BREAKS:
                before = ""
            if token.name not in VOID:
                exact += token.name in _EXACT
                outer.append(language)
                if token.attributes:
                    language = token.attributes.get("lang") or language
        elif type(token) is End:
            if token.name in BLOCKS:
                before = ""
            exact -= token.name in _EXACT
            # An engine can close more than it opened where raw HTML is no HTML.
            language = outer.pop() if outer else language
        elif type(token) is Begin:
            kept[index] = _typographic_call(token, language)
            if token.call.name in ("quotation", "callout"):
                before = ""
            outer.append(language)
            language = str(token.call.attributes.get("language") or language)
        elif type(token) is Finish:
            language = outer.pop() if outer else language
        elif type(token) is Markup:
            before = token.plain or before
        elif type(token) is Hole and token.slot.role == "picture":
            before = "x"
    return kept


def _typographic_call(token: Begin, language: str) -> Begin:
    """A call of which title, attribution and caption, which readers see, are set like the text around it."""
    call = token.call
    if "caption" in call.attributes:
        caption = curl(str(call.attributes["caption"]), "", language)
        token = replace(token, call=(call := replace(call, attributes={**call.attributes, "caption": caption})))
    if call.name in ("quotation", "callout"):
        own = "attribution" if call.name == "quotation" else "title"
        curled = {**call.attributes, own: curl(str(call.attributes.get(own, "")), "", language)}
        return replace(token, call=replace(call, attributes=curled), plain=curl(token.plain, "", language))
    if not token.plain:
        return token
    title = curl(token.plain, "", language)
    return replace(token, call=replace(call, text=title), plain=title)
