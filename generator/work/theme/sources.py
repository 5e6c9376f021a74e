"""What can be seen in the files of a theme without drawing a page: words, styles, scripts, requests to elsewhere.

A template is looked at as HTML with its Jinja taken out in place, so that every finding has its line and column.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from generator.markup.policy import REQUESTING
from generator.model.problem import Problem, Severity
from generator.source.places import place_at

EXPRESSION = "\ue000"
"""Stands for each character of an expression of Jinja: what it will be is not known."""
_OPENS = re.compile(r"\{%-?\s*raw\s*-?%\}|\{[#%{]")
_RAW_ENDS = re.compile(r"\{%-?\s*endraw\s*-?%\}")
_CODE_ENDS = {
    "{%": re.compile(r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|%(?!\})|[^%"'])*%\}""", re.DOTALL),
    "{{": re.compile(r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\}(?!\})|[^}"'])*\}\}""", re.DOTALL),
    "{#": re.compile(r".*?#\}", re.DOTALL),
}
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<![^<>]*>|<\?.*?(?:\?>|\Z)"
    r"""|<(?P<close>/?)(?P<name>[a-zA-Z\ue000][\w:\ue000-]*)(?P<rest>(?:"[^"]*"|'[^']*'|[^'"<>])*+)>""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"""(?P<name>[^\s"'<>/=]+)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'>]+)))?"""
)
_LONGEST_SHOWN = 60
_WORD = re.compile(r"[^\W\d_]{2,}")
_ENTITY = re.compile(r"&#?\w+;")
_ELSEWHERE = re.compile(r"\s*(?:https?:|wss?:|ftp:)?//[^/\s\ue000]", re.IGNORECASE)
_READ_ALOUD = frozenset(
    {"alt", "title", "placeholder", "aria-label", "aria-description", "aria-roledescription", "label"}
)
_NOT_READ = frozenset({"script", "style", "code", "pre", "kbd", "samp", "var", "template", "svg", "math"})
# Relations of <link> for which a browser asks at once, or makes ready to ask (HTML, "link types").
_ASKED = frozenset(
    {
        *("stylesheet", "icon", "apple-touch-icon", "mask-icon", "manifest", "preload", "prefetch", "preconnect"),
        *("dns-prefetch", "modulepreload", "prerender", "pingback"),
    }
)
_DATA_SCRIPT = frozenset({"application/ld+json", "application/json", "importmap", "speculationrules"})
_JS_COMMENT = re.compile(r"""/\*.*?(?:\*/|\Z)|(?<![:"'`\\])//[^\n]*""", re.DOTALL)
_JS_ADDRESS = re.compile(r"""["'`](?P<url>(?:https?:|wss?:)?//[^/"'`\s][^"'`\s]*)["'`]""", re.IGNORECASE)
_NAMESPACES = ("http://www.w3.org/",)
_PHYSICAL = re.compile(
    r"(?<![\w-])(?P<property>(?:margin|padding)-(?:left|right)|border-(?:left|right)(?:-\w+)?"
    r"|border-(?:top|bottom)-(?:left|right)-radius|(?:left|right)(?=\s*:)"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right))(?=\s*[:;}\s])",
    re.IGNORECASE,
)
_STYLE_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)


class Finding(Struct, frozen=True):
    """What is wrong at a character of a file."""

    at: int
    severity: Severity
    code: str
    message: str
    hint: str


def problems_in(path: str, text: str) -> Iterator[Problem]:
    """All that is wrong in a file of a theme, by its name: templates, stylesheets, scripts."""
    name = path.removesuffix(".jinja")
    found: Iterator[Finding] = iter(())
    if name.endswith(".html"):
        found = _in_template(text)
    elif name.endswith(".css"):
        found = _in_style(text)
    elif name.endswith((".js", ".mjs")):
        found = _in_script(text)
    for each in found:
        yield Problem(each.severity, each.code, each.message, path, *place_at(text, each.at), each.hint)


def without_jinja(text: str) -> str:
    """A template of the same length: spaces for statements and comments, a sign of its own for expressions.

    What is never closed, which Jinja refuses, stays as it is.
    """
    made: list[str] = []
    end = 0
    for _ in range(len(text)):
        opens = _OPENS.search(text, end)
        if opens is None:
            break
        made.append(text[end : opens.start()])
        raw = opens[0] not in _CODE_ENDS
        closes = (_RAW_ENDS.search if raw else _CODE_ENDS[opens[0]].match)(text, opens.end())
        if closes is None:
            end = opens.start()
            break
        if raw:
            made += [_blank(opens[0], " "), text[opens.end() : closes.start()], _blank(closes[0], " ")]
        else:
            made.append(_blank(text[opens.start() : closes.end()], EXPRESSION if opens[0] == "{{" else " "))
        end = closes.end()
    return "".join((*made, text[end:]))


def _blank(text: str, sign: str) -> str:
    return re.sub(r"[^\n]", sign, text)


def _in_template(text: str) -> Iterator[Finding]:
    bare = without_jinja(text)
    end = 0
    quiet: list[str] = []
    for token in _TOKEN.finditer(bare):
        if not quiet:
            yield from _words(bare, end, token.start())
        end = token.end()
        name = (token["name"] or "").lower()
        if not name:
            continue
        if token["close"]:
            if name in quiet:
                del quiet[quiet.index(name) :]
            continue
        attributes = list(_ATTRIBUTE.finditer(bare, *token.span("rest")))
        yield from _element(bare, name, token.start(), attributes)
        untranslated = any(each["name"].lower() == "translate" and _value(each) == "no" for each in attributes)
        if (name in _NOT_READ or untranslated) and not token["rest"].rstrip().endswith("/"):
            quiet.append(name)
    if not quiet:
        yield from _words(bare, end, len(bare))


def _value(attribute: re.Match[str]) -> str:
    return attribute["double"] or attribute["single"] or attribute["bare"] or ""


def _span(attribute: re.Match[str]) -> tuple[int, int]:
    """Where the value of an attribute stands, without its quotation marks."""
    group = next((each for each in ("double", "single", "bare") if attribute[each] is not None), None)
    return attribute.span(group) if group else (attribute.end(), attribute.end())


def _words(bare: str, start: int, end: int) -> Iterator[Finding]:
    """Words that stand in a template itself: they would be the same in every language."""
    piece = _ENTITY.sub(lambda match: " " * len(match[0]), bare[start:end])
    word = _WORD.search(piece)
    if word is None:
        return
    # From the last expression before the word to the next one behind it.
    first = piece.rfind(EXPRESSION, 0, word.start()) + 1
    first += len(piece[first:]) - len(piece[first:].lstrip())
    words = " ".join(piece[first:].split(EXPRESSION)[0].split())
    shown = words if len(words) <= _LONGEST_SHOWN else f"{words[: _LONGEST_SHOWN - 1]}…"
    hint = 'Write it into locales/en.toml, and {{ t("key") }} here; translate="no" is for names.'
    yield Finding(start + first, "warning", "CL325", f"“{shown}” would be the same in every language", hint)


def _element(bare: str, name: str, at: int, attributes: list[re.Match[str]]) -> Iterator[Finding]:
    given = {each["name"].lower(): _value(each) for each in attributes}
    if name == "style":
        yield _inline(at, "a style inside a page", "Write it into a file of static/.")
    if name == "script" and "src" not in given and given.get("type", "").lower() not in _DATA_SCRIPT:
        yield _inline(at, "a script inside a page", "Write it into a file of static/, and name that with asset().")
    for attribute in attributes:
        key, value = attribute["name"].lower(), _value(attribute)
        if key == "style":
            yield _inline(attribute.start(), "a style attribute", "Give the element a class.")
        elif re.fullmatch(r"on[a-z]+", key):
            yield _inline(attribute.start(), f"the handler {key}", "Add it in a script of static/.")
        elif value.lower().lstrip().startswith("javascript:"):
            yield _inline(attribute.start(), "a script in an address", "Write a button, and a script of static/.")
        elif key in _READ_ALOUD and not (name == "link" and key == "title"):
            yield from _words(bare, *_span(attribute))
        if _asks(name, key, given) and any(_ELSEWHERE.match(each) for each in _addresses(key, value)):
            message = f"each reader's browser would ask another site for “{value.strip(EXPRESSION)[:_LONGEST_SHOWN]}”"
            hint = "Put the file into static/, and name it with asset()."
            yield Finding(attribute.start(), "error", "CL324", message, hint)


def _inline(at: int, what: str, hint: str) -> Finding:
    return Finding(at, "error", "CL323", f"{what} is refused by the policy of a site", hint)


def _asks(name: str, key: str, given: dict[str, str]) -> bool:
    """Whether a browser asks for the address in an attribute unseen: while it shows the page, or to tell of a click."""
    if key == "href" and name == "link":
        return bool(_ASKED & set(given.get("rel", "").lower().split()))
    if key in ("href", "xlink:href"):
        return name in ("use", "image", "feimage")
    return key == "ping" or key in REQUESTING


def _addresses(key: str, value: str) -> list[str]:
    if key in ("srcset", "imagesrcset"):
        return [piece.strip() for piece in value.split(",")]
    return [value]


def _in_style(text: str) -> Iterator[Finding]:
    """Sides by their names where the direction of the text should choose them."""
    bare = _blanked(_STYLE_COMMENT, without_jinja(text))
    for match in _PHYSICAL.finditer(bare):
        written = match["property"]
        message = f"“{written}” is the same side in scripts that are written from right to left"
        hint = "Write the logical one: margin-inline-start, inset-inline-end, text-align: start …"
        yield Finding(match.start(), "note", "CL326", message, hint)


def _in_script(text: str) -> Iterator[Finding]:
    bare = _blanked(_JS_COMMENT, without_jinja(text))
    for match in _JS_ADDRESS.finditer(bare):
        if match["url"].startswith(_NAMESPACES):
            continue
        message = f"this script names another site: “{match['url'][:_LONGEST_SHOWN]}”"
        hint = "A script of a theme asks nobody but the site itself."
        yield Finding(match.start("url"), "error", "CL324", message, hint)


def _blanked(what: re.Pattern[str], text: str) -> str:
    return what.sub(lambda match: _blank(match[0], " "), text)
